using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace VoxMake.Speech.Recognition.Subtitles;

/// <summary>WebVTT files (W3C, "WebVTT: The Web Video Text Tracks Format", sections 4 and 6). <c>&amp;</c>, <c>&lt;</c> and <c>&gt;</c> are written as entities, and so no text can hold
/// <c>--&gt;</c>.</summary>
public static partial class WebVtt
{
    private const string Signature = "WEBVTT";

    /// <summary>Writes cues; lines end with <c>\n</c>. Text loses empty lines and control characters, which would end a cue.</summary>
    public static string Write(IEnumerable<SubtitleCue> cues)
    {
        var file = new StringBuilder(Signature + "\n\n");
        foreach (var cue in cues)
            file.Append(CultureInfo.InvariantCulture, $"{SubtitleTime.Write(cue.Start, '.')} {SubtitleTime.Arrow} {SubtitleTime.Write(cue.End, '.')}\n{Escaped(CueText.Plain(cue.Text))}\n\n");
        return file.ToString();
    }

    /// <summary>Reads cues: their names and settings, comments, styles and regions are passed over, tags in the text are dropped, entities read.</summary>
    /// <exception cref="SubtitleException">It does not begin with WEBVTT, or a block holds an arrow that is no line of times.</exception>
    public static IReadOnlyList<SubtitleCue> Read(string file)
    {
        var (cues, lines) = (new List<SubtitleCue>(), SubtitleLines.Of(file));
        if (lines[0] != Signature && !lines[0].StartsWith(Signature + " ", StringComparison.Ordinal) && !lines[0].StartsWith(Signature + "\t", StringComparison.Ordinal))
            throw new SubtitleException(1, $"expected WEBVTT, found '{CueText.Shown(lines[0])}'");
        var i = 1;
        while (i < lines.Length && lines[i].Length > 0 && !lines[i].Contains(SubtitleTime.Arrow, StringComparison.Ordinal)) i++; // the header goes up to an empty line
        while (i < lines.Length)
        {
            if (lines[i].Length == 0)
            {
                i++;
                continue;
            }
            var from = i;
            while (i < lines.Length && lines[i].Length > 0) i++;
            if (Cue(lines, from, i) is { } cue) cues.Add(cue);
        }
        return cues;
    }

    /// <summary>The cue of a block: its first or second line has the times. Null: a comment, a style, a region, or a name without a cue.</summary>
    private static SubtitleCue? Cue(string[] lines, int from, int to)
    {
        if (Other().IsMatch(lines[from]) && !lines[from].Contains(SubtitleTime.Arrow, StringComparison.Ordinal)) return null;
        var at = lines[from].Contains(SubtitleTime.Arrow, StringComparison.Ordinal) ? from : from + 1;
        if (at >= to || !lines[at].Contains(SubtitleTime.Arrow, StringComparison.Ordinal)) return null;
        if (!SubtitleTime.TryRead(lines[at], out var start, out var end))
            throw new SubtitleException(at + 1, $"expected times such as 00:01.000 --> 00:02.500, found '{CueText.Shown(lines[at])}'");
        return new SubtitleCue(start, end, WebUtility.HtmlDecode(Tag().Replace(string.Join('\n', lines[(at + 1)..to]), "")));
    }

    private static string Escaped(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    [GeneratedRegex("<[^>]*>", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();

    [GeneratedRegex("^(NOTE|STYLE|REGION)([ \t]|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Other();
}
