using System.Text;

namespace VoxMake.Text.Vocabulary;

/// <summary>What may stand for a character that a vocabulary lacks, the nearest first.</summary>
internal static class Equivalents
{
    private static readonly Dictionary<char, string[]> Signs = Table(
        ("“”„‟«»″〝〞", ["\"", "'"]), ("\"", ["'"]), ("‘’‚‛‹›′`´ʼʹ＇", ["'", "’"]), ("'", ["’", "ʼ"]), ("–—―‐‑‒−⁃﹣", ["-", "–"]), ("-", ["‐", "–"]), ("…", ["...", ".", ","]),
        (";", [",", "."]), (":", [",", "."]), ("·•", [","]), ("！", ["!"]), ("？", ["?"]), ("，、", [","]), ("。", ["."]), ("：", [":", ","]), ("；", [";", ","]), ("‼", ["!!", "!"]), ("⁇", ["??", "?"]),
        ("⁈", ["?!", "?"]), ("⁉", ["!?", "!"]), ("ß", ["ss"]), ("ẞ", ["ß", "SS", "ss"]), ("ﬀ", ["ff"]), ("ﬁ", ["fi"]), ("ﬂ", ["fl"]), ("ﬃ", ["ffi"]), ("ﬄ", ["ffl"]), ("ﬆﬅ", ["st"]),
        ("ĳ", ["ij"]), ("Ĳ", ["IJ", "ij"]), ("ʻʽ", ["'"]));

    /// <summary>Letters without marks that are other letters all the same: only where the setting says so.</summary>
    private static readonly Dictionary<char, string[]> Letters = Table(
        ("æ", ["ae"]), ("Æ", ["AE", "ae"]), ("œ", ["oe"]), ("Œ", ["OE", "oe"]), ("ø", ["o"]), ("Ø", ["O", "o"]), ("đð", ["d"]), ("ĐÐ", ["D", "d"]), ("ł", ["l"]), ("Ł", ["L", "l"]), ("þ", ["th"]),
        ("Þ", ["TH", "th"]), ("ı", ["i"]), ("ħ", ["h"]), ("Ħ", ["H", "h"]), ("ŧ", ["t"]), ("ŋ", ["n"]));

    public static IEnumerable<string> Of(Rune rune)
    {
        if (rune.Value is >= 0xFF01 and <= 0xFF5E) yield return ((char)(rune.Value - 0xFEE0)).ToString(); // full width
        if (rune.IsBmp && Signs.TryGetValue((char)rune.Value, out var found))
            foreach (var one in found) yield return one;
    }

    public static string? Plain(Rune rune) => rune.IsBmp && Letters.TryGetValue((char)rune.Value, out var found) ? found[0] : null;

    private static Dictionary<char, string[]> Table(params (string Signs, string[] To)[] rows) =>
        rows.SelectMany(row => row.Signs.Select(sign => (sign, row.To))).ToDictionary(row => row.sign, row => row.To);
}
