using VoxMake.Audio;
using VoxMake.Audio.Timed;

namespace VoxMake.Speech.Activity;

/// <summary>
/// Hears recordings from their files, one after the other, on one thread. Of a recording nothing is kept but its probabilities: two hours take as little memory as two seconds.
/// </summary>
public sealed class ActivityListener(Silero network, SpeechRules rules) : IDisposable
{
    /// <summary>Longest recording, in seconds: a day, as Extract takes it.</summary>
    public const double MaxSeconds = 86_400;

    private const int BlockSamples = 1 << 14;
    private readonly SileroStream _stream = new(network);
    private readonly float[] _block = new float[BlockSamples];
    private readonly float[] _mono = new float[BlockSamples];

    /// <summary>Reads a file to its end.</summary>
    /// <exception cref="AudioFormatException">It is too long, holds no samples, holds NaN or infinity, or cannot be decoded.</exception>
    public RecordingActivity Hear(string path)
    {
        using var reader = AudioFile.Open(path);
        var (rate, frames) = (reader.Format.SampleRate, 0L);
        using var resampler = rate == Sound16k.Rate ? null : new ResampleStream(rate, Sound16k.Rate);
        _stream.Reset();
        for (ReadOnlySpan<float> mono; !(mono = Next(reader, frames)).IsEmpty;)
        {
            frames += mono.Length;
            if (frames > MaxSeconds * rate) throw new AudioFormatException(Reject.TooLong, $"the recording lasts more than {MaxSeconds:0} s");
            _stream.Add(resampler is null ? mono : resampler.Add(mono));
        }
        if (frames == 0) throw new AudioFormatException(Reject.NoSamples, "the file has a header, but no samples");
        if (resampler is not null) _stream.Add(resampler.Finish());
        var (probabilities, samples) = (_stream.Finish(), (int)_stream.Samples);
        var rounded = new float[probabilities.Count];
        for (var i = 0; i < rounded.Length; i++) rounded[i] = (float)Math.Round((double)probabilities[i], 3);
        return new RecordingActivity(new SpeechSpans(Sound16k.Rate, samples, rules.Speech(probabilities, samples), Silero.Window, rounded), rate, frames);
    }

    /// <summary>The next samples, channels averaged; empty at the end.</summary>
    private ReadOnlySpan<float> Next(AudioReader reader, long before)
    {
        var channels = reader.Format.Channels;
        var room = _block.AsSpan(0, BlockSamples / channels * channels);
        var read = reader.Read(room);
        var block = room[..(read * channels)];
        if (AudioFormat.IsFloat(reader.Format.Stored)) Level.RefuseNotFinite(block, before * channels);
        if (channels == 1) return block;
        MonoClip.Average(block, channels, _mono);
        return _mono.AsSpan(0, read);
    }

    public void Dispose() => _stream.Dispose();
}
