using System.Text;

namespace VoxMake.Config;

/// <summary>Texts of others, in our messages.</summary>
internal static class Text
{
    private const int Longest = 60;

    /// <summary>The text on one line, not too long, and with nothing in it that a terminal would obey.</summary>
    public static string Shown(string text)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= Longest) return shown.Append('…').ToString();
            if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)) shown.Append($"\\u{rune.Value:X4}");
            else shown.Append(rune.ToString());
        }
        return shown.ToString();
    }
}
