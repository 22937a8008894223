using System.Text.RegularExpressions;
using VoxMake.Text.Rules;
using VoxMake.Tokenizers;
using VoxMake.Tokenizers.Unicode;

namespace VoxMake.Text.Speech;

/// <summary>
/// Makes a written text speakable for a voice that is a language model: numbers, dates, amounts, signs and abbreviations become words, tags such as <c>&lt;laugh&gt;</c> stay to the letter.
/// German and English have rules, and so has every language with a file of them (<see cref="TextRules"/>); in all
/// others only Unicode (form C), white space and hidden characters are put in order. What is not read for certain stays as it is, since such a voice reads digits too. What is clean
/// stays: a second time changes nothing.
/// </summary>
public sealed partial class TextCleaner
{
    /// <summary>Each pass leaves fewer digits and signs; real texts need two.</summary>
    private const int MostPasses = 16;

    private readonly IReadOnlyList<SpeechRule> _rules;
    private readonly IReadOnlyList<Replacement> _replacements;
    private readonly SpeechRule? _links;

    /// <param name="language">Such as <c>de</c>, <c>en-GB</c> or <c>kmr</c>.</param>
    /// <param name="tags">The tags that the voice knows; <see cref="EmotionTags.Orpheus"/> where none are given.</param>
    /// <param name="links">What becomes of addresses of pages. In a language without rules <see cref="LinkReading.Read"/> leaves them as they are.</param>
    public TextCleaner(string? language, EmotionTags? tags = null, LinkReading links = LinkReading.Read) : this(tags, links, Languages.Of(language) switch
    {
        Language.German => (AddressWords.German, GermanReading.Rules, []),
        Language.English => (AddressWords.English, EnglishReading.Rules, []),
        _ when TextRules.For(language) is { } rules => (rules.Addresses, rules.Reading, rules.Replacements),
        _ => (null, [], []),
    })
    { }

    /// <summary>For a language with rules in a file.</summary>
    public TextCleaner(TextRules rules, EmotionTags? tags = null, LinkReading links = LinkReading.Read) : this(tags, links, (rules.Addresses, rules.Reading, rules.Replacements)) { }

    private TextCleaner(EmotionTags? tags, LinkReading links, (AddressWords? Words, IReadOnlyList<SpeechRule> Rules, IReadOnlyList<Replacement> Replacements) language)
    {
        Tags = tags ?? EmotionTags.Orpheus;
        _links = AddressRules.Links(language.Words, links);
        _rules = language.Words is null ? language.Rules : [.. AddressRules.Addresses(language.Words), .. language.Rules];
        _replacements = language.Replacements;
    }

    /// <summary>The tags that are kept because they are known; unknown ones are kept as well, and listed by <see cref="UnknownTags"/>.</summary>
    public EmotionTags Tags { get; }

    /// <summary>The text as it is to be spoken.</summary>
    public string Clean(string text)
    {
        if (_replacements.Count > 0) text = Outside(Tags.Any, text, part => _replacements.Aggregate(Nfc.Of(Hidden().Replace(part, "")), (replaced, one) => one.Apply(replaced)));
        for (var pass = 0; pass < MostPasses; pass++)
        {
            var cleaned = Outside(Tags.Any, text, CleanBetween).Trim();
            if (cleaned == text) break;
            text = cleaned;
        }
        return text;
    }

    /// <summary>What looks like a tag but is none that the voice knows, once each, in order: it would read them out, so a caller may refuse such a text.</summary>
    public IReadOnlyList<string> UnknownTags(string text) => Tags.Unknown(text);

    private string CleanBetween(string text)
    {
        text = Nfc.Of(Hidden().Replace(text, ""));
        text = WhiteSpace().Replace(text, run => run.Value.AsSpan().IndexOfAny("\n\r\u0085\u2028\u2029") >= 0 ? "\n" : " ");
        text = _links?.Apply(text) ?? text;
        return Outside(AddressRules.Link(), text, part => _rules.Aggregate(part, (spoken, rule) => rule.Apply(spoken)));
    }

    /// <summary>A text with all that does not match replaced.</summary>
    private static string Outside(Regex kept, string text, Func<string, string> replace)
    {
        var parts = new List<string>();
        var done = 0;
        foreach (Match match in kept.Matches(text))
        {
            parts.Add(replace(text[done..match.Index]));
            parts.Add(match.Value);
            done = match.Index + match.Length;
        }
        parts.Add(replace(text[done..]));
        return string.Concat(parts);
    }

    /// <summary>Control characters, soft hyphens, zero-width spaces and byte order marks; joiners stay, since scripts and emoji need them.</summary>
    [GeneratedRegex(@"[\p{Cc}\u00AD\u200B\u2060\uFEFF-[\s]]")]
    private static partial Regex Hidden();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
