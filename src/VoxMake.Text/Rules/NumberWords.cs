using VoxMake.Yaml;

namespace VoxMake.Text.Rules;

/// <summary>
/// Numbers in words, by sets of rules: each rule begins at a number, its base, and holds up to the next. With <c>{times}</c> the number is divided by the greatest power of ten that is not above the
/// base; without it <c>{rest}</c> is what the number has above the base's first digit (75 − 60 = 15 by a rule at 60, 21 − 20 = 1 by a rule at 21). Each step is smaller than the one before.
/// </summary>
internal sealed class NumberWords
{
    /// <summary>Above all that is said.</summary>
    public const long Limit = 1_000_000_000_000_000_000;

    /// <summary>The set that every language has.</summary>
    public const string Cardinal = "cardinal";

    private readonly IReadOnlyDictionary<string, Rule[]> _sets;
    private readonly PluralForms _plurals;

    private NumberWords(IReadOnlyDictionary<string, Rule[]> sets, PluralForms plurals) => (_sets, _plurals) = (sets, plurals);

    private sealed record Rule(long Base, NumberPattern Pattern)
    {
        public long Power { get; } = PowerOf(Base);

        /// <summary>What is taken off where nothing is divided: the base's first digit.</summary>
        public long Round => Base / Power * Power;
    }

    public bool Has(string set) => _sets.ContainsKey(set);

    public IEnumerable<string> Sets => _sets.Keys;

    /// <summary>A number from 0 to below <see cref="Limit"/> in words.</summary>
    public string Say(long number, string set = Cardinal)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Limit);
        var rules = _sets[set];
        int low = 0, high = rules.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (rules[middle].Base <= number) low = middle;
            else high = middle - 1;
        }
        var rule = rules[low];
        var divides = rule.Pattern.HasTimes;
        var times = number / rule.Power;
        var rest = divides ? number % rule.Power : number - rule.Round;
        return rule.Pattern.Say(
            other => Say(times, other.Length > 0 ? other : set),
            rest == 0 ? null : other => Say(rest, other.Length > 0 ? other : set),
            forms => _plurals.Choose(forms, times));
    }

    /// <summary>Digits one by one.</summary>
    public string Digits(string digits) => string.Join(' ', digits.Select(digit => Say(digit - '0')));

    /// <summary>Reads the sets below <c>words</c>; what is wrong is an error and null.</summary>
    /// <param name="checkWords">Asked of every word that a rule may say.</param>
    public static NumberWords? Read(MapNode map, PluralForms plurals, RuleErrors errors, Action<YamlNode, string> checkWords)
    {
        var sets = new Dictionary<string, Rule[]>(StringComparer.Ordinal);
        var places = new List<(ScalarNode At, string Set)>();
        foreach (var (name, value) in map.Entries.Select(entry => (entry.Key, entry.Value)))
        {
            if (value is not MapNode rules)
            {
                errors.Add(value, "expected numbers and words, such as '20: bîst[ û {rest}]'");
                continue;
            }
            var set = new List<Rule>();
            foreach (var entry in rules.Entries)
                if (ReadRule(entry, errors, checkWords) is { } rule)
                {
                    set.Add(rule);
                    places.AddRange(rule.Pattern.Sets.Select(other => ((ScalarNode)entry.Value, other)));
                }
            if (!set.Any(rule => rule.Base == 0)) errors.Add(name, $"the set '{Excerpt.Of(name.Text)}' has no word for 0");
            sets[name.Text] = [.. set.OrderBy(rule => rule.Base)];
        }
        if (!sets.ContainsKey(Cardinal)) errors.Add(map, $"the set '{Cardinal}' is missing: the numbers as one counts");
        foreach (var (at, set) in places)
            if (!sets.ContainsKey(set)) errors.Add(at, $"there is no set '{Excerpt.Of(set)}'; there are {string.Join(", ", sets.Keys)}");
        return new(sets, plurals);
    }

    private static Rule? ReadRule(Entry entry, RuleErrors errors, Action<YamlNode, string> checkWords)
    {
        var (key, value) = (entry.Key, entry.Value);
        if (key.Text.Length is 0 or > 19 || !key.Text.All(c => char.IsAsciiDigit(c) || c == '_') || !long.TryParse(key.Text.Replace("_", ""), out var number) || number >= Limit)
        {
            errors.Add(key, $"expected a whole number from 0 to below 10^18, such as 1000, found '{Excerpt.Of(key.Text)}'");
            return null;
        }
        if (value is not ScalarNode text)
        {
            errors.Add(value, "expected words, such as 'hezar[ û {rest}]'");
            return null;
        }
        if (NumberPattern.Parse(text, errors) is not { } pattern) return null;
        var rule = new Rule(number, pattern);
        foreach (var words in pattern.Words) checkWords(text, words);
        if (pattern.HasTimes && number < 10) errors.Add(text, "{times} needs a number of at least 10 before it: below, the same rule would be asked again for ever");
        else if (pattern.HasRest && rule.Round == 0) errors.Add(text, "nothing is left of 0");
        else if (pattern.NeedsRest && (pattern.HasTimes || number == rule.Round))
            errors.Add(text, "{rest} has to stand in brackets here, with what joins it, such as '[ û {rest}]': it can be nothing");
        else return rule;
        return null;
    }

    private static long PowerOf(long number)
    {
        long power = 1;
        while (power <= number / 10) power *= 10;
        return power;
    }
}
