using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using VoxMake.Tokenizers.Unicode;

namespace VoxMake.Text.Normalizer;

/// <summary>Takes marks and symbols out of a text, as openai-whisper's normalisers do before word errors are counted.</summary>
internal static class PlainLetters
{
    /// <summary>Letters with marks that no decomposition takes off.</summary>
    private static readonly FrozenDictionary<int, string> Spelled = new Dictionary<int, string>
    {
        ['œ'] = "oe", ['Œ'] = "OE", ['ø'] = "o", ['Ø'] = "O", ['æ'] = "ae", ['Æ'] = "AE", ['ß'] = "ss", ['ẞ'] = "SS", ['đ'] = "d", ['Đ'] = "D",
        ['ð'] = "d", ['Ð'] = "D", ['þ'] = "th", ['Þ'] = "th", ['ł'] = "l", ['Ł'] = "L",
    }.ToFrozenDictionary();

    /// <summary>Marks go, symbols and punctuation become spaces; but for characters of <paramref name="keep"/>.</summary>
    public static string WithoutDiacritics(string text, string keep = "")
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in Nfk.D(text).EnumerateRunes())
        {
            if (rune.IsBmp && keep.Contains((char)rune.Value)) result.Append((char)rune.Value);
            else if (Spelled.TryGetValue(rune.Value, out var letters)) result.Append(letters);
            else if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark) { }
            else if (IsSymbol(rune)) result.Append(' ');
            else result.Append(rune.ToString());
        }
        return result.ToString();
    }

    /// <summary>Symbols, punctuation and marks that stand alone become spaces.</summary>
    public static string WithoutSymbols(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in Nfk.C(text).EnumerateRunes()) result.Append(IsSymbol(rune) ? " " : rune.ToString());
        return result.ToString();
    }

    /// <summary>Unicode's categories M, S and P.</summary>
    private static bool IsSymbol(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation
        or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation
        or UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.ModifierSymbol or UnicodeCategory.OtherSymbol;
}
