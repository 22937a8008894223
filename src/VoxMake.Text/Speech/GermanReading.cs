using System.Globalization;

namespace VoxMake.Text.Speech;

/// <summary>What is read how in German, in the order in which it is looked for: what is longer and surer first.</summary>
internal static class GermanReading
{
    public static IReadOnlyList<SpeechRule> Rules { get; } =
    [
        .. SignRules.Telephone(GermanNumbers.Digits),
        SignRules.Codes("PLZ|Postleitzahl|PIN|Code", GermanNumbers.Digits),
        AbbreviationRule.Of(SentenceRules.German),
        new(@"(?<=\p{L}{2})str\.(?= \d| ?$|, )", match => "straße"),
        new(@"(?<=\d\. )(?:Jh|Jhd|Jhdt)\.", (match, text) => "Jahrhundert" + (SentenceRules.German.IsEndBefore(NeighbouringWords.After(text, match.Index + match.Length)) ? "." : "")),
        .. GermanDates.Rules,
        new($@"{SpeechRule.Begin}(?<number>[1-9]0|1[1-9]\d0|20\d0)er(?<n>n?)(?:-(?=\p{{Lu}})|(?![\p{{L}}\p{{N}}]))", match =>
            $"{GermanNumbers.Year(int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture))}er{match.Groups["n"].Value}{(match.Value[^1] == '-' ? " " : "")}"),
        SignRules.Ranges("bis", SentenceRules.German),
        .. GermanMeasures.Rules,
        new(@"§§ ?(?=\d)", _ => "Paragrafen "),
        new(@"§ ?(?=\d)", _ => "Paragraf "),
        new(@"(?<![\p{L}\p{N}&#])# ?(?=\d)", _ => "Nummer "),
        .. GermanOrdinals.Rules,
        GermanDates.Years,
        new($@"{SpeechRule.Begin}{GermanMeasures.Numerals.Pattern}{SpeechRule.End}", (match, text) =>
        {
            var number = GermanMeasures.Numerals.Read(match);
            var end = match.Index + match.Length;
            // Which gender a one has, and whether a number with a full stop is an ordinal, is not always to be seen.
            if (number.IsOne && end + 1 < text.Length && text[end] == ' ' && char.IsLetter(text[end + 1])) return null;
            var mayBeOrdinal = number is { IsPlain: true, Whole: < 1_000_000 } && end < text.Length && text[end] == '.';
            if (mayBeOrdinal && (GermanOrdinals.IsAfterArticle(text, match.Index) || !SentenceRules.German.IsEndBefore(NeighbouringWords.After(text, end + 1)))) return null;
            return Say(number);
        }),
        SignRules.LeadingZeros(GermanNumbers.Digits),
        .. SignRules.Between([("&", "und"), ("+", "plus"), ("=", "gleich"), ("@", "ät"), ("×", "mal"), ("±", "plus minus")]),
    ];

    /// <summary>A number with its sign and the digits behind its decimal mark one by one: minus drei Komma eins vier.</summary>
    public static string Say(Numeral number)
    {
        var words = (number.IsNegative ? "minus " : "") + GermanNumbers.Cardinal(number.Whole);
        return number.IsWhole ? words : $"{words} {(number.Mark == ',' ? "Komma" : "Punkt")} {GermanNumbers.Digits(number.Fraction)}";
    }
}
