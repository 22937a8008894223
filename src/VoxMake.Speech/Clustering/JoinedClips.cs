using VoxMake.Audio;

namespace VoxMake.Speech.Clustering;

/// <summary>Clips joined with pauses to one that people listen to.</summary>
public sealed class JoinedClips
{
    private const double PauseSeconds = 0.5, FadeSeconds = 0.01, LongestClip = 3600;
    private readonly List<(float[] Samples, int Rate)> _clips = [];
    private readonly double _seconds;

    /// <param name="seconds">About how long it becomes, pauses not counted.</param>
    public JoinedClips(double seconds) => _seconds = seconds;

    /// <summary>Whether it is long enough.</summary>
    public bool Full => _clips.Sum(clip => (double)clip.Samples.Length / clip.Rate) >= _seconds;

    /// <summary>Reads a clip to its end, as one channel. The last one is cut where the length is reached.</summary>
    /// <exception cref="AudioFormatException">It cannot be decoded.</exception>
    public void Add(string path)
    {
        using var reader = AudioFile.Open(path);
        var clip = new MonoClip();
        clip.Load(reader, LongestClip);
        var rate = reader.Format.SampleRate;
        var room = (int)Math.Ceiling((_seconds - _clips.Sum(one => (double)one.Samples.Length / one.Rate)) * rate);
        if (room <= 0) return;
        var samples = clip.Samples[..Math.Min(room, clip.Length)].ToArray();
        var fade = Math.Min((int)(FadeSeconds * rate), samples.Length);
        if (samples.Length < clip.Length)
            for (var i = 0; i < fade; i++) samples[samples.Length - 1 - i] *= (float)i / fade;
        _clips.Add((samples, rate));
    }

    /// <summary>All as 16-bit WAV, at the rate that most of them have (of equals the higher); null where there are none.</summary>
    public byte[]? Wav()
    {
        if (_clips.Count == 0) return null;
        var rate = _clips.CountBy(clip => clip.Rate).OrderByDescending(pair => pair.Value).ThenByDescending(pair => pair.Key).First().Key;
        var pause = new float[(int)(PauseSeconds * rate)];
        var sound = new List<float>();
        foreach (var (samples, own) in _clips)
        {
            if (sound.Count > 0) sound.AddRange(pause);
            if (own == rate) sound.AddRange(samples);
            else
            {
                var resampled = new float[Resampler.OutputLength(samples.Length, own, rate)];
                Resampler.Resample(samples, own, rate, resampled);
                sound.AddRange(resampled);
            }
        }
        return WavWriter.Mono16([.. sound], rate);
    }
}
