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
            var next = Next(text, match.Index + match.Length);
            var found = rules.Abbreviations.Find(match.Value.Replace(" ", "").ToLowerInvariant());
            if (found is not { Spoken: { } full } || !found.Is(match.Value[0], next)) return null;
            var words = char.IsUpper(match.Value[0]) && char.IsLower(full[0]) ? char.ToUpperInvariant(full[0]) + full[1..] : full;
            return found.MayEnd && Ends(rules, next) ? words + "." : words;
        });
    }

    /// <summary>Whether a full stop that may be an abbreviation's or an ordinal's is the sentence's, by what follows it.</summary>
    /// <param name="next">As <see cref="Next"/> gives it.</param>
    public static bool Ends(SentenceRules rules, ReadOnlySpan<char> next) => next.IsEmpty || char.IsLetter(next[0]) && (rules.Ordinals ? rules.Starters.Contains(next.ToString()) : char.IsUpper(next[0]));

    /// <summary>The word or the sign behind spaces, quotes and brackets; nothing at the end of a line or text.</summary>
    public static ReadOnlySpan<char> Next(string text, int at)
    {
        var rest = text.AsSpan(at).TrimStart(" \"'“”„‚‘’»«›‹()[]");
        if (rest.IsEmpty || rest[0] == '\n') return [];
        var end = 0;
        while (end < rest.Length && end < 32 && char.IsLetterOrDigit(rest[end])) end++;
        return rest[..Math.Max(end, 1)];
    }

    /// <summary>With or without the spaces, with a capital or a small letter first where it is written small.</summary>
    private static string Pattern(string written)
    {
        var pattern = Regex.Escape(written).Replace(@"\ ", " ?");
        return char.IsLower(written[0]) ? $"[{written[0]}{char.ToUpperInvariant(written[0])}]{pattern[1..]}" : pattern;
    }
}
