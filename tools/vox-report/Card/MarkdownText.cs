using System.Text;
using VoxMake.Report.Page;

namespace VoxMake.Report.Card;

/// <summary>Text of the data in a Markdown page.</summary>
internal static class MarkdownText
{
    /// <summary>
    /// The text on one line, with everything that Markdown or HTML would take for markup escaped (CommonMark, section 2.4); characters that cannot be seen are shown by number.
    /// </summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\r' or '\t') escaped.Append(' ');
            else if (HtmlWriter.IsUnseen(rune)) escaped.Append(System.Globalization.CultureInfo.InvariantCulture, $"⟦U+{rune.Value:X4}⟧");
            else if (rune.Value < 128 && "\\`*_[]<>#|~&$".Contains((char)rune.Value)) escaped.Append('\\').Append(rune);
            else escaped.Append(rune);
        }
        return escaped.ToString();
    }
}
