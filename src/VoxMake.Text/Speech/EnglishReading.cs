using System.Globalization;

namespace VoxMake.Text.Speech;

/// <summary>What is read how in English, in the order in which it is looked for: what is longer and surer first.</summary>
internal static class EnglishReading
{
    private const string Rulers = "Louis|Henry|George|Edward|Charles|James|William|Richard|Philip|Francis|Frederick|Napoleon|Nicholas|Alexander|Ivan|Peter|Catherine|Elizabeth|Mary|" +
        "John Paul|Benedict|Pius|Innocent|Gregory|Leo|Clement|Ramses";

    private static readonly Dictionary<string, string> BeforeNumbers = new(StringComparer.Ordinal)
    {
        ["No."] = "Number", ["no."] = "number", ["Nos."] = "Numbers", ["Vol."] = "Volume", ["vol."] = "volume", ["Fig."] = "Figure", ["fig."] = "figure", ["Ch."] = "Chapter", ["p."] = "page",
        ["pp."] = "pages", ["#"] = "number", ["§"] = "section",
    };

    public static IReadOnlyList<SpeechRule> Rules { get; } =
    [
        .. SignRules.Telephone(EnglishNumbers.Digits),
        SignRules.Codes("ZIP|zip|ZIP code|zip code|PIN|code|extension", EnglishNumbers.Digits),
        AbbreviationRule.Of(SentenceRules.English),
        // A saint and a doctor, or a street and a drive: before a name, and not behind one.
        new(@"(?<![\p{L}\p{N}.] |[\p{L}\p{N}.])(?<what>St|Dr)\. (?=\p{Lu}\p{Ll})|(?<=\b\p{Ll}{1,20} )(?<what>St|Dr)\. (?=\p{Lu}\p{Ll})", match =>
            match.Groups["what"].Value == "St" ? "Saint " : "Doctor "),
        new($@"(?<![\p{{L}}\p{{N}}&])(?<what>{SpeechRule.OneOf(BeforeNumbers.Keys)}) ?(?=\d)", match => BeforeNumbers[match.Groups["what"].Value] + " "),
        .. EnglishDates.Rules,
        SignRules.Ranges("to", SentenceRules.English),
        .. EnglishMeasures.Rules,
        new($@"{SpeechRule.Begin}(?<number>[1-9]\d{{0,2}}(?:,\d{{3}}){{1,3}}|[1-9]\d{{0,8}})(?<suffix>st|nd|rd|th)(?![\p{{L}}\p{{N}}])", match =>
        {
            var number = long.Parse(match.Groups["number"].Value.Replace(",", ""), CultureInfo.InvariantCulture);
            return Suffix(number) == match.Groups["suffix"].Value ? EnglishNumbers.Ordinal(number) : null;
        }),
        // I alone is a word: a ruler is the first only with a title.
        new($@"(?<![\p{{L}}\p{{N}}])(?<title>(?:King|Queen|Pope|Emperor|Empress|Tsar|Prince) )?(?<name>{Rulers}) (?<number>[IVX]{{1,6}})(?<own>'s)?(?![\p{{L}}\p{{N}}'.])", match =>
            RomanNumber.Read(match.Groups["number"].Value) is { } number && (number > 1 || match.Groups["title"].Success)
                ? $"{match.Groups["title"].Value}{match.Groups["name"].Value} the {Capital(EnglishNumbers.Ordinal(number))}{match.Groups["own"].Value}" : null),
        new(@"(?<![\p{L}\p{N}])(?<what>Chapter|Part|Volume|Act|Book|World War) (?<number>[IVXLCDM]{1,12})(?![\p{L}\p{N}'.]|\.\p{L})", match =>
            RomanNumber.ReadAny(match.Groups["number"].Value) is { } number ? $"{match.Groups["what"].Value} {Capital(EnglishNumbers.Cardinal(number))}" : null),
        new($@"{SpeechRule.Begin}{EnglishMeasures.Numerals.Pattern}{SpeechRule.End}", match => Say(EnglishMeasures.Numerals.Read(match))),
        SignRules.LeadingZeros(EnglishNumbers.Digits),
        .. SignRules.Between([("&", "and"), ("+", "plus"), ("=", "equals"), ("@", "at"), ("×", "times"), ("±", "plus or minus")]),
    ];

    /// <summary>A number with its sign and the digits behind its decimal point one by one: minus three point one four.</summary>
    public static string Say(Numeral number)
    {
        var words = (number.IsNegative ? "minus " : "") + EnglishNumbers.Cardinal(number.Whole);
        return number.IsWhole ? words : $"{words} point {EnglishNumbers.Digits(number.Fraction)}";
    }

    private static string Suffix(long number) => number % 100 is >= 11 and <= 13 ? "th" : (number % 10) switch
    {
        1 => "st",
        2 => "nd",
        3 => "rd",
        _ => "th",
    };

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
