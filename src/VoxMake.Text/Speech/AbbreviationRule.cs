using System.Text.RegularExpressions;

namespace VoxMake.Text.Speech;

/// <summary>Reads abbreviations in full. A full stop that ends the sentence too remains.</summary>
internal static class AbbreviationRule
{
    public static SpeechRule Of(SentenceRules rules)
    {
        var spoken = rules.Abbreviations.All.Where(one => one.Spoken is not null).OrderByDescending(one => one.Key.Length).Select(one => Pattern(one.Written));
        return new($@"(?<![\p{{L}}\p{{M}}\p{{N}}_.@/\-])(?:{string.Join('|', spoken)})(?![\p{{L}}\p{{M}}\p{{N}}_.@])", (match, text) =>
        {
            var next = NeighbouringWords.After(text, match.Index + match.Length);
            var found = rules.Abbreviations.Find(match.Value.Replace(" ", "").ToLowerInvariant());
            if (found is not { Spoken: { } full } || !found.Is(match.Value[0], next)) return null;
            var words = char.IsUpper(match.Value[0]) && char.IsLower(full[0]) ? char.ToUpperInvariant(full[0]) + full[1..] : full;
            return found.MayEnd && rules.IsEndBefore(next) ? words + "." : words;
        });
    }

    /// <summary>With or without the spaces, with a capital or a small letter first where it is written small.</summary>
    private static string Pattern(string written)
    {
        var pattern = Regex.Escape(written).Replace(@"\ ", " ?");
        return char.IsLower(written[0]) ? $"[{written[0]}{char.ToUpperInvariant(written[0])}]{pattern[1..]}" : pattern;
    }
}
