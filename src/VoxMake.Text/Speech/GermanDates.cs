using System.Globalization;
using System.Text.RegularExpressions;

namespace VoxMake.Text.Speech;

/// <summary>German dates, years and times of day.</summary>
internal static class GermanDates
{
    public static readonly IReadOnlyList<string> Months = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"];

    private const string ShortMonths = "Jan|Feb|Febr|Mrz|Apr|Jun|Jul|Aug|Sep|Sept|Okt|Nov|Dez";

    private static readonly IReadOnlyList<string> Weekdays = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];

    private static readonly HashSet<string> BeforeYears =
        [.. Months, "Jahr", "Jahre", "Jahres", "Jahren", "Anfang", "Mitte", "Ende", "anno", "seit", "Frühjahr", "Frühling", "Sommer", "Herbst", "Winter"];

    private static readonly HashSet<string> BeforeTimes = ["um", "ab", "bis", "gegen", "von", "seit", "vor", "nach"];

    public static IReadOnlyList<SpeechRule> Rules { get; } =
    [
        // A month that is written short: behind a day, or before a year.
        new($@"(?<=\b\d{{1,2}}\. ?)(?<name>{ShortMonths})\.(?!\p{{L}})", (match, text) =>
            Month(match) + (SentenceRules.German.IsEndBefore(NeighbouringWords.After(text, match.Index + match.Length)) ? "." : "")),
        new($@"(?<![\p{{L}}\p{{N}}.])(?<name>{ShortMonths})\.(?= ?(?:1[1-9]|20)\d\d{SpeechRule.End})", match => Month(match)),
        new(@"(?<![\p{L}\p{N}.])(?<name>Mo|Di|Mi|Do|Fr|Sa|So)\.(?=,? (?:de[nmr] )?\d{1,2}\.)", match => Weekdays.First(day => day.StartsWith(match.Groups["name"].Value, StringComparison.Ordinal))),
        new($@"{SpeechRule.Begin}(?<year>\d{{4}})-(?<month>\d{{2}})-(?<day>\d{{2}}){SpeechRule.End}", (match, text) => Date(match, text)),
        new($@"{SpeechRule.Begin}(?<day>\d{{1,2}})\. ?(?<month>\d{{1,2}})\. ?(?<year>\d{{4}}|\d{{2}}){SpeechRule.End}", (match, text) => Date(match, text)),
        new($@"{SpeechRule.Begin}(?<day>\d{{1,2}})\. ?(?<month>\d{{1,2}})\.(?! ?\d)(?![\p{{L}}\p{{N}}.])", (match, text) =>
        {
            if (!GermanOrdinals.IsAfterArticle(text, match.Index) || Date(match, text) is not { } date) return null;
            return SentenceRules.German.IsEndBefore(NeighbouringWords.After(text, match.Index + match.Length)) ? date + "." : date;
        }),
        new($@"{SpeechRule.Begin}(?<hour>\d{{1,2}})[:.](?<minute>\d{{2}}) ?[–-] ?(?=\d{{1,2}}[:.]\d{{2}} ?Uhr(?!\p{{L}}))", match => Time(match) is { } time ? time + " bis " : null),
        new($@"{SpeechRule.Begin}(?<hour>\d{{1,2}}):(?<minute>\d{{2}}):(?<second>\d{{2}}) ?Uhr(?!\p{{L}})", Time),
        new($@"{SpeechRule.Begin}(?<hour>\d{{1,2}})[:.](?<minute>\d{{2}}) ?Uhr(?!\p{{L}})", Time),
        new($@"{SpeechRule.Begin}(?<hour>\d{{1,2}}) ?Uhr(?!\p{{L}})", Time),
        new($@"{SpeechRule.Begin}(?<hour>\d{{1,2}}):(?<minute>\d{{2}}){SpeechRule.End}", (match, text) =>
            BeforeTimes.Contains(NeighbouringWords.Before(text, match.Index).Word.ToLowerInvariant()) ? Time(match) : null),
    ];

    /// <summary>Years without a date; behind amounts and units, which may look alike.</summary>
    public static SpeechRule Years { get; } = new($@"{SpeechRule.Begin}(?<year>1[1-9]\d\d){SpeechRule.End}(?!\.? ?(?:Mio|Mrd)\.)", (match, text) =>
    {
        var next = match.Index + match.Length;
        var counts = next + 1 < text.Length && text[next] == ' ' && char.IsUpper(text[next + 1]) && !SentenceRules.German.Starters.Contains(NeighbouringWords.After(text, next).ToString());
        return !counts || BeforeYears.Contains(NeighbouringWords.Before(text, match.Index).Word) ? GermanNumbers.Year(Number(match, "year")) : null;
    });

    private static string? Date(Match match, string text)
    {
        var (day, month) = (Number(match, "day"), Number(match, "month"));
        var year = match.Groups["year"].Success ? Number(match, "year") : 2000;
        var written = match.Groups["year"].Length;
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(written == 4 && year > 0 ? year : 2000, month)) return null;
        if (GermanOrdinals.Ending(text, match.Index, isDate: true) is not { } ending) return null;
        var date = $"{GermanNumbers.Ordinal(day, ending)} {Months[month - 1]}";
        return written == 0 ? date : $"{date} {(written == 2 && year < 10 ? "null " : "")}{GermanNumbers.Year(year)}";
    }

    private static string? Time(Match match)
    {
        var (hour, minute) = (Number(match, "hour"), match.Groups["minute"].Success ? Number(match, "minute") : 0);
        var seconds = match.Groups["second"].Success ? Number(match, "second") : 0;
        if (hour > 24 || minute > 59 || seconds > 59) return null;
        var time = $"{GermanNumbers.Counting(hour)} Uhr";
        if (minute > 0 || seconds > 0) time = $"{time} {GermanNumbers.Cardinal(minute)}";
        return seconds switch
        {
            0 => time,
            1 => time + " und eine Sekunde",
            _ => $"{time} und {GermanNumbers.Cardinal(seconds)} Sekunden",
        };
    }

    private static string Month(Match match) => match.Groups["name"].Value is "Mrz" ? "März" : Months.First(month => month.StartsWith(match.Groups["name"].Value, StringComparison.Ordinal));

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
}
