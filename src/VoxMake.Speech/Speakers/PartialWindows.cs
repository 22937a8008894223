using VoxMake.Models.SpeakerEncoder;

namespace VoxMake.Speech.Speakers;

/// <summary>Where Resemblyzer's windows of 1.6 s lie in a clip (<c>compute_partial_slices</c>): some a second, and the last, which mostly reaches beyond the clip, only if enough of it is sound.</summary>
public static class PartialWindows
{
    /// <summary>Samples from one frame of mels to the next: 10 ms.</summary>
    public const int Hop = Sound16k.Rate / 100;

    /// <summary>Samples of a window.</summary>
    public const int Samples = SpeakerEncoderModel.WindowFrames * Hop;

    /// <summary>Windows a second that Resemblyzer takes unless told otherwise.</summary>
    public const double DefaultRate = 1.3;

    /// <summary>The first frame of each window; one at least. Frame f begins at sample f · <see cref="Hop"/>.</summary>
    /// <param name="samples">Of the clip, 16,000 Hz.</param>
    /// <param name="rate">Windows a second, above 0 to 100.</param>
    /// <param name="minCoverage">Share of the last window that must be sound, above 0 to 1; the first window is always taken.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static int[] FirstFrames(int samples, double rate = DefaultRate, double minCoverage = 0.75)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        if (rate is not (> 0 and <= 100)) throw new ArgumentOutOfRangeException(nameof(rate), rate, "must be above 0 and at most 100 windows a second");
        if (minCoverage is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(minCoverage), minCoverage, "must be above 0 and at most 1");
        var frames = samples / Hop + 1; // ceil((samples + 1) / Hop)
        var step = (int)Math.Round(Sound16k.Rate / rate / Hop);
        var count = (Math.Max(1, frames - SpeakerEncoderModel.WindowFrames + step + 1) + step - 1) / step;
        if (count > 1 && (samples - (count - 1L) * step * Hop) / (double)Samples < minCoverage) count--;
        return [.. Enumerable.Range(0, count).Select(window => window * step)];
    }
}
