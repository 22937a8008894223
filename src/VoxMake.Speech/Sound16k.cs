using VoxMake.Audio;
using VoxMake.Audio.Timed;

namespace VoxMake.Speech;

/// <summary>A recording as every network here hears it: one channel, 16,000 Hz.</summary>
public static class Sound16k
{
    /// <summary>Samples a second.</summary>
    public const int Rate = SpeechSpans.Rate;

    /// <summary>Longest recording that is taken into memory, in seconds: four hours, 0.9 GB at 16 kHz.</summary>
    public const double MaxSeconds = 4 * 3600;

    /// <summary>A recording that is nowhere louder has no speech in it: -80 dB of full scale, three steps of 16 bits, below the noise of any microphone.</summary>
    public const float Silence = 1e-4f;

    /// <summary>Reads a file to its end, averages its channels and resamples it as <see cref="Resampler"/> does.</summary>
    /// <returns>Samples, full scale ±1.</returns>
    /// <exception cref="AudioFormatException">It is too long, holds no samples, holds NaN or infinity, or cannot be decoded.</exception>
    public static float[] Read(string path)
    {
        using var blocks = new SoundBlocks(path, MaxSeconds);
        var (sound, length) = (Array.Empty<float>(), 0);
        while (blocks.Next(out var block))
        {
            if (sound.Length < length + block.Length) Array.Resize(ref sound, (int)Math.Max(length + (long)block.Length, sound.Length == 0 ? blocks.Length ?? 0 : 2L * sound.Length));
            block.CopyTo(sound.AsSpan(length));
            length += block.Length;
        }
        if (sound.Length > length) Array.Resize(ref sound, length);
        return sound;
    }
}
