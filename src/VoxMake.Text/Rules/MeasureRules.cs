using System.Globalization;
using System.Text.RegularExpressions;
using VoxMake.Text.Speech;
using VoxMake.Yaml;

namespace VoxMake.Text.Rules;

/// <summary>Money and units: a number with a sign before or behind it.</summary>
internal static class MeasureRules
{
    /// <summary>What is said of an amount, by the form that its number asks for.</summary>
    /// <param name="CentsAlone">Of less than one whole; null where there is no such.</param>
    private sealed record Currency(IReadOnlyDictionary<string, SpokenPattern> Spoken, IReadOnlyDictionary<string, SpokenPattern>? CentsAlone);

    public static IEnumerable<SpeechRule> Money(RuleSection root, NumberRules numbers, Action<YamlNode, string> checkWords)
    {
        var bySign = new Dictionary<string, Currency>(StringComparer.Ordinal);
        foreach (var section in root.Sections("money"))
        {
            var spoken = Forms(section, "spoken", ["number", "cents"], numbers, checkWords);
            var cents = section.Find("cents") is null ? null : Forms(section, "cents", ["cents"], numbers, checkWords);
            foreach (var sign in section.Texts("signs"))
                if (sign.Text.Length == 0 || sign.Text.Any(char.IsDigit)) section.Errors.Add(sign, "expected a sign such as € or a code such as EUR");
                else if (spoken is not null) bySign[sign.Text] = new(spoken, cents);
            section.Done();
        }
        if (bySign.Count == 0) yield break;
        var signs = SpeechRule.OneOf(bySign.Keys);
        yield return new($@"{SpeechRule.Begin}{numbers.Numerals.Pattern} ?(?<what>{signs})(?![\p{{L}}\p{{N}}])", match => Say(match, bySign[match.Groups["what"].Value], numbers));
        yield return new($@"(?<![\p{{L}}\p{{N}}€$£¥₺])(?<what>{signs}) ?{numbers.Numerals.Pattern}{SpeechRule.End}", match => Say(match, bySign[match.Groups["what"].Value], numbers));
    }

    public static IEnumerable<SpeechRule> Units(RuleSection root, NumberRules numbers, Action<YamlNode, string> checkWords)
    {
        var bySign = new Dictionary<string, IReadOnlyDictionary<string, SpokenPattern>>(StringComparer.Ordinal);
        var before = new List<string>();
        if (root.Section("units") is not { } units) yield break;
        foreach (var entry in units.Map.Entries)
        {
            if (entry.Key.Text.Length == 0 || entry.Key.Text.Any(char.IsAsciiDigit)) units.Errors.Add(entry.Key, "expected a sign such as km or %");
            if (entry.Value is MapNode map && new RuleSection(map, units.Errors) is var unit)
            {
                if (unit.Flag("before")) before.Add(entry.Key.Text);
                if (Forms(unit, "spoken", ["number"], numbers, checkWords) is { } forms) bySign[entry.Key.Text] = forms;
                unit.Done();
            }
            else if (units.AsText(entry.Value, entry.Key.Text) is { } text && Parse(text, ["number"], numbers, units.Errors, checkWords) is { } pattern)
                bySign[entry.Key.Text] = new Dictionary<string, SpokenPattern> { ["other"] = pattern };
        }
        if (bySign.Count == 0) yield break;
        yield return new($@"{SpeechRule.Begin}{numbers.Numerals.Pattern} ?(?<what>{SpeechRule.OneOf(bySign.Keys)})(?![\p{{L}}\p{{N}}²³/])",
            match => Say(match, bySign[match.Groups["what"].Value], numbers));
        if (before.Count > 0)
            yield return new($@"(?<![\p{{L}}\p{{N}}])(?<what>{SpeechRule.OneOf(before)}) ?{numbers.Numerals.Pattern}(?:{SpeechRule.End}|{numbers.SuffixPattern() ?? "(?!)"}(?![\p{{L}}\p{{N}}]))",
                match => Say(match, bySign[match.Groups["what"].Value], numbers));
    }

    private static string Say(Match match, IReadOnlyDictionary<string, SpokenPattern> forms, NumberRules numbers)
    {
        var number = numbers.Numerals.Read(match);
        var formed = number.IsWhole && !number.IsNegative;
        var words = Choose(forms, number, numbers).Say(place => Joined(numbers, place, place.Form.Length > 0 && formed ? numbers.Say(number.Whole, place.Form) : numbers.Say(number)));
        return match.Groups["suffix"].Success ? numbers.Suffixes!.Join(words, match.Groups["suffix"].Value) : words;
    }

    private static string Say(Match match, Currency currency, NumberRules numbers)
    {
        var amount = numbers.Numerals.Read(match);
        var cents = amount.Fraction.Length == 2 ? int.Parse(amount.Fraction, CultureInfo.InvariantCulture) : 0;
        var whole = amount with { Fraction = "", IsPlain = false };
        if (amount.Whole == 0 && cents > 0 && !amount.IsNegative && currency.CentsAlone is { } alone)
            return Choose(alone, new(false, cents, "", '\0', true), numbers).Say(place => Joined(numbers, place, numbers.Say(cents, place.Form)));
        var said = amount.Fraction.Length is 0 or 2 ? whole : amount;
        return Choose(currency.Spoken, said, numbers).Say(place => Joined(numbers, place, place.Name switch
        {
            "cents" => cents > 0 ? numbers.Say(cents, place.Form) : null,
            _ => place.Form.Length > 0 && said is { IsWhole: true, IsNegative: false } ? numbers.Say(said.Whole, place.Form) : numbers.Say(said),
        }));
    }

    private static string? Joined(NumberRules numbers, SpokenPlace place, string? words) => words is null || place.Suffix.Length == 0 ? words : numbers.Suffixes!.Join(words, place.Suffix);

    private static SpokenPattern Choose(IReadOnlyDictionary<string, SpokenPattern> forms, Numeral number, NumberRules numbers) =>
        number.IsWhole && forms.TryGetValue(numbers.Plurals.NameOf(number.Whole), out var form) ? form : forms["other"];

    /// <summary>A text, or one for each form of plurals.</summary>
    private static IReadOnlyDictionary<string, SpokenPattern>? Forms(RuleSection section, string key, string[] places, NumberRules numbers, Action<YamlNode, string> checkWords)
    {
        var found = section.Find(key);
        if (found is null)
        {
            section.Errors.Add(section.Map, $"the key '{key}' is missing here");
            return null;
        }
        var forms = new Dictionary<string, SpokenPattern>(StringComparer.Ordinal);
        if (found is MapNode map)
        {
            foreach (var entry in map.Entries)
            {
                if (!numbers.Plurals.Names.Contains(entry.Key.Text))
                    section.Errors.Add(entry.Key, $"there is no form '{Excerpt.Of(entry.Key.Text)}'; there are {string.Join(", ", numbers.Plurals.Names)}");
                if (section.AsText(entry.Value, entry.Key.Text) is { } text && Parse(text, places, numbers, section.Errors, checkWords) is { } pattern) forms[entry.Key.Text] = pattern;
            }
            if (!map.Entries.Any(entry => entry.Key.Text == "other")) section.Errors.Add(map, "the form 'other' is missing here");
        }
        else if (section.AsText(found, key) is { } alone && Parse(alone, places, numbers, section.Errors, checkWords) is { } pattern) forms["other"] = pattern;
        return forms.ContainsKey("other") ? forms : null;
    }

    private static SpokenPattern? Parse(ScalarNode text, string[] places, NumberRules numbers, RuleErrors errors, Action<YamlNode, string> checkWords) =>
        SpokenPattern.Parse(text, places.ToDictionary(place => place, _ => numbers.Forms), numbers.Suffixes is not null, errors, checkWords);
}
