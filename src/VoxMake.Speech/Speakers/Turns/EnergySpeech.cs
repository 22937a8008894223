using VoxMake.Audio;
using VoxMake.Audio.Timed;

namespace VoxMake.Speech.Speakers.Turns;

/// <summary>
/// Where somebody seems to speak, told from the level alone: a heuristic, with no paper behind it, for recordings that no detector of speech has seen. Frames of 40 ms every 10 ms are speech where
/// they are louder than the quiet tenth of the recording by <see cref="AboveQuietDb"/>, and not further below its loud twentieth than <see cref="BelowLoudDb"/>. Music and noise are speech to it.
/// </summary>
public static class EnergySpeech
{
    private const double AboveQuietDb = 10, BelowLoudDb = 35, HighestFloorDb = 20;
    private const int Hop = Sound16k.Rate / 100;
    private const int ShortestPause = 20, ShortestSpeech = 10, Edge = 5; // frames

    /// <summary>Spans of speech; none in silence.</summary>
    /// <param name="sound">One channel, 16,000 Hz.</param>
    public static IReadOnlyList<SpeechSpan> Spans(ReadOnlySpan<float> sound)
    {
        var frames = new FrameEnergies(Hop, 4);
        frames.Add(sound);
        var levels = new double[frames.Count];
        for (var frame = 0; frame < levels.Length; frame++) levels[frame] = 10 * Math.Log10(Math.Max(1e-10, frames.MeanSquare(frame)));
        var sorted = levels.Order().ToArray();
        var (quiet, loud) = (sorted[sorted.Length / 10], sorted[sorted.Length - 1 - sorted.Length / 20]);
        if (loud <= -100) return [];
        // in a recording without pauses the quiet tenth is speech
        var threshold = Math.Max(loud - BelowLoudDb, Math.Min(quiet + AboveQuietDb, loud - HighestFloorDb));

        var spans = new List<SpeechSpan>();
        for (var frame = 0; frame < levels.Length; frame++)
        {
            if (levels[frame] < threshold) continue;
            var (start, end) = (Math.Max(0, (frame - Edge) * Hop), Math.Min(sound.Length, (frame + 1 + Edge) * Hop));
            if (spans.Count > 0 && start - spans[^1].End < (ShortestPause - 2 * Edge) * Hop) spans[^1] = spans[^1] with { End = end };
            else spans.Add(new SpeechSpan(start, end));
        }
        return [.. spans.Where(span => span.Length >= (ShortestSpeech + 2 * Edge) * Hop)];
    }
}
