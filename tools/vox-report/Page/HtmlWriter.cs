using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace VoxMake.Report.Page;

/// <summary>
/// Writes HTML. What stands in the source code is written as it is, every value in braces is escaped; there is no way to write a value unescaped, so that no text of
/// the data can become a tag, an attribute or a script.
/// </summary>
internal sealed class HtmlWriter(TextWriter output)
{
    /// <summary>Writes a piece of HTML with values in it, in text or in quoted attributes.</summary>
    public void Write([InterpolatedStringHandlerArgument("")] ref Html html) => _ = html;

    /// <summary>Writes the content of a style or script element that ships with this program.</summary>
    public void WriteAsset(string name) => output.Write(Assets.Text(name));

    private void Literal(string html) => output.Write(html);

    private void Value(string? text)
    {
        if (text is null) return;
        if (text.AsSpan().IndexOfAnyExcept(Plain) < 0) output.Write(text);
        else foreach (var rune in text.EnumerateRunes()) Value(rune);
    }

    private void Value(Rune rune)
    {
        switch (rune.Value)
        {
            case '<': output.Write("&lt;"); break;
            case '>': output.Write("&gt;"); break;
            case '&': output.Write("&amp;"); break;
            case '"': output.Write("&quot;"); break;
            case '\'': output.Write("&#39;"); break;
            case '\t' or '\n': output.Write((char)rune.Value); break;
            default:
                if (IsUnseen(rune)) output.Write(string.Create(CultureInfo.InvariantCulture, $"⟦U+{rune.Value:X4}⟧"));
                else output.Write(rune.ToString());
                break;
        }
    }

    /// <summary>
    /// Control characters, those that turn the direction of writing (they can make a text look like another), and spaces of no width: they are shown by number.
    /// The joiners U+200C and U+200D belong to the spelling of several languages and stay.
    /// </summary>
    public static bool IsUnseen(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control
        || rune.Value is 0x061C or 0x200B or 0x200E or 0x200F or (>= 0x2028 and <= 0x202E) or (>= 0x2060 and <= 0x206F) or 0xFEFF or (>= 0xFFF9 and <= 0xFFFB) or (>= 0xE0000 and <= 0xE007F);

    private static readonly System.Buffers.SearchValues<char> Plain =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;-_+/=()[]!?%#");

    /// <summary>A piece of HTML under way; made by the compiler from <c>$"..."</c>.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Html(int literals, int values, HtmlWriter writer)
    {
        private readonly int _ = literals + values;

        public void AppendLiteral(string html) => writer.Literal(html);
        public void AppendFormatted(string? text) => writer.Value(text);
        public void AppendFormatted(Rune rune) => writer.Value(rune);
        public void AppendFormatted(long number) => writer.Literal(number.ToString(CultureInfo.InvariantCulture));
        public void AppendFormatted(long number, string format) => writer.Literal(number.ToString(format, CultureInfo.InvariantCulture));
        public void AppendFormatted(double number, string format) => writer.Literal(number.ToString(format, CultureInfo.InvariantCulture));
    }
}
