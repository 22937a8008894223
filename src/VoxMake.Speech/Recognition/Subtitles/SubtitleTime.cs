using System.Globalization;
using System.Text.RegularExpressions;

namespace VoxMake.Speech.Recognition.Subtitles;

/// <summary>Times as both formats write them: hours, minutes, seconds, and thousandths behind a comma (SubRip) or a point (WebVTT).</summary>
internal static partial class SubtitleTime
{
    public const string Arrow = "-->";

    public static string Write(long milliseconds, char mark) =>
        string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 3_600_000:00}:{milliseconds / 60_000 % 60:00}:{milliseconds / 1000 % 60:00}{mark}{milliseconds % 1000:000}");

    /// <summary>Reads <c>01:02:03,004 --> 01:02:05,006</c>, with or without hours, with either mark, and with settings behind it.</summary>
    /// <returns>Whether the line is of that form, and its times.</returns>
    public static bool TryRead(string line, out long start, out long end)
    {
        (start, end) = (0, 0);
        if (Form().Match(line) is not { Success: true } match) return false;
        (start, end) = (Of(match, "s"), Of(match, "e"));
        return true;
    }

    private static long Of(Match match, string which)
    {
        long Part(string name) => match.Groups[which + name] is { Success: true } group ? long.Parse(group.Value, CultureInfo.InvariantCulture) : 0;
        return ((Part("h") * 60 + Part("m")) * 60 + Part("s")) * 1000 + Part("f");
    }

    [GeneratedRegex(@"^[ \t]*(?:(?<sh>[0-9]{1,6}):)?(?<sm>[0-5]?[0-9]):(?<ss>[0-5]?[0-9])[.,](?<sf>[0-9]{3})[ \t]*-->[ \t]*(?:(?<eh>[0-9]{1,6}):)?(?<em>[0-5]?[0-9]):(?<es>[0-5]?[0-9])[.,](?<ef>[0-9]{3})(?:[ \t].*)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}

/// <summary>The lines of a file that people made: any of the three line ends, and a byte order mark or none.</summary>
internal static class SubtitleLines
{
    public static string[] Of(string file) => file.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
}
