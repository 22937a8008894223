using VoxMake.Models;
using VoxMake.Text.Speech;
using VoxMake.Tokenizers;

namespace VoxMake.Speaking;

/// <summary>A text as it is spoken: made speakable, its tags known, in pieces.</summary>
internal sealed class SpokenText
{
    private const char FirstPrivate = '\uE000', LastPrivate = '\uF8FF';

    private readonly IReadOnlyCollection<string> _tags;

    /// <exception cref="ModelException">Nothing of it can be spoken, or it has a tag that the voice does not know.</exception>
    public SpokenText(string text, string? language, TextRules rules)
    {
        var known = Tags(rules);
        for (var unknown = known.Unknown(text); unknown.Count > 0 && rules.UnknownTags != OnUnknownTag.Speak; unknown = known.Unknown(text))
        {
            if (rules.UnknownTags == OnUnknownTag.Refuse)
                throw new ModelException($"the text has {string.Join(", ", unknown.Take(5))}, which the voice does not know and would read out; it knows {string.Join(", ", known.Known)}");
            foreach (var tag in unknown) text = text.Replace(tag, " ", StringComparison.Ordinal); // what is left may be a tag again: <a<b>c>
        }
        _tags = [.. known.Known, .. known.Unknown(text)];
        if (rules.Clean) text = new TextCleaner(language, known).Clean(text);
        Pieces = [.. Cut(text, language, rules.SplitAbove).Where(piece => piece.Length > 0)];
        if (Pieces.Count == 0) throw new ModelException("there is nothing to speak in the text");
    }

    /// <summary>What is spoken one after the other.</summary>
    public IReadOnlyList<string> Pieces { get; }

    /// <summary>The most frames that a piece may become; see <see cref="LengthRules"/>. A digit counts as six characters and a sign of an East Asian script as four, for so they are said.</summary>
    public int MostFrames(string piece, LengthRules rules)
    {
        var tags = 0;
        foreach (var tag in _tags)
        {
            var without = piece.Replace(tag, "", StringComparison.Ordinal);
            tags += (piece.Length - without.Length) / tag.Length;
            piece = without;
        }
        var characters = piece.Sum(c => char.IsDigit(c) ? 6 : c is >= '\u2E80' and < '\uE000' ? 4 : 1);
        var frames = Math.Ceiling(rules.SpareFrames * (1.0 + tags) + rules.Margin * rules.FramesPerCharacter * characters);
        return (int)Math.Min(frames, rules.MaxFrames ?? 1_000_000);
    }

    private static EmotionTags Tags(TextRules rules)
    {
        try { return rules.Tags is null ? EmotionTags.Orpheus : new EmotionTags(rules.Tags); }
        catch (ArgumentException error) { throw new ModelException(error.Message, error); }
    }

    /// <summary>Cuts with a private character in place of each tag, so that no cut lies within one.</summary>
    private IEnumerable<string> Cut(string text, string? language, int limit)
    {
        var free = Enumerable.Range(FirstPrivate, LastPrivate - FirstPrivate + 1).Select(code => (char)code).Except(text).ToArray();
        List<(string Tag, char Sign)> signs = [];
        foreach (var tag in _tags.Where(tag => text.Contains(tag, StringComparison.Ordinal)))
        {
            if (signs.Count == free.Length) throw new ModelException($"the text has more than {free.Length} different tags");
            signs.Add((tag, free[signs.Count]));
            text = text.Replace(tag, free[signs.Count - 1].ToString(), StringComparison.Ordinal);
        }
        foreach (var piece in SentenceSplitter.Of(language).Pieces(text, limit))
            yield return signs.Aggregate(piece, (cut, sign) => cut.Replace(sign.Sign.ToString(), sign.Tag, StringComparison.Ordinal)).Trim();
    }
}
