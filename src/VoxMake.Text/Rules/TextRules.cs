using System.Text;
using VoxMake.Text.Speech;
using VoxMake.Yaml;

namespace VoxMake.Text.Rules;

/// <summary>How texts of one language are read, from a YAML file (docs/text-rules.md): numbers, dates, money, units, abbreviations, ends of sentences.</summary>
public sealed class TextRules
{
    private static readonly Dictionary<string, Lazy<TextRules>> ShippedByCode = FindShipped();

    internal TextRules(string language, string? alphabet, IReadOnlyList<Replacement> replacements, SentenceRules sentences, NumberRules numbers, AddressWords? addresses,
        IReadOnlyList<SpeechRule> reading) =>
        (Language, Alphabet, Replacements, Sentences, Numbers, Addresses, Reading) = (language, alphabet, replacements, sentences, numbers, addresses, reading);

    /// <summary>The language's code, such as <c>kmr</c>.</summary>
    public string Language { get; }

    /// <summary>The small letters of the language; null where the file names none.</summary>
    public string? Alphabet { get; }

    /// <summary>Languages whose rules ship with VoxMake, besides German and English, which are read by code.</summary>
    public static IReadOnlyCollection<string> Shipped => [.. ShippedByCode.Keys.Order(StringComparer.Ordinal)];

    internal IReadOnlyList<Replacement> Replacements { get; }

    internal SentenceRules Sentences { get; }

    internal NumberRules Numbers { get; }

    internal AddressWords? Addresses { get; }

    internal IReadOnlyList<SpeechRule> Reading { get; }

    /// <summary>A number from 0 to below 10^18 in words.</summary>
    public string Cardinal(long number) => Numbers.Say(number);

    /// <summary>An ordinal in words; the cardinal where the file has no rules for ordinals.</summary>
    public string Ordinal(long number) => Numbers.Ordinal(number);

    /// <summary>Letters of a text that the language's alphabet does not have, once each, in order; nothing where the file names no alphabet.</summary>
    public IReadOnlyList<string> ForeignLetters(string text) => Alphabet is null ? []
        : [.. text.EnumerateRunes().Where(rune => Rune.IsLetter(rune) && !Alphabet.Contains(Rune.ToLowerInvariant(rune).ToString(), StringComparison.Ordinal)).Select(rune => rune.ToString())
            .Distinct(StringComparer.Ordinal)];

    /// <summary>Reads a file of rules in UTF-8.</summary>
    /// <param name="name">What messages call it; the path where nothing is given.</param>
    /// <exception cref="TextRulesException">It cannot be read or used: everything that is wrong, as <c>file:line:column: message</c>.</exception>
    public static TextRules Load(string path, string? name = null)
    {
        name ??= path;
        return YamlText.ReadFile(path, out var why) is { } yaml ? Parse(yaml, name) : throw new TextRulesException([new(name, 1, 1, "", why)]);
    }

    /// <summary>Reads rules from a text.</summary>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="TextRulesException">It cannot be used.</exception>
    public static TextRules Parse(string yaml, string name) => TextRulesReader.Read(yaml, name);

    /// <summary>The rules that ship for a language, by its code (<c>kmr</c>, <c>ku-TR</c>); null where there are none.</summary>
    public static TextRules? For(string? language) => language is not null && ShippedByCode.TryGetValue(language.Split('-', '_')[0].ToLowerInvariant(), out var rules) ? rules.Value : null;

    private static Dictionary<string, Lazy<TextRules>> FindShipped()
    {
        // two codes of one language are one file: Kurmanji is kmr, and ku where nothing else is said
        var byCode = new Dictionary<string, Lazy<TextRules>>(StringComparer.Ordinal);
        foreach (var (file, codes) in new[] { ("kmr.yaml", new[] { "kmr", "ku" }), ("tr.yaml", ["tr", "tur"]) })
        {
            var rules = new Lazy<TextRules>(() => Parse(Resource(file), file));
            foreach (var code in codes) byCode[code] = rules;
        }
        return byCode;
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(TextRules).Assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
