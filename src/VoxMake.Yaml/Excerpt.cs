using System.Text;

namespace VoxMake.Yaml;

/// <summary>Texts of others, in our messages.</summary>
public static class Excerpt
{
    private const int Longest = 60;

    /// <summary>The text on one line, not too long, and with nothing in it that a terminal would obey.</summary>
    public static string Of(string text)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= Longest) return shown.Append('…').ToString();
            if (rune.IsBmp && IsUnsafe((char)rune.Value)) shown.Append($"\\u{rune.Value:X4}");
            else shown.Append(rune.ToString());
        }
        return shown.ToString();
    }

    /// <summary>A window of a line that is too long for a screen.</summary>
    private const int Before = 60, Width = 120;

    /// <summary>A line of a file and below it a caret, each on a line of its own; what a terminal would obey is U+FFFD.</summary>
    /// <param name="number">The line's number.</param>
    /// <param name="column">From 1; where the caret stands.</param>
    public static string OfLine(string line, int number, int column)
    {
        var at = Math.Clamp(column - 1, 0, line.Length);
        var from = line.Length <= Width ? 0 : Math.Max(0, at - Before);
        var to = Math.Min(line.Length, from + Width);
        var margin = $"  {number} | ";
        var text = new StringBuilder(margin);
        for (var i = from; i < to; i++) text.Append(IsUnsafe(line[i]) && line[i] != '\t' ? '\uFFFD' : line[i]);
        text.Append('\n').Append(' ', margin.Length - 2).Append("| ");
        for (var i = from; i < at; i++)
            if (!char.IsLowSurrogate(line[i])) text.Append(line[i] == '\t' ? '\t' : ' ');
        return text.Append('^').ToString();
    }

    private static bool IsUnsafe(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
