using System.Globalization;
using System.Text.RegularExpressions;

namespace VoxMake.Text.Speech;

/// <summary>English dates, years and times of day.</summary>
internal static class EnglishDates
{
    private static readonly IReadOnlyList<string> Months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    /// <summary>A year, or from one to another.</summary>
    private const string Year = @"(?<year>(?:1[1-9]|20)\d\d)(?: (?<to>to|and) (?<end>(?:1[1-9]|20)\d\d))?";

    /// <summary>Nothing that is counted follows: <c>from 1500 people</c>.</summary>
    private const string NoPlural = @"(?! (?:\p{L}{1,40}s|people|men|women|children)\b)";

    private static readonly IReadOnlyList<string> Weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    private static readonly string AnyMonth = SpeechRule.OneOf(Months);

    public static IReadOnlyList<SpeechRule> Rules { get; } =
    [
        new($@"(?<![\p{{L}}\p{{N}}])(?<name>Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.(?= (?:\d{{1,2}}(?:st|nd|rd|th)?|(?:1[1-9]|20)\d\d){SpeechRule.End})",
            match => Months.First(month => Begins(month, match))),
        new($@"(?<![\p{{L}}\p{{N}}])(?<name>Mon|Tue|Tues|Wed|Thu|Thurs|Fri|Sat|Sun)\.(?=,? (?:the )?(?:{AnyMonth}|\d{{1,2}}\b))", match => Weekdays.First(day => Begins(day, match))),
        new($@"(?<=\b(?:[Tt]he|[Ee]arly|[Ll]ate|[Mm]id) |\bmid-)['’]?(?<year>[2-9]0|1[1-9]\d0|20[0-9]0)s(?![\p{{L}}\p{{N}}])", match => Decade(Number(match, "year"))),
        new($@"{SpeechRule.Begin}(?<hour>\d{{1,2}}):(?<minute>\d{{2}}) ?[–-] ?(?=\d{{1,2}}:\d{{2}}{SpeechRule.End})", (match, text) => Time(match, text) is { } time ? time + " to " : null),
        new($@"{SpeechRule.Begin}(?<hour>\d{{1,2}}):(?<minute>\d{{2}}):(?<second>\d{{2}}){SpeechRule.End}", (match, text) => Time(match, text)),
        new($@"{SpeechRule.Begin}(?<year>\d{{4}})-(?<month>\d{{2}})-(?<day>\d{{2}}){SpeechRule.End}", match => Date(match, Number(match, "month"), Number(match, "day"))),
        // Only where it is the same date on both sides of the ocean, or one of the two cannot be.
        new($@"{SpeechRule.Begin}(?<first>\d{{1,2}})/(?<second>\d{{1,2}})/(?<year>\d{{4}}){SpeechRule.End}", match => (Number(match, "first"), Number(match, "second")) switch
        {
            ( > 12, var month) and var (day, _) => Date(match, month, day),
            (var month, > 12) and var (_, day) => Date(match, month, day),
            var (month, day) => month == day ? Date(match, month, day) : null,
        }),
        new($@"(?<![\p{{L}}\p{{N}}])(?<name>{AnyMonth}) (?<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?<year>[12]\d{{3}}))?{SpeechRule.End}(?! ?(?:a\.?m|p\.?m|[ap]m)\b)", match =>
            Date(match, Month(match), Number(match, "day"))),
        new($@"{SpeechRule.Begin}(?<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?<name>{AnyMonth})(?:,? (?<year>[12]\d{{3}}))?(?![\p{{L}}\p{{N}}])", (match, text) =>
        {
            if (!IsDay(Month(match), Number(match, "day"))) return null;
            var the = text.AsSpan(0, match.Index).EndsWith("the ", StringComparison.OrdinalIgnoreCase) ? "" : "the ";
            return $"{the}{EnglishNumbers.Ordinal(Number(match, "day"))} of {match.Groups["name"].Value}{(match.Groups["year"].Success ? ", " + EnglishNumbers.Year(Number(match, "year")) : "")}";
        }),
        new($@"(?<![\p{{L}}\p{{N}}])(?<name>{AnyMonth}),? (?<year>(?:1[1-9]|20)\d\d){SpeechRule.End}", match => $"{match.Groups["name"].Value} {EnglishNumbers.Year(Number(match, "year"))}"),
        new($@"{SpeechRule.Begin}(?<hour>\d{{1,2}})(?::(?<minute>\d{{2}}))?(?= ?(?:[ap]\.m\.|[apAP][mM]\b))", (match, text) => Time(match, text)),
        new($@"{SpeechRule.Begin}(?<hour>\d{{1,2}}):(?<minute>\d{{2}}){SpeechRule.End}", (match, text) =>
            Number(match, "minute") >= 10 || Before(text, match.Index, "at", "by", "until", "from", "around", "before", "after", "since") ? Time(match, text) : null),
        new($@"(?<=\b(?:[Ii]n|[Ss]ince|[Ee]stablished|[Ff]ounded|[Yy]ear|[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter|[Ee]arly|[Ll]ate) ){Year}{SpeechRule.End}", Years),
        new($@"(?<=\b(?:[Uu]ntil|[Tt]ill|[Ff]rom|[Bb]y|[Bb]efore|[Aa]fter|[Aa]round|[Bb]etween) ){Year}{SpeechRule.End}{NoPlural}", Years),
        new($@"{SpeechRule.Begin}(?<year>1[1-9]\d\d) ?– ?(?<end>(?:1[1-9]|20)\d\d){SpeechRule.End}{NoPlural}", match =>
            Number(match, "year") < Number(match, "end") ? $"{EnglishNumbers.Year(Number(match, "year"))} to {EnglishNumbers.Year(Number(match, "end"))}" : null),
    ];

    private static string Years(Match match) =>
        EnglishNumbers.Year(Number(match, "year")) + (match.Groups["end"].Success ? $" {match.Groups["to"].Value} {EnglishNumbers.Year(Number(match, "end"))}" : "");

    private static string? Date(Match match, int month, int day)
    {
        if (!IsDay(month, day)) return null;
        var date = $"{Months[month - 1]} {EnglishNumbers.Ordinal(day)}";
        return match.Groups["year"].Success ? $"{date}, {EnglishNumbers.Year(Number(match, "year"))}" : date;
    }

    private static string? Time(Match match, string text)
    {
        var (hour, minute) = (Number(match, "hour"), match.Groups["minute"].Success ? Number(match, "minute") : 0);
        var seconds = match.Groups["second"].Success ? Number(match, "second") : -1;
        if (hour > 24 || minute > 59 || seconds > 59) return null;
        var end = match.Index + match.Length;
        var half = end < text.Length && text.AsSpan(end).TrimStart(' ') is [('a' or 'p' or 'A' or 'P'), ('.' or 'm' or 'M'), ..];
        var between = half && text[end] != ' ' ? " " : "";
        return EnglishNumbers.Cardinal(hour) + minute switch
        {
            0 => half ? "" : hour is >= 1 and <= 12 ? " o'clock" : " hundred hours",
            < 10 => " oh " + EnglishNumbers.Cardinal(minute),
            _ => " " + EnglishNumbers.Cardinal(minute),
        } + (seconds < 0 ? "" : seconds == 1 ? " and one second" : $" and {EnglishNumbers.Cardinal(seconds)} seconds") + between;
    }

    /// <summary>The nineties, the nineteen eighties, the two thousands.</summary>
    private static string Decade(int year)
    {
        var words = year < 100 ? EnglishNumbers.Cardinal(year) : EnglishNumbers.Year(year);
        return words.EndsWith('y') ? words[..^1] + "ies" : words + "s";
    }

    private static bool Begins(string name, Match match) => name.StartsWith(match.Groups["name"].Value, StringComparison.Ordinal);

    private static bool IsDay(int month, int day) => month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(2000, month);

    private static int Month(Match match) => Months.ToList().IndexOf(match.Groups["name"].Value) + 1;

    private static bool Before(string text, int at, params string[] words) => words.Contains(NeighbouringWords.Before(text, at).Word.ToLowerInvariant());

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
}
