using System.Text;

namespace VoxMake.Text.Bpe;

/// <summary>A stretch of a text: an added token where <paramref name="Id"/> is set, else text between such.</summary>
/// <param name="Start">UTF-16 units from the text's start.</param>
/// <param name="End">Behind its last unit.</param>
internal readonly record struct Stretch(int? Id, int Start, int End);

/// <summary>
/// Finds added tokens in texts as Hugging Face's tokenizers does (AddedVocabulary): from the left, the longest where several begin at a place; tokens that are not normalised first, the others in
/// what is left.
/// </summary>
internal sealed class AddedTokens
{
    private readonly TokenTrie _raw, _normalized;

    public AddedTokens(IReadOnlyList<AddedToken> tokens)
    {
        All = tokens;
        _raw = new([.. tokens.Where(token => !token.Normalized)]);
        _normalized = new([.. tokens.Where(token => token.Normalized)]);
    }

    public IReadOnlyList<AddedToken> All { get; }

    /// <summary>The stretches of a text, in order and without a gap.</summary>
    public List<Stretch> Split(string text)
    {
        var raw = new List<Stretch>();
        Split(text, 0, text.Length, _raw, raw);
        if (_normalized.IsEmpty) return raw;
        var all = new List<Stretch>();
        foreach (var stretch in raw)
        {
            if (stretch.Id is null) Split(text, stretch.Start, stretch.End, _normalized, all);
            else all.Add(stretch);
        }
        return all;
    }

    private static void Split(string text, int from, int to, TokenTrie tokens, List<Stretch> stretches)
    {
        var done = from;
        for (var at = from; at < to;)
        {
            if (tokens.Longest(text.AsSpan(at, to - at)) is not { } token)
            {
                at++;
                continue;
            }
            var (start, end) = (at, at + token.Content.Length);
            at = end;
            if (token.SingleWord && (EndsWithWord(text.AsSpan(from, start - from)) || StartsWithWord(text.AsSpan(end, to - end)))) continue;
            if (token.StripLeft)
                while (start > done && char.IsWhiteSpace(text[start - 1])) start--;
            if (token.StripRight)
                while (end < to && char.IsWhiteSpace(text[end])) end++;
            if (start > done) stretches.Add(new(null, done, start));
            stretches.Add(new(token.Id, start, end));
            done = at = end; // TokenizerReader sees to it that none could begin in the white space that was taken
        }
        if (done < to) stretches.Add(new(null, done, to));
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) => Rune.DecodeLastFromUtf16(text, out var rune, out _) == System.Buffers.OperationStatus.Done && CodePoint.IsWord(rune);

    private static bool StartsWithWord(ReadOnlySpan<char> text) => Rune.DecodeFromUtf16(text, out var rune, out _) == System.Buffers.OperationStatus.Done && CodePoint.IsWord(rune);
}
