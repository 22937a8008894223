using System.Globalization;
using System.Text;

namespace VoxMake.Models.Vits;

/// <summary>Which letters are Latin: the ranges of script=Latn of Unicode 16 (Scripts.txt), and modifier letters of the common script that stand among them (apostrophes, tone letters).</summary>
internal static class LatinScript
{
    private static readonly (int First, int Last)[] Ranges =
    [
        (0x41, 0x5A), (0x61, 0x7A), (0xAA, 0xAA), (0xBA, 0xBA), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF), (0x1D00, 0x1D25), (0x1D2C, 0x1D5C), (0x1D62, 0x1D65), (0x1D6B, 0x1D77),
        (0x1D79, 0x1DBE), (0x1E00, 0x1EFF), (0x2071, 0x2071), (0x207F, 0x207F), (0x2090, 0x209C), (0x212A, 0x212B), (0x2132, 0x2132), (0x214E, 0x214E), (0x2160, 0x2188), (0x2C60, 0x2C7F),
        (0xA722, 0xA7DC), (0xA7F2, 0xA7FF), (0xAB30, 0xAB5A), (0xAB5C, 0xAB69), (0xFB00, 0xFB06), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A), (0x10780, 0x107BA), (0x1DF00, 0x1DF2A),
    ];

    /// <summary>The first letter of a text that is not Latin; null where all are. What is no letter (digits, marks, punctuation) has no say.</summary>
    public static string? FirstOtherLetter(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (Rune.IsLetter(rune) && !Ranges.Any(range => rune.Value >= range.First && rune.Value <= range.Last)) return rune.ToString();
        return null;
    }
}
