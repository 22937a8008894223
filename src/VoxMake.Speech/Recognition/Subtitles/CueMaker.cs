using System.Globalization;
using VoxMake.Speech.Recognition.Guards;

namespace VoxMake.Speech.Recognition.Subtitles;

/// <summary>Cuts segments into cues that can be read: by words, where their times are known, and else by letters, as if all took the same time.</summary>
public static class CueMaker
{
    /// <summary>The cues of all segments, in order, none over another; a segment without text has none.</summary>
    public static IReadOnlyList<SubtitleCue> Cues(IEnumerable<TranscriptSegment> segments, CueOptions? options = null)
    {
        var (cues, chosen) = (new List<SubtitleCue>(), options ?? new CueOptions());
        foreach (var segment in segments)
        {
            var text = Spaced(segment.Text);
            var open = new List<Unit>();
            foreach (var unit in Timed(segment, text) ?? Spread(segment, text, chosen))
            {
                if (open.Count > 0 && (Wrap(text, [.. open, unit], chosen).Count > chosen.Lines || unit.End - open[0].Start > chosen.Seconds
                    || unit.Start - open[^1].End > chosen.Pause)) Close(text, open);
                open.Add(unit);
            }
            Close(text, open);
        }
        return cues;

        void Close(string text, List<Unit> open)
        {
            if (open.Count == 0) return;
            var start = Math.Max((long)Math.Round(open[0].Start * 1000), cues.Count > 0 ? cues[^1].End : 0);
            var end = Math.Max((long)Math.Round(open[^1].End * 1000), start + 1);
            cues.Add(new SubtitleCue(start, end, string.Join('\n', Wrap(text, open, chosen))));
            open.Clear();
        }
    }

    /// <summary>What is not broken: from where to where in the text, and when.</summary>
    private readonly record struct Unit(int From, int To, double Start, double End);

    /// <summary>The words of a segment as they stand in its text; null where they are not known, or are not those of the text.</summary>
    private static List<Unit>? Timed(TranscriptSegment segment, string text)
    {
        if (segment.Words.Count == 0) return null;
        var (units, at) = (new List<Unit>(), 0);
        foreach (var word in segment.Words)
        {
            var letters = Spaced(word.Text);
            if (letters.Length == 0) continue;
            var found = text.IndexOf(letters, at, StringComparison.Ordinal);
            if (found < 0 || text[at..found].Any(letter => letter != ' ')) return null;
            at = found + letters.Length;
            units.Add(new Unit(found, at, word.Start, word.End));
        }
        return text[at..].Trim().Length == 0 ? units : null;
    }

    private static List<Unit> Spread(TranscriptSegment segment, string text, CueOptions options)
    {
        var units = new List<Unit>();
        double At(int place) => segment.Start + (segment.End - segment.Start) * place / text.Length;
        void Add(int from, int to) => units.Add(new Unit(from, to, At(from), At(to)));
        for (var from = 0; from < text.Length;)
        {
            if (text[from] == ' ')
            {
                from++;
                continue;
            }
            var to = text.IndexOf(' ', from) is >= 0 and var space ? space : text.Length;
            if (Width(text.AsSpan(from, to - from)) <= options.LineLength) Add(from, to);
            else foreach (var (first, length) in Signs(text, from, to)) Add(first, first + length);
            from = to;
        }
        return units;
    }

    /// <summary>Letters with the marks that sit on them.</summary>
    private static IEnumerable<(int From, int Length)> Signs(string text, int from, int to)
    {
        for (var at = from; at < to;)
        {
            var length = char.IsSurrogatePair(text, at) ? 2 : 1;
            while (at + length < to && IsMark(text[at + length])) length++;
            yield return (at, length);
            at += length;
        }
    }

    private static bool IsMark(char letter) => CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Units in lines of the text, each as full as can be.</summary>
    private static List<string> Wrap(string text, List<Unit> units, CueOptions options)
    {
        var (lines, from) = (new List<string>(), units[0].From);
        for (var i = 1; i < units.Count; i++)
        {
            if (Width(text.AsSpan(from, units[i].To - from)) <= options.LineLength) continue;
            lines.Add(text[from..units[i - 1].To]);
            from = units[i].From;
        }
        lines.Add(text[from..units[^1].To]);
        return lines;
    }

    private static int Width(ReadOnlySpan<char> text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes()) width += Script.WritesNoSpaces(rune) ? 2 : 1;
        return width;
    }

    private static string Spaced(string text) =>
        string.Join(' ', string.Concat(text.Select(letter => char.IsControl(letter) || char.IsWhiteSpace(letter) ? ' ' : letter)).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
