using System.Text;
using VoxMake.Tokenizers.Unicode;

namespace VoxMake.Tokenizers.Bpe;

/// <summary>A stretch of a text: an added token where <paramref name="Id"/> is set, else text between such, normalised.</summary>
internal readonly record struct Stretch(int? Id, ReadOnlyMemory<char> Text);

/// <summary>
/// Finds added tokens in texts as Hugging Face's tokenizers does (AddedVocabulary): from the left, the longest where several begin at a place; tokens that are not normalised first, the others in
/// what is left, when that has been normalised.
/// </summary>
internal sealed class AddedTokens
{
    private readonly TokenTrie _raw, _normalized;
    private readonly bool _nfc;

    /// <param name="nfc">Whether texts are brought to Unicode's form C.</param>
    public AddedTokens(IReadOnlyList<AddedToken> tokens, bool nfc = false)
    {
        (All, _nfc) = (tokens, nfc);
        _raw = new([.. tokens.Where(token => !token.Normalized)]);
        _normalized = new([.. tokens.Where(token => token.Normalized).Select(token => nfc ? token with { Content = Nfc.Of(token.Content) } : token)]);
    }

    public IReadOnlyList<AddedToken> All { get; }

    /// <summary>The stretches of a text, in order and without a gap.</summary>
    public List<Stretch> Split(string text)
    {
        var raw = new List<Stretch>();
        Split(text.AsMemory(), _raw, raw);
        if (_normalized.IsEmpty && !_nfc) return raw;
        var all = new List<Stretch>();
        foreach (var stretch in raw)
        {
            if (stretch.Id is null) Split(_nfc ? Nfc.Of(stretch.Text.ToString()).AsMemory() : stretch.Text, _normalized, all);
            else all.Add(stretch);
        }
        return all;
    }

    private static void Split(ReadOnlyMemory<char> whole, TokenTrie tokens, List<Stretch> stretches)
    {
        var text = whole.Span;
        var done = 0;
        for (var at = 0; at < text.Length;)
        {
            if (tokens.Longest(text[at..]) is not { } token)
            {
                at++;
                continue;
            }
            var (start, end) = (at, at + token.Content.Length);
            at = end;
            if (token.SingleWord && (EndsWithWord(text[..start]) || StartsWithWord(text[end..]))) continue;
            if (token.StripLeft)
                while (start > done && char.IsWhiteSpace(text[start - 1])) start--;
            if (token.StripRight)
                while (end < text.Length && char.IsWhiteSpace(text[end])) end++;
            if (start > done) stretches.Add(new(null, whole[done..start]));
            stretches.Add(new(token.Id, whole[start..end]));
            done = at = end; // TokenizerReader sees to it that none could begin in the white space that was taken
        }
        if (done < text.Length) stretches.Add(new(null, whole[done..]));
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) => Rune.DecodeLastFromUtf16(text, out var rune, out _) == System.Buffers.OperationStatus.Done && CodePoint.IsWord(rune);

    private static bool StartsWithWord(ReadOnlySpan<char> text) => Rune.DecodeFromUtf16(text, out var rune, out _) == System.Buffers.OperationStatus.Done && CodePoint.IsWord(rune);
}
