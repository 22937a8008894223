using System.Text;

namespace VoxMake.Tokenizers.Bpe;

/// <summary>
/// Byte-level byte pair encoding as language models use it (GPT-2, Llama 3, Qwen 2), read from a Hugging Face <c>tokenizer.json</c> and equal to Hugging Face's tokenizers, token by token. It may
/// be used by several
/// threads at once.
/// </summary>
public sealed class BpeTokenizer
{
    private readonly BpeVocabulary _vocabulary;
    private readonly MergeTable _merges;
    private readonly AddedTokens _added;
    private readonly SplitPattern _pattern;
    private readonly Template _template;
    private readonly HashSet<int> _special;
    private readonly bool _ignoreMerges;

    internal BpeTokenizer(BpeVocabulary vocabulary, MergeTable merges, AddedTokens added, SplitPattern pattern, Template template, bool ignoreMerges)
        : this(vocabulary, merges, added, pattern, template, ignoreMerges, [.. added.All.Where(token => token.IsSpecial).Select(token => token.Id)]) { }

    private BpeTokenizer(BpeVocabulary vocabulary, MergeTable merges, AddedTokens added, SplitPattern pattern, Template template, bool ignoreMerges, HashSet<int> special) =>
        (_vocabulary, _merges, _added, _pattern, _template, _ignoreMerges, _special) = (vocabulary, merges, added, pattern, template, ignoreMerges, special);

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="path">A <c>tokenizer.json</c>, or the folder that it lies in.</param>
    /// <exception cref="TokenizerException">It cannot be read, makes no sense, or has a component that is not known here; file and place in it are named.</exception>
    public static BpeTokenizer Load(string path) => TokenizerReader.Read(Directory.Exists(path) ? Path.Combine(path, "tokenizer.json") : path);

    /// <summary>Reads a tokenizer from the bytes of a <c>tokenizer.json</c>.</summary>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="TokenizerException">As for <see cref="Load"/>.</exception>
    public static BpeTokenizer Parse(ReadOnlyMemory<byte> json, string name = "tokenizer.json") => TokenizerReader.Parse(json, name);

    /// <summary>Reads a vocabulary of tiktoken, as openai-whisper ships it: GPT-2's pattern, merges by rank.</summary>
    /// <param name="special">Tokens behind those of the file, in the order of their ids; texts are cut at them.</param>
    /// <exception cref="TokenizerException">It cannot be read or makes no sense; file and line are named.</exception>
    public static BpeTokenizer LoadTiktoken(string path, IReadOnlyList<string> special) => TiktokenReader.Read(path, special);

    /// <summary>Reads the files that directories had before tokenizer.json: GPT-2's <c>vocab.json</c> and <c>merges.txt</c>, and <c>added_tokens.json</c>.</summary>
    /// <param name="addedTokens">Path of added_tokens.json; null where there is none.</param>
    /// <exception cref="TokenizerException">As for <see cref="Load"/>.</exception>
    public static BpeTokenizer LoadVocabulary(string vocabulary, string merges, string? addedTokens) => VocabularyFiles.Read(vocabulary, merges, addedTokens);

    /// <summary>One more than the largest id: the rows that an embedding must have. With Hugging Face's files that is the number of tokens.</summary>
    public int Count => _vocabulary.Count;

    /// <summary>The tokens that texts are cut at, special or not, in the order of the file.</summary>
    public IReadOnlyList<AddedToken> Added => _added.All;

    /// <summary>Whether decoding can leave it out.</summary>
    public bool IsSpecial(int id) => _special.Contains(id);

    /// <summary>The id of a token: an added one as it stands in texts, or one of the model's in the byte alphabet (a space is Ġ). Null where there is none.</summary>
    public int? IdOf(string token) => _vocabulary.IdOf(token);

    /// <summary>The token of an id, written as <see cref="IdOf"/> takes it.</summary>
    /// <exception cref="TokenizerException">There is none.</exception>
    public string TokenOf(int id) => _vocabulary.TokenOf(id) ?? throw NoToken(id);

    /// <summary>The bytes that a token stands for; often a part of a character.</summary>
    /// <exception cref="TokenizerException">There is none of that id.</exception>
    public byte[] Bytes(int id) => [.. _vocabulary.BytesOf(id) ?? throw NoToken(id)];

    /// <summary>
    /// This tokenizer for texts of people: of the added tokens only some are found in texts, the others are read as the plain characters that they are written with. So a text that has
    /// <c>&lt;|eot_id|&gt;</c> in it does not end the turn. The template that is put around texts stays; ids, tokens and decoding do too.
    /// </summary>
    /// <param name="isFound">Which added tokens texts may have.</param>
    public BpeTokenizer Finding(Func<AddedToken, bool> isFound) => new(_vocabulary, _merges, new([.. Added.Where(isFound)]), _pattern, _template, _ignoreMerges, _special);

    /// <summary>The ids of a text. Added tokens that stand in it become their ids, special ones too, whatever <paramref name="addSpecialTokens"/> says: that is about the template alone.</summary>
    /// <param name="addSpecialTokens">Whether the file's template is put around it, such as <c>&lt;|begin_of_text|&gt;</c>.</param>
    /// <exception cref="TokenizerException">The text has half a surrogate pair, which is no character.</exception>
    public int[] Encode(string text, bool addSpecialTokens) => _template.Apply(Ids(text), addSpecialTokens);

    /// <summary>The ids of two texts that belong together.</summary>
    /// <exception cref="TokenizerException">As for <see cref="Encode"/>.</exception>
    public PairEncoding EncodePair(string first, string second, bool addSpecialTokens) => _template.Apply(Ids(first), Ids(second), addSpecialTokens);

    /// <summary>
    /// The text of ids. What is not UTF-8 becomes U+FFFD, one for each maximal invalid part. Ids that have no token are passed over, as in the reference: a network's rows may be more than its
    /// tokens.
    /// </summary>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens)
    {
        var bytes = new List<byte>();
        foreach (var id in ids) bytes.AddRange(BytesToDecode(id, skipSpecialTokens));
        return Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
    }

    /// <summary>A decoder that is given one id after the other.</summary>
    public IncrementalDecoder StartDecoding(bool skipSpecialTokens) => new(this, skipSpecialTokens);

    internal ReadOnlySpan<byte> BytesToDecode(int id, bool skipSpecialTokens) => skipSpecialTokens && IsSpecial(id) ? [] : _vocabulary.BytesOf(id);

    /// <summary>The pieces of a text without added tokens, in the byte alphabet; nothing is merged across their ends.</summary>
    internal IEnumerable<string> Pieces(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = _pattern.End(text, start);
            yield return string.Concat(Encoding.UTF8.GetBytes(text[start..end]).Select(ByteAlphabet.CharacterOf));
            start = end;
        }
    }

    private List<int> Ids(string text)
    {
        if (CodePoint.LoneSurrogate(text) is >= 0 and var at) throw new TokenizerException($"the text has half a surrogate pair at {at}, which is no character and has no UTF-8");
        var ids = new List<int>();
        var merging = new Merging(_merges);
        foreach (var stretch in _added.Split(text))
        {
            if (stretch.Id is { } id) ids.Add(id);
            else Append(stretch.Text.Span, merging, ids);
        }
        return ids;
    }

    private void Append(ReadOnlySpan<char> text, Merging merging, List<int> ids)
    {
        var (bytes, characters, single) = (new byte[64], new char[64], new int[64]);
        for (var start = 0; start < text.Length;)
        {
            var end = _pattern.End(text, start);
            var piece = text[start..end];
            if (3 * piece.Length > bytes.Length)
                (bytes, characters, single) = (new byte[3 * piece.Length], new char[3 * piece.Length], new int[3 * piece.Length]); // three bytes at most for a UTF-16 unit
            var count = Encoding.UTF8.GetBytes(piece, bytes);
            for (var i = 0; i < count; i++) (characters[i], single[i]) = (ByteAlphabet.CharacterOf(bytes[i]), _vocabulary.IdOfByte(bytes[i]));
            if (_ignoreMerges && _vocabulary.Pieces.TryGetValue(characters.AsSpan(0, count), out var whole)) ids.Add(whole);
            else merging.Append(single.AsSpan(0, count), ids);
            start = end;
        }
    }

    private TokenizerException NoToken(int id) => new($"no token has the id {id}; ids go from 0 to {Count - 1}");
}
