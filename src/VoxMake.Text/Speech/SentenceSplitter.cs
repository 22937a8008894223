using VoxMake.Text.Rules;

namespace VoxMake.Text.Speech;

/// <summary>
/// Cuts texts at the ends of sentences, and long texts into pieces. Networks have heard sentences: a page in one breath is slow and unclear. Where it is not sure it does not cut, since two
/// sentences in one
/// piece do no harm and half a one does.
/// </summary>
public sealed class SentenceSplitter
{
    private readonly SentenceRules _rules;

    private SentenceSplitter(SentenceRules rules) => _rules = rules;

    /// <summary>For texts of any language: abbreviations and ordinals of all that are known.</summary>
    public static SentenceSplitter Any { get; } = new(SentenceRules.Any);

    /// <summary>For texts of a language.</summary>
    /// <param name="language">Such as <c>de</c>, <c>en-GB</c> or <c>kmr</c>; of one without rules of its own, <see cref="Any"/>.</param>
    public static SentenceSplitter Of(string? language) => Languages.Of(language) switch
    {
        Language.German => new(SentenceRules.German),
        Language.English => new(SentenceRules.English),
        _ => TextRules.For(language) is { } rules ? Of(rules) : Any,
    };

    /// <summary>For texts of a language with rules in a file.</summary>
    public static SentenceSplitter Of(TextRules rules) => new(rules.Sentences);

    /// <summary>The sentences of a text, without white space around them.</summary>
    public IReadOnlyList<string> Sentences(string text)
    {
        var ends = new SentenceEnds(text, _rules);
        var sentences = new List<string>();
        var start = 0;
        for (var at = 1; at <= text.Length; at++)
        {
            if (at < text.Length && ends[at] != Cut.Sentence) continue;
            if (text[start..at].Trim() is { Length: > 0 } sentence) sentences.Add(sentence);
            start = at;
        }
        return sentences;
    }

    /// <summary>
    /// Pieces of at most <paramref name="limit"/> characters (UTF-16 units), as long as they can be; a text that is not longer stays whole, to the letter. Cuts lie at the ends of sentences,
    /// within longer sentences at commas or else spaces, and in what has neither between characters.
    /// </summary>
    /// <param name="limit">At least 2.</param>
    public IReadOnlyList<string> Pieces(string text, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 2);
        if (text.Length <= limit) return [text];
        var ends = new SentenceEnds(text, _rules);
        var pieces = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = text.Length - start <= limit ? text.Length : ends.Best(start, start + limit);
            if (text[start..end].Trim() is { Length: > 0 } piece) pieces.Add(piece);
            start = end;
        }
        return pieces;
    }
}
