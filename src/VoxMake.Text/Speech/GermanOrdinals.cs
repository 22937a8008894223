using System.Text.RegularExpressions;

namespace VoxMake.Text.Speech;

/// <summary>German ordinals, whose ending the word before them decides, and Roman ones of rulers and chapters.</summary>
internal static class GermanOrdinals
{
    private const string Names = "Ludwig|Friedrich|Wilhelm|Karl|Heinrich|Otto|Leopold|Franz|Georg|Albrecht|Maximilian|Johannes Paul|Benedikt|Pius|Innozenz|Gregor|Leo|Clemens|" +
        "Napoleon|Alexander|Nikolaus|Peter|Philipp|Eduard|Jakob";

    private const string Titles = "König|Kaiser|Papst|Zar|Fürst|Herzog";

    private static readonly HashSet<string> Weak =
        ["am", "im", "vom", "zum", "beim", "zur", "den", "dem", "des", "einen", "einem", "einer", "eines", "jeden", "jedem", "jedes", "meinen", "meinem", "meiner", "seinen", "seinem", "seiner",
        "ihren", "ihrem", "ihrer", "unseren", "unserem", "unserer", "diesen", "diesem"];

    private static readonly HashSet<string> Strong = ["die", "das", "ins", "ans", "aufs", "fürs", "eine", "jede", "jeder", "meine", "seine", "ihre", "unsere", "diese", "dieser", "dieses"];
    private static readonly HashSet<string> Prepositions = ["in", "an", "auf", "mit", "von", "bei", "zu", "nach", "aus", "seit", "während", "wegen", "vor", "hinter", "über", "unter", "neben",
        "zwischen", "außer", "gegenüber", "ab", "bis", "statt", "trotz"];
    private static readonly HashSet<string> BeforeDates = ["ab", "bis", "seit", "vor", "nach"];
    private static readonly HashSet<string> Dative = ["von", "mit", "unter", "bei", "nach", "zu", "seit"];

    public static IReadOnlyList<SpeechRule> Rules { get; } =
    [
        new($@"{SpeechRule.Begin}(?<first>[1-9]\d{{0,5}})\.(?: (?<link>und|oder|bis) (?<second>[1-9]\d{{0,5}})\.)?(?= (?<noun>\p{{L}}{{2,40}}))", (match, text) =>
        {
            if (Ending(text, match.Index, GermanDates.Months.Contains(match.Groups["noun"].Value)) is not { } ending) return null;
            var first = Say(match.Groups["first"], ending);
            return match.Groups["second"].Success ? $"{first} {match.Groups["link"].Value} {Say(match.Groups["second"], ending)}" : first;
        }),
        new($@"{SpeechRule.Begin}(?<number>[IVX]{{1,6}})\.(?= (?<noun>\p{{Lu}}\p{{Ll}}{{2,40}}))", (match, text) =>
            RomanNumber.Read(match.Groups["number"].Value) is { } number && Ending(text, match.Index, isDate: false) is { } ending ? GermanNumbers.Ordinal(number, ending) : null),
        // Only where the case is plain: behind a preposition with the dative, or first in a sentence with a verb behind.
        new($@"(?<![\p{{L}}\p{{N}}])(?:(?<before>(?!(?:{Titles}|{Names}) )\p{{L}}{{2,20}}) )?(?<title>(?:{Titles}) )?(?<name>{Names}) (?<number>[IVX]{{1,6}})\.(?= \p{{Ll}})", (match, text) =>
        {
            if (RomanNumber.Read(match.Groups["number"].Value) is not { } number) return null;
            var before = match.Groups["before"];
            var article = before.Success && Dative.Contains(before.Value.ToLowerInvariant()) ? "dem" : !before.Success && IsFirst(text, match.Index) ? "der" : null;
            if (article is null) return null;
            var ordinal = GermanNumbers.Ordinal(number, article == "dem" ? "en" : "e");
            return $"{(before.Success ? before.Value + " " : "")}{match.Groups["title"].Value}{match.Groups["name"].Value} {article} {char.ToUpperInvariant(ordinal[0])}{ordinal[1..]}";
        }),
        new($@"(?<![\p{{L}}\p{{N}}])(?<what>Kapitel|Teil|Band|Akt|Buch|Weltkrieg) (?<number>[IVXLCDM]{{1,12}})(?![\p{{L}}\p{{N}}.])", match =>
            RomanNumber.ReadAny(match.Groups["number"].Value) is { } number ? $"{match.Groups["what"].Value} {GermanNumbers.Cardinal(number)}" : null),
    ];

    /// <summary>The ending of an ordinal by the word before it: null where that does not tell.</summary>
    /// <param name="isDate">Whether a month follows, which is masculine.</param>
    public static string? Ending(string text, int at, bool isDate)
    {
        var (word, start) = NeighbouringWords.Before(text, at);
        var small = word.ToLowerInvariant();
        if (word.Length == 0) return isDate && IsFirst(text, at) ? "er" : null;
        if (Weak.Contains(small)) return "en";
        if (Strong.Contains(small)) return "e";
        if (isDate && BeforeDates.Contains(small)) return "en";
        if (small != "der") return null;
        return isDate || word == "Der" ? "e" : Prepositions.Contains(NeighbouringWords.Before(text, start).Word.ToLowerInvariant()) ? "en" : null;
    }

    /// <summary>Whether the word before a number makes an ordinal of it where a full stop follows.</summary>
    public static bool IsAfterArticle(string text, int at) => NeighbouringWords.Before(text, at).Word.ToLowerInvariant() is var word && (Weak.Contains(word) || Strong.Contains(word) || word == "der");

    private static bool IsFirst(string text, int at) =>
        text.AsSpan(0, at).TrimEnd(" \"„‚»(").IsEmpty || text.AsSpan(0, at).TrimEnd(" \"„‚»(")[^1] is '.' or '!' or '?' or ':' or ';' or ',' or '\n' or '–';

    private static string Say(Group number, string ending) => GermanNumbers.Ordinal(int.Parse(number.ValueSpan, System.Globalization.CultureInfo.InvariantCulture), ending);
}
