using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace VoxMake.Text.Normalizer;

/// <summary>
/// What two English texts are brought to before they are compared, so that only what was heard otherwise counts: openai-whisper's EnglishTextNormalizer, its oddities included ("5 o'clock" is "50
/// clock"). Contractions and titles are written out, numbers become digits, British spelling American; hesitations and notes in brackets go.
/// </summary>
public sealed partial class EnglishTextNormalizer
{
    private static readonly Lazy<FrozenDictionary<string, string>> Spellings = new(ReadSpellings);

    /// <summary>In the order in which they are applied.</summary>
    private static readonly (Regex Pattern, string Replacement)[] Contractions =
    [
        .. new (string Pattern, string Replacement)[]
        {
            (@"\bwon't\b", "will not"), (@"\bcan't\b", "can not"), (@"\blet's\b", "let us"), (@"\bain't\b", "aint"), (@"\by'all\b", "you all"), (@"\bwanna\b", "want to"), (@"\bgotta\b", "got to"),
            (@"\bgonna\b", "going to"), (@"\bi'ma\b", "i am going to"), (@"\bimma\b", "i am going to"), (@"\bwoulda\b", "would have"), (@"\bcoulda\b", "could have"), (@"\bshoulda\b", "should have"),
            (@"\bma'am\b", "madam"),
            (@"\bmr\b", "mister "), (@"\bmrs\b", "missus "), (@"\bst\b", "saint "), (@"\bdr\b", "doctor "), (@"\bprof\b", "professor "), (@"\bcapt\b", "captain "), (@"\bgov\b", "governor "),
            (@"\bald\b", "alderman "), (@"\bgen\b", "general "), (@"\bsen\b", "senator "), (@"\brep\b", "representative "), (@"\bpres\b", "president "),
            (@"\brev\b", "reverend "), (@"\bhon\b", "honorable "),
            (@"\basst\b", "assistant "), (@"\bassoc\b", "associate "), (@"\blt\b", "lieutenant "), (@"\bcol\b", "colonel "), (@"\bjr\b", "junior "), (@"\bsr\b", "senior "), (@"\besq\b", "esquire "),
            ("'d been\\b", " had been"), ("'s been\\b", " has been"), ("'d gone\\b", " had gone"), ("'s gone\\b", " has gone"), ("'d done\\b", " had done"), ("'s got\\b", " has got"),
            ("n't\\b", " not"), ("'re\\b", " are"), ("'s\\b", " is"), ("'d\\b", " would"), ("'ll\\b", " will"), ("'t\\b", " not"), ("'ve\\b", " have"), ("'m\\b", " am"),
        }.Select(rule => (new Regex(rule.Pattern, RegexOptions.CultureInvariant), rule.Replacement)),
    ];

    public string Normalize(string text)
    {
        text = BasicTextNormalizer.RoundBrackets().Replace(BasicTextNormalizer.Brackets().Replace(text.ToLowerInvariant(), ""), "");
        text = SpacesBeforeApostrophe().Replace(Hesitations().Replace(text, ""), "'");
        foreach (var (pattern, replacement) in Contractions) text = pattern.Replace(text, replacement);
        text = Commas().Replace(text, "$1$2");
        text = Periods().Replace(text, " $1");
        text = PlainLetters.WithoutDiacritics(text, keep: ".%$¢€£");
        text = EnglishNumbers.Normalize(text);
        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => Spellings.Value.GetValueOrDefault(word, word)));
        // Signs that stand at no number are no part of one.
        text = SignsBefore().Replace(text, " $1");
        text = PercentAfter().Replace(text, "$1 ");
        return BasicTextNormalizer.Spaces().Replace(text, " ");
    }

    private static FrozenDictionary<string, string> ReadSpellings()
    {
        using var file = typeof(EnglishTextNormalizer).Assembly.GetManifestResourceStream("english_spelling.json")!;
        using var json = JsonDocument.Parse(file);
        return json.RootElement.EnumerateObject().ToFrozenDictionary(word => word.Name, word => word.Value.GetString()!, StringComparer.Ordinal);
    }

    [GeneratedRegex(@"\b(hmm|mm|mhm|mmm|uh|um)\b")]
    private static partial Regex Hesitations();

    [GeneratedRegex(@"\s+'")]
    private static partial Regex SpacesBeforeApostrophe();

    [GeneratedRegex(@"(\d),(\d)")]
    private static partial Regex Commas();

    [GeneratedRegex(@"\.([^0-9]|$)")]
    private static partial Regex Periods();

    [GeneratedRegex("[.$¢€£]([^0-9])")]
    private static partial Regex SignsBefore();

    [GeneratedRegex("([^0-9])%")]
    private static partial Regex PercentAfter();
}
