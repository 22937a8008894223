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

    private readonly SileroStream _stream = new(network);

    /// <summary>Reads a file to its end.</summary>
    /// <exception cref="AudioFormatException">It is too long, holds no samples, holds NaN or infinity, or cannot be decoded.</exception>
    public RecordingActivity Hear(string path)
    {
        using var sound = new SoundBlocks(path, MaxSeconds);
        _stream.Reset();
        while (sound.Next(out var block)) _stream.Add(block);
        var (probabilities, samples) = (_stream.Finish(), (int)_stream.Samples);
        var rounded = new float[probabilities.Count];
        for (var i = 0; i < rounded.Length; i++) rounded[i] = (float)Math.Round((double)probabilities[i], 3);
        return new RecordingActivity(new SpeechSpans(Sound16k.Rate, samples, rules.Speech(probabilities, samples), Silero.Window, rounded), sound.Rate, sound.Frames);
    }

    public void Dispose() => _stream.Dispose();
}
