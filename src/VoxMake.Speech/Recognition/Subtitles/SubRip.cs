using System.Globalization;
using System.Text;

namespace VoxMake.Speech.Recognition.Subtitles;

/// <summary>SubRip files (.srt): a number, a line of times, lines of text, an empty line. The format escapes nothing: text is written and read as it is.</summary>
public static class SubRip
{
    /// <summary>Writes cues, numbered from 1; lines end with <c>\n</c>. Text loses empty lines and control characters, which would end a cue.</summary>
    public static string Write(IEnumerable<SubtitleCue> cues)
    {
        var file = new StringBuilder();
        var number = 0;
        foreach (var cue in cues)
            file.Append(CultureInfo.InvariantCulture, $"{++number}\n{SubtitleTime.Write(cue.Start, ',')} {SubtitleTime.Arrow} {SubtitleTime.Write(cue.End, ',')}\n{CueText.Plain(cue.Text)}\n\n");
        return file.ToString();
    }

    /// <summary>Reads cues. Numbers may be missing or wrong, and a point may stand for the comma, as players take it; an empty file has none.</summary>
    /// <exception cref="SubtitleException">Something stands where a line of times should.</exception>
    public static IReadOnlyList<SubtitleCue> Read(string file)
    {
        var (cues, lines) = (new List<SubtitleCue>(), SubtitleLines.Of(file));
        for (var i = 0; i < lines.Length;)
        {
            if (lines[i].Trim().Length == 0)
            {
                i++;
                continue;
            }
            if (lines[i].Trim().All(char.IsAsciiDigit) && i + 1 < lines.Length) i++;
            if (!SubtitleTime.TryRead(lines[i], out var start, out var end))
                throw new SubtitleException(i + 1, $"expected times such as 00:00:01,000 --> 00:00:02,500, found '{CueText.Shown(lines[i])}'");
            var text = new List<string>();
            for (i++; i < lines.Length && lines[i].Trim().Length > 0; i++) text.Add(lines[i]);
            cues.Add(new SubtitleCue(start, end, string.Join('\n', text)));
        }
        return cues;
    }
}

/// <summary>What may stand in a cue.</summary>
internal static class CueText
{
    /// <summary>Its lines without control characters and white space around; without the empty ones.</summary>
    public static string Plain(string text) =>
        string.Join('\n', SubtitleLines.Of(text).Select(line => string.Concat(line.Select(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' ? ' '
            : letter)).Trim()).Where(line => line.Length > 0));

    public static string Shown(string line) => line.Length <= 60 ? line : line[..60] + "…";
}
