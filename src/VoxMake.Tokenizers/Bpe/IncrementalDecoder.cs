using System.Text;

namespace VoxMake.Tokenizers.Bpe;

/// <summary>Decodes ids as a network gives them: text comes out as soon as it is whole characters. All that came out, put together, is what <see cref="BpeTokenizer.Decode"/> gives for the same
/// ids.</summary>
public sealed class IncrementalDecoder
{
    private readonly BpeTokenizer _tokenizer;
    private readonly bool _skipSpecialTokens;
    private readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();

    internal IncrementalDecoder(BpeTokenizer tokenizer, bool skipSpecialTokens) => (_tokenizer, _skipSpecialTokens) = (tokenizer, skipSpecialTokens);

    /// <summary>Takes an id; the text that is whole now, often none.</summary>
    public string Add(int id) => Text(_tokenizer.BytesToDecode(id, _skipSpecialTokens), atEnd: false);

    /// <summary>The end: U+FFFD where the last character was not whole, else nothing. It can be used anew then.</summary>
    public string Finish() => Text([], atEnd: true);

    /// <summary>Whether no character is begun and not whole.</summary>
    public bool IsWhole => _utf8.GetCharCount([], flush: true) == 0;

    private string Text(ReadOnlySpan<byte> bytes, bool atEnd)
    {
        var characters = new char[_utf8.GetCharCount(bytes, atEnd)];
        _utf8.GetChars(bytes, characters, atEnd);
        return new(characters);
    }
}
