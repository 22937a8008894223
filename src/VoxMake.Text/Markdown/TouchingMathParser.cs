using Markdig.Extensions.Mathematics;
using Markdig.Helpers;
using Markdig.Parsers;

namespace VoxMake.Text.Markdown;

/// <summary>Formulas that touch their dollars, as in Pandoc: <c>$x$</c> is one; <c>5 $ and 6 $</c> and <c>$5-$6</c> are money.</summary>
internal sealed class TouchingMathParser : MathInlineParser
{
    /// <summary>Further than any formula within a line goes.</summary>
    private const int Farthest = 2000;

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        if (slice.PeekChar() != '$') // two dollars are always a formula
        {
            if (slice.PeekChar().IsWhiteSpaceOrZero()) return false;
            var end = 1;
            for (char c; (c = slice.PeekChar(end)) != '$'; end++)
                if (c == '\0' || end > Farthest) return false;
            if (slice.PeekChar(end - 1).IsWhiteSpaceOrZero() || char.IsAsciiDigit(slice.PeekChar(end + 1))) return false;
        }
        return base.Match(processor, ref slice);
    }
}
