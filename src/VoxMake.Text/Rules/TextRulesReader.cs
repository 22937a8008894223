using System.Collections.Frozen;
using VoxMake.Text.Speech;
using VoxMake.Yaml;

namespace VoxMake.Text.Rules;

/// <summary>Makes rules of a file.</summary>
internal sealed class TextRulesReader
{
    private readonly RuleErrors _errors;
    private string? _alphabet;

    private TextRulesReader(RuleErrors errors) => _errors = errors;

    public static TextRules Read(string yaml, string name)
    {
        var errors = new RuleErrors();
        var root = YamlReader.Read(new(name, yaml), errors.Add);
        if (root is not (null or MapNode or RefusedNode)) errors.Add(root, "expected keys such as 'language: kmr'");
        errors.ThrowIfAny();
        return new TextRulesReader(errors).Read(new RuleSection((MapNode)root!, errors));
    }

    private TextRules Read(RuleSection root)
    {
        var language = root.Text("language", required: true);
        root.Text("name");
        _alphabet = root.Text("alphabet")?.Text;
        var replacements = Replacement.Read(root);
        var sentences = Sentences(root.Section("sentences"), Abbreviated(root));
        var numbers = root.Section("numbers") is { } section ? NumberRules.Read(section, CheckWords) : null;
        if (numbers is null && root.Find("numbers") is null) _errors.Add(root.Map, "the key 'numbers' is missing here");
        var signs = root.Pairs("signs").ToList();
        foreach (var (sign, word) in signs)
        {
            CheckWords(word, word.Text);
            if (sign.Text.Length == 0) _errors.Add(sign, "expected a sign such as '&'");
        }
        var range = root.Text("range_to");
        if (range is not null) CheckWords(range, range.Text);
        var spoken = root.Pairs("addresses").ToList();
        var (dates, times) = (root.Section("dates"), root.Section("times"));
        var reading = numbers is null ? [] : Reading(root, numbers, sentences, dates, times, range?.Text, signs);
        var addresses = numbers is null ? null : Addresses(root, spoken, numbers);
        foreach (var key in new[] { "money", "units" }) root.Find(key);
        root.Done();
        _errors.ThrowIfAny();
        return new(language!.Text, _alphabet, replacements, sentences, numbers!, addresses, reading);
    }

    private List<SpeechRule> Reading(RuleSection root, NumberRules numbers, SentenceRules sentences, RuleSection? dates, RuleSection? times, string? range, List<(ScalarNode Sign, ScalarNode Word)> signs)
    {
        var rules = new List<SpeechRule>(SignRules.Telephone(numbers.Words.Digits));
        if (sentences.Abbreviations.All.Any(one => one.Spoken is not null)) rules.Add(AbbreviationRule.Of(sentences));
        rules.AddRange(DateRules.Read(dates, times, numbers, CheckWords));
        if (range is not null) rules.Add(SignRules.Ranges(range, sentences));
        rules.AddRange(MeasureRules.Money(root, numbers, CheckWords));
        rules.AddRange(MeasureRules.Units(root, numbers, CheckWords));
        rules.AddRange(numbers.Rules(sentences));
        rules.AddRange(SignRules.Between([.. signs.Select(sign => (sign.Sign.Text, sign.Word.Text))]));
        return rules;
    }

    private List<Abbreviation> Abbreviated(RuleSection root)
    {
        var all = new Dictionary<string, Abbreviation>(StringComparer.Ordinal);
        foreach (var section in root.Sections("abbreviations"))
        {
            var (written, spoken) = (section.Text("written", required: true), section.Text("spoken"));
            var (ends, before) = (section.Flag("ends"), section.Flag("before_number"));
            section.Done();
            if (written is null) continue;
            if (spoken is not null) CheckWords(spoken, spoken.Text);
            if (written.Text.Length is 0 or > 20 || !char.IsLetter(written.Text[0]) || written.Text.Any(char.IsDigit) || spoken is { Text.Length: 0 })
                _errors.Add(written, "expected letters, with their full stops, and what is said");
            else if (!all.TryAdd(written.Text.Replace(" ", "").ToLowerInvariant(), new(written.Text, spoken?.Text, ends, before)))
                _errors.Add(written, $"'{Excerpt.Of(written.Text)}' is given twice");
        }
        return [.. all.Values];
    }

    private static SentenceRules Sentences(RuleSection? section, List<Abbreviation> abbreviations)
    {
        var starters = section?.Texts("starters").Select(text => text.Text).ToFrozenSet(StringComparer.Ordinal) ?? FrozenSet<string>.Empty;
        var ordinals = section?.Flag("ordinals") ?? false;
        var ends = section?.Text("ends");
        if (ends is not null && ends.Text.Any(c => char.IsLetterOrDigit(c) || char.IsWhiteSpace(c))) section!.Errors.Add(ends, "expected marks only");
        section?.Done();
        return new(new Abbreviations(abbreviations), ordinals, starters, ends?.Text ?? "");
    }

    private AddressWords? Addresses(RuleSection root, List<(ScalarNode Sign, ScalarNode Word)> spoken, NumberRules numbers)
    {
        if (spoken.Count == 0) return null;
        var signs = new Dictionary<char, string>();
        foreach (var (sign, word) in spoken)
        {
            CheckWords(word, word.Text);
            if (sign.Text is [var c] && AddressWords.All.Contains(c)) signs[c] = word.Text;
            else _errors.Add(sign, $"expected one of {string.Join(' ', AddressWords.All.ToCharArray())}");
        }
        if (!signs.ContainsKey('.') || !signs.ContainsKey('@')) _errors.Add(root.Find("addresses")!, "expected words for '.' and '@' at least");
        return new(signs, numbers.Words.Digits);
    }

    /// <summary>What is said has to be written in the language's letters, without digits: that finds what is misspelt, and what would be read again.</summary>
    private void CheckWords(YamlNode at, string words)
    {
        if (words.Any(char.IsDigit)) _errors.Add(at, $"'{Excerpt.Of(words)}' has digits; expected words");
        if (_alphabet is null) return;
        var foreign = words.Where(c => char.IsLetter(c) && !_alphabet.Contains(char.ToLowerInvariant(c))).Distinct().ToList();
        if (foreign.Count > 0) _errors.Add(at, $"'{Excerpt.Of(words)}' has {string.Join(", ", foreign)}, which the alphabet does not have");
    }
}
