using System.Globalization;
using System.Text.RegularExpressions;
using VoxMake.Text.Speech;
using VoxMake.Yaml;

namespace VoxMake.Text.Rules;

/// <summary>How a language writes and says numbers.</summary>
internal sealed class NumberRules
{
    /// <summary>The set of ordinals, where a language has one.</summary>
    public const string OrdinalSet = "ordinal";

    private readonly IReadOnlyDictionary<char, string> _decimals;
    private readonly bool _digitsOfFraction, _roman;
    private readonly string _minus;
    private readonly IReadOnlyList<(string Ends, string To)> _endings;

    private NumberRules(NumberWords words, Numerals numerals, IReadOnlyDictionary<char, string> decimals, bool digitsOfFraction, string minus, IReadOnlyList<(string, string)> endings,
        SuffixRules? suffixes, PluralForms plurals, bool roman) =>
        (Words, Numerals, _decimals, _digitsOfFraction, _minus, _endings, Suffixes, Plurals, _roman) = (words, numerals, decimals, digitsOfFraction, minus, endings, suffixes, plurals, roman);

    public NumberWords Words { get; }

    public Numerals Numerals { get; }

    public SuffixRules? Suffixes { get; }

    public PluralForms Plurals { get; }

    public bool HasOrdinals => _endings.Count > 0 || Words.Has(OrdinalSet);

    /// <summary>The forms that a number may have in a pattern.</summary>
    public IReadOnlyList<string> Forms => [.. Words.Sets.Append(OrdinalSet).Distinct()];

    /// <summary>A number in one of <see cref="Forms"/>; the plain one where that is empty.</summary>
    public string Say(long number, string form = "") => form switch
    {
        "" => Words.Say(number),
        OrdinalSet => Ordinal(number),
        _ => Words.Say(number, form),
    };

    /// <summary>A number with its sign and what stands behind its decimal mark.</summary>
    public string Say(Numeral number)
    {
        var words = (number.IsNegative ? _minus + " " : "") + Words.Say(number.Whole);
        return number.IsWhole ? words : $"{words} {_decimals[number.Mark]} {Fraction(number.Fraction)}";
    }

    /// <summary>An ordinal: of its own set, else the cardinal with its end changed; the cardinal where a language tells neither.</summary>
    public string Ordinal(long number)
    {
        if (Words.Has(OrdinalSet)) return Words.Say(number, OrdinalSet);
        var words = Words.Say(number);
        foreach (var (ends, to) in _endings)
            if (words.EndsWith(ends, StringComparison.Ordinal)) return words[..^ends.Length] + to;
        return words;
    }

    private string Fraction(string digits)
    {
        if (_digitsOfFraction) return Words.Digits(digits);
        var zeros = digits.Length - digits.TrimStart('0').Length;
        var rest = digits[zeros..];
        return string.Join(' ', new[] { Words.Digits(digits[..zeros]), rest.Length == 0 ? "" : Words.Say(long.Parse(rest, CultureInfo.InvariantCulture)) }.Where(part => part.Length > 0));
    }

    public static NumberRules? Read(RuleSection section, Action<YamlNode, string> checkWords)
    {
        var errors = section.Errors;
        var plurals = PluralForms.Read(section.Section("plurals"));
        var words = section.Find("words") is MapNode sets ? NumberWords.Read(sets, plurals, errors, checkWords) : null;
        if (words is null) errors.Add(section.Map, "the key 'words' is missing here, with a set 'cardinal' below it");
        var grouping = string.Concat(section.Texts("grouping").Select(mark => Mark(mark, errors)));
        var decimals = new Dictionary<char, string>();
        foreach (var (mark, word) in section.Pairs("decimal"))
        {
            checkWords(word, word.Text);
            if (Mark(mark, errors) is [var sign]) decimals[sign] = word.Text;
        }
        var fraction = section.Text("fraction");
        if (fraction is not null && fraction.Text is not ("digits" or "number")) errors.Add(fraction, $"expected digits or number, found '{Excerpt.Of(fraction.Text)}'");
        var minus = section.Text("minus", required: true);
        if (minus is not null) checkWords(minus, minus.Text);
        var endings = new List<(string, string)>();
        foreach (var (ends, to) in section.Pairs("ordinal_endings"))
        {
            checkWords(ends, ends.Text);
            checkWords(to, to.Text);
            endings.Add((ends.Text, to.Text));
        }
        var suffixes = SuffixRules.Read(section.Section("suffixes"), checkWords);
        var roman = section.Flag("roman");
        section.Done();
        if (words is null || minus is null) return null;
        return new(words, new Numerals(grouping, string.Concat(decimals.Keys)), decimals, fraction?.Text != "number", minus.Text, [.. endings.OrderByDescending(ending => ending.Item1.Length)],
            suffixes, plurals, roman);
    }

    private static string Mark(ScalarNode text, RuleErrors errors)
    {
        if (text.Text is [var mark] && ".,' ’·_\u00A0\u202F٫٬".Contains(mark)) return text.Text;
        errors.Add(text, $"expected one mark such as \".\" or \",\", found '{Excerpt.Of(text.Text)}'");
        return "";
    }

    /// <summary>Numbers, ordinals and numbers with endings, as rules for a text.</summary>
    public IEnumerable<SpeechRule> Rules(SentenceRules sentences)
    {
        if (HasOrdinals && sentences.Ordinals)
            yield return new($@"{SpeechRule.Begin}(?<number>[1-9]\d{{0,2}})\.(?= \p{{Ll}})", match => Ordinal(long.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture)));
        if (Suffixes is not null && SuffixPattern() is { } suffix)
            yield return new($@"{SpeechRule.Begin}{Numerals.Pattern}{suffix}(?![\p{{L}}\p{{N}}])", match => Suffixes.Join(Say(Numerals.Read(match)), match.Groups["suffix"].Value));
        if (_roman && HasOrdinals && sentences.Ordinals)
            yield return new($@"{SpeechRule.Begin}(?<number>[IVX]{{1,6}})\.(?= \p{{L}}{{2}})", (match, text) => RomanNumber.Read(match.Groups["number"].Value) is { } number
                && (number > 1 || match.Index > 0) && !sentences.IsEndBefore(NeighbouringWords.After(text, match.Index + match.Length)) ? Ordinal(number) : null);
        if (_roman && Suffixes is not null && SuffixPattern() is { } ending) // I alone and X may be letters
            yield return new($@"{SpeechRule.Begin}(?<number>[IVX]{{2,6}}){ending}(?![\p{{L}}\p{{N}}])", match =>
                RomanNumber.Read(match.Groups["number"].Value) is { } number ? Suffixes.Join(Say(number), match.Groups["suffix"].Value) : null);
        yield return new($@"{SpeechRule.Begin}{Numerals.Pattern}{SpeechRule.End}", (match, text) =>
        {
            var number = Numerals.Read(match);
            var end = match.Index + match.Length;
            var mayBeOrdinal = sentences.Ordinals && number is { IsPlain: true, Whole: < 1000 } && end < text.Length && text[end] == '.';
            return mayBeOrdinal && !sentences.IsEndBefore(NeighbouringWords.After(text, end + 1)) ? null : Say(number);
        });
        yield return SignRules.LeadingZeros(Words.Digits);
    }

    /// <summary>Endings behind digits, as the group <c>suffix</c>; null where there are none.</summary>
    public string? SuffixPattern()
    {
        if (Suffixes is null) return null;
        var ways = new List<string>();
        if (Suffixes.Written.Count > 0) ways.Add($"{(Suffixes.Marks.Length > 0 ? $"[{Regex.Escape(Suffixes.Marks)}]?" : "")}(?<suffix>{SpeechRule.OneOf(Suffixes.Written)})");
        if (Suffixes is { AnyBehindMark: true, Marks.Length: > 0 }) ways.Add($@"[{Regex.Escape(Suffixes.Marks)}](?<suffix>\p{{L}}{{1,12}})");
        return ways.Count == 0 ? null : $"(?:{string.Join('|', ways)})";
    }
}
