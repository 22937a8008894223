using System.Globalization;
using System.Text;
using VoxMake.Tokenizers.Unicode;

namespace VoxMake.Speech.Recognition.Guards;

/// <summary>Phrases that recognisers write over silence: the credits and farewells of subtitles that they learned from. They are data: <c>phrases.txt</c>, which names its sources.</summary>
public static class KnownPhrases
{
    private static readonly Lazy<(HashSet<string> Whole, string[] Beginnings, HashSet<string> Languages)> Read = new(Load);

    /// <summary>Languages of which there are phrases, BCP 47.</summary>
    public static IReadOnlyCollection<string> Languages => Read.Value.Languages;

    /// <summary>Whether a whole text is such a phrase, once or again and again, whatever its language is said to be: over silence recognisers change the language, too.</summary>
    public static bool Contains(string text)
    {
        var folded = Folded(text);
        if (folded.Length == 0) return false;
        if (Read.Value.Whole.Contains(folded) || Read.Value.Beginnings.Any(beginning => folded.StartsWith(beginning, StringComparison.Ordinal))) return true;
        return Read.Value.Whole.Any(phrase => folded.Length % phrase.Length == 0 && IsRepeated(folded, phrase));
    }

    private static bool IsRepeated(string text, string phrase)
    {
        for (var at = 0; at < text.Length; at += phrase.Length)
            if (string.CompareOrdinal(text, at, phrase, 0, phrase.Length) != 0) return false;
        return true;
    }

    /// <summary>Small letters and digits only: recognisers set marks and capitals as they please.</summary>
    private static string Folded(string text)
    {
        var folded = new StringBuilder();
        foreach (var rune in Nfc.Of(text).EnumerateRunes())
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
                folded.Append(Rune.ToLowerInvariant(rune).ToString());
        return folded.ToString();
    }

    private static (HashSet<string>, string[], HashSet<string>) Load()
    {
        var (whole, beginnings, languages) = (new HashSet<string>(StringComparer.Ordinal), new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        using var lines = new StreamReader(typeof(KnownPhrases).Assembly.GetManifestResourceStream("phrases.txt")!);
        while (lines.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var tab = line.IndexOf('\t');
            languages.Add(line[..tab]);
            var phrase = line[(tab + 1)..];
            if (phrase.EndsWith('*')) beginnings.Add(Folded(phrase));
            else whole.Add(Folded(phrase));
        }
        return (whole, [.. beginnings], languages);
    }
}
