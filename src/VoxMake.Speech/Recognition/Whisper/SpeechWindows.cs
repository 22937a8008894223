using VoxMake.Audio.Timed;

namespace VoxMake.Speech.Recognition.Whisper;

/// <summary>Stretches of a recording that are listened to: spans of speech, those near each other together.</summary>
internal static class SpeechWindows
{
    /// <summary>A span too long for a window is cut in the last third of it, where it is quietest.</summary>
    private const double CutWithin = 1 / 3.0;

    private const int Quiet = Sound16k.Rate / 20; // 50 ms, over which loudness is taken

    /// <summary>Packs spans into windows; each sample of speech lies in exactly one.</summary>
    /// <param name="longest">Samples of a window at most; null: no limit.</param>
    /// <param name="mergeGap">Spans with at most so many samples between them share a window.</param>
    /// <param name="padding">Samples added on both sides, as far as the neighbours and <paramref name="longest"/> leave room.</param>
    public static List<SpeechSpan> Pack(ReadOnlySpan<float> sound, IReadOnlyList<SpeechSpan> speech, int? longest, int mergeGap, int padding)
    {
        var spans = new List<SpeechSpan>();
        foreach (var span in speech.OrderBy(span => span.Start))
        {
            var (start, end) = (Math.Max(span.Start, spans.Count > 0 ? spans[^1].End : 0), Math.Min(span.End, sound.Length));
            while (longest is { } most && end - start > most)
            {
                var cut = Quietest(sound, start + most - (int)(most * CutWithin), start + most);
                spans.Add(new(start, cut));
                start = cut;
            }
            if (end > start) spans.Add(new(start, end));
        }
        var windows = new List<SpeechSpan>();
        foreach (var span in spans)
        {
            if (windows.Count > 0 && span.Start - windows[^1].End <= mergeGap && (longest is null || span.End - windows[^1].Start <= longest)) windows[^1] = new(windows[^1].Start, span.End);
            else windows.Add(span);
        }
        var padded = new List<SpeechSpan>(windows.Count);
        foreach (var (number, window) in windows.Index())
        {
            var room = longest is { } most ? (most - window.Length) / 2 : int.MaxValue;
            var before = number == 0 ? window.Start : (window.Start - windows[number - 1].End) / 2;
            var after = number == windows.Count - 1 ? sound.Length - window.End : (windows[number + 1].Start - window.End) / 2;
            padded.Add(new(window.Start - Math.Min(padding, Math.Min(room, before)), window.End + Math.Min(padding, Math.Min(room, after))));
        }
        return padded;
    }

    /// <summary>The middle of the quietest 50 ms.</summary>
    private static int Quietest(ReadOnlySpan<float> sound, int from, int to)
    {
        var (best, least) = (to, double.PositiveInfinity);
        for (var at = from; at + Quiet <= to; at += Quiet / 2)
        {
            var power = 0.0;
            foreach (var sample in sound.Slice(at, Quiet)) power += sample * sample;
            if (power < least) (best, least) = (at + Quiet / 2, power);
        }
        return best;
    }
}
