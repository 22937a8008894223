using System.Globalization;
using System.Text.RegularExpressions;
using VoxMake.Text.Speech;
using VoxMake.Yaml;

namespace VoxMake.Text.Rules;

/// <summary>Dates and times by patterns: what is written, and what is said.</summary>
internal sealed class DateRules
{
    private static readonly IReadOnlyDictionary<string, string> Fields = new Dictionary<string, string>
    {
        ["day"] = @"(?<day>\d{1,2})", ["month"] = @"(?<month>\d{1,2})", ["year"] = @"(?<year>[12]\d{3})", ["hour"] = @"(?<hour>\d{1,2})", ["minute"] = @"(?<minute>\d{2})",
        ["second"] = @"(?<second>\d{2})",
    };

    private readonly NumberRules _numbers;
    private readonly List<IReadOnlyDictionary<string, string>> _months = [];
    private readonly Dictionary<string, int> _monthOf = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<SpeechRule> _rules = [];

    private DateRules(NumberRules numbers) => _numbers = numbers;

    /// <summary>The rules for dates and times of a file.</summary>
    public static IReadOnlyList<SpeechRule> Read(RuleSection? dates, RuleSection? times, NumberRules numbers, Action<YamlNode, string> checkWords)
    {
        var rules = new DateRules(numbers);
        if (dates is not null)
        {
            rules.ReadMonths(dates, checkWords);
            rules.ReadPatterns(dates, ["day", "month", "name", "year"], checkWords);
            dates.Done();
        }
        if (times is not null)
        {
            rules.ReadPatterns(times, ["hour", "minute", "second"], checkWords);
            times.Done();
        }
        return rules._rules;
    }

    private void ReadMonths(RuleSection dates, Action<YamlNode, string> checkWords)
    {
        foreach (var item in dates.List("months"))
        {
            var forms = new Dictionary<string, string>(StringComparer.Ordinal);
            if (item is ScalarNode plain) forms["name"] = plain.Text;
            else if (item is MapNode map)
            {
                var month = new RuleSection(map, dates.Errors);
                foreach (var other in month.Texts("also")) _monthOf[other.Text] = _months.Count + 1;
                foreach (var entry in map.Entries.Where(entry => entry.Key.Text != "also"))
                    if (month.AsText(entry.Value, entry.Key.Text) is { } form) forms[entry.Key.Text] = form.Text;
                if (!forms.ContainsKey("name")) dates.Errors.Add(map, "the key 'name' is missing here");
            }
            else dates.Errors.Add(item, "expected a month's name, or { name: …, also: […] }");
            foreach (var form in forms.Values)
            {
                checkWords(item, form);
                _monthOf[form] = _months.Count + 1;
            }
            _months.Add(forms);
        }
        if (_months.Count is not (0 or 12)) dates.Errors.Add(dates.Map, $"expected 12 months, found {_months.Count}");
    }

    private void ReadPatterns(RuleSection section, IReadOnlyList<string> fields, Action<YamlNode, string> checkWords)
    {
        var forms = fields.Where(field => field != "name").ToDictionary(field => field, field => field == "month" ? MonthForms() : _numbers.Forms);
        foreach (var pattern in section.Sections("patterns"))
        {
            var (written, spoken) = (pattern.Text("written", required: true), pattern.Text("spoken", required: true));
            pattern.Done();
            if (written is null || spoken is null) continue;
            var regex = Written(written, fields, section.Errors);
            var said = SpokenPattern.Parse(spoken, forms, _numbers.Suffixes is not null, section.Errors, checkWords);
            if (regex is null || said is null) continue;
            foreach (var place in said.Places)
                if (!regex.Contains($"(?<{place.Name}>", StringComparison.Ordinal)) section.Errors.Add(spoken, $"{{{place.Name}}} is said but not written");
            var suffix = _numbers.SuffixPattern() is { } any ? any + "?" : "";
            _rules.Add(new($"{SpeechRule.Begin}{regex}{suffix}{SpeechRule.End}", match => Say(match, said)));
        }
    }

    private IReadOnlyList<string> MonthForms() => _months.Count == 0 ? [] : [.. _months.SelectMany(month => month.Keys).Distinct()];

    private string? Written(ScalarNode text, IReadOnlyList<string> fields, RuleErrors errors)
    {
        var regex = "";
        var seen = new HashSet<string>();
        foreach (Match part in Regex.Matches(text.Text, @"\{(?<field>[^{}]*)\}|(?<space> )|(?<sign>[^{}\s])"))
        {
            if (part.Groups["space"].Success) regex += " ?";
            else if (part.Groups["sign"].Success) regex += Regex.Escape(part.Value);
            else if (!fields.Contains(part.Groups["field"].Value) || !seen.Add(part.Groups["field"].Value))
            {
                errors.Add(text, $"'{Excerpt.Of(part.Value)}' cannot stand here; expected each of {string.Join(", ", fields.Select(field => $"{{{field}}}"))} once at most");
                return null;
            }
            else regex += part.Groups["field"].Value == "name" ? $"(?<month>{(_monthOf.Count == 0 ? "(?!)" : $"(?i:{SpeechRule.OneOf(_monthOf.Keys)})")})" : Fields[part.Groups["field"].Value];
        }
        if (seen.Count > 0) return regex;
        errors.Add(text, $"'{Excerpt.Of(text.Text)}' has no place such as {{{fields[0]}}}");
        return null;
    }

    private string? Say(Match match, SpokenPattern said)
    {
        var month = match.Groups["month"].Success ? _monthOf.TryGetValue(match.Groups["month"].Value, out var named) ? named : Number(match, "month") : (int?)null;
        var (day, year) = (Number(match, "day"), Number(match, "year"));
        if (month is < 1 or > 12 || day is 0 || day > (month is { } inMonth ? DateTime.DaysInMonth(year ?? 2000, inMonth) : 31)) return null;
        if (Number(match, "hour") > 24 || Number(match, "minute") > 59 || Number(match, "second") > 59) return null;
        if (month is not null && _months.Count == 0 && said.Places.Any(place => place.Name == "month")) return null;
        var words = said.Say(place =>
        {
            var value = place.Name == "month" ? MonthName(month!.Value, place.Form)
                : Number(match, place.Name) is { } number && !(number == 0 && place.Name is "minute" or "second") ? _numbers.Say(number, place.Form) : null;
            return value is not null && place.Suffix.Length > 0 ? _numbers.Suffixes!.Join(value, place.Suffix) : value;
        });
        return match.Groups["suffix"].Success ? _numbers.Suffixes!.Join(words, match.Groups["suffix"].Value) : words;
    }

    private string MonthName(int month, string form) => _months[month - 1].TryGetValue(form.Length > 0 ? form : "name", out var name) ? name : _months[month - 1]["name"];

    private static int? Number(Match match, string field) => match.Groups[field] is { Success: true } group ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : null;
}
