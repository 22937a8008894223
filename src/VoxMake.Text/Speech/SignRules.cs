using System.Globalization;
using System.Text.RegularExpressions;

namespace VoxMake.Text.Speech;

/// <summary>Rules that languages share but for words: telephone numbers, addresses, ranges, signs.</summary>
internal static class SignRules
{
    /// <summary>Telephone numbers, digit by digit, with a comma between groups: what begins with + or a zero, or is in groups as in North America.</summary>
    public static IEnumerable<SpeechRule> Telephone(Func<string, string> digits)
    {
        yield return new(@"(?<![\p{L}\p{N}+.,:/\-])\+(?<number>[1-9]\d{0,2}(?:[ /\-]?\(?\d{1,5}\)?)(?:[ /\-]?\d{2,8}){1,5})(?![\p{L}\p{N}]|[.,:/\-]\d)", match => "plus " + Groups(match, digits));
        yield return new(@"(?<![\p{L}\p{N}+.,:/\-])(?<!\p{N} )(?<number>0\d{2,5}[ /\-]{1,3}\d{2,8}(?:[ \-]\d{2,8}){0,4})(?![\p{L}\p{N}]|[.,:/\-]\d)", match => Groups(match, digits));
        yield return new(@"(?<![\p{L}\p{N}+.,:/\-])(?<number>(?:1-)?(?:\(\d{3}\) ?|\d{3}-)\d{3}-\d{4})(?![\p{L}\p{N}]|[.,:/\-]\d)", match => Groups(match, digits));
    }

    /// <summary>From one number to a greater one; what they count is read afterwards. A hyphen may be anything else, so it is only read between small numbers with a word behind them.</summary>
    public static SpeechRule Ranges(string to, SentenceRules rules) =>
        new($@"{SpeechRule.Begin}(?<from>\d{{1,4}}(?:[.,]\d{{1,2}})?)(?<dash> ?– ?|-)(?=(?<to>\d{{1,4}}(?:[.,]\d{{1,2}})?)(?<next> ?[€$£%°]| ?\p{{L}}|[ .,;:!?)]|$)(?![\-–]))", (match, text) =>
    {
        var (from, upTo) = (Value(match.Groups["from"]), Value(match.Groups["to"]));
        if (from is null || upTo is null || from >= upTo) return null;
        var end = match.Groups["to"].Index + match.Groups["to"].Length;
        if (rules.Ordinals && end < text.Length && text[end] == '.' && !rules.IsEndBefore(NeighbouringWords.After(text, end + 1))) return null; // 5.–7. Klasse, 5–7. Klasse
        if (match.Groups["dash"].Value == "-" && (from >= 1000 || !(match.Groups["next"].Value is [' ', _, ..] && char.IsLetter(match.Groups["next"].Value[^1])))) return null;
        return $"{match.Groups["from"].Value} {to} ";
    });

    /// <summary>Digits that begin with a zero are no number: one by one.</summary>
    public static SpeechRule LeadingZeros(Func<string, string> digits) => new($@"{SpeechRule.Begin}0\d{{1,19}}{SpeechRule.End}", match => digits(match.Value));

    /// <summary>Codes behind a word that says so, digit by digit.</summary>
    public static SpeechRule Codes(string words, Func<string, string> digits) => new($@"(?<=\b(?:{words}):? )\d{{3,10}}{SpeechRule.End}", match => digits(match.Value));

    /// <summary>Signs between spaces.</summary>
    public static IEnumerable<SpeechRule> Between(IReadOnlyList<(string Sign, string Word)> signs) =>
        signs.Select(sign => new SpeechRule($@"(?<=[^\s] ){Regex.Escape(sign.Sign)}(?= [^\s])", _ => sign.Word));

    private static decimal? Value(Group number) => number.ValueSpan is ['0', >= '0' and <= '9', ..] ? null : decimal.Parse(number.Value.Replace(',', '.'), CultureInfo.InvariantCulture);

    private static string Groups(Match match, Func<string, string> digits) =>
        string.Join(", ", Regex.Split(match.Groups["number"].Value, @"\D+").Where(group => group.Length > 0).Select(digits));
}
