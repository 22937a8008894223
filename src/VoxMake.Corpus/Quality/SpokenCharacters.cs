using System.Globalization;
using System.Text;

namespace VoxMake.Corpus;

/// <summary>
/// Characters of a text that take time to say: letters, digits and the spaces between words. Counted as a reader counts (Unicode text
/// elements, UAX 29: é is one, however it is written); punctuation and white space at the ends count nothing.
/// </summary>
public static class SpokenCharacters
{
    /// <summary>How many there are in <paramref name="text"/>.</summary>
    public static int Count(string text)
    {
        var count = 0;
        for (var rest = text.AsSpan().Trim(); rest.Length > 0; rest = rest[StringInfo.GetNextTextElementLength(rest)..])
        {
            Rune.DecodeFromUtf16(rest, out var first, out _);
            if (Rune.IsLetterOrDigit(first) || Rune.IsWhiteSpace(first)) count++;
        }
        return count;
    }
}
