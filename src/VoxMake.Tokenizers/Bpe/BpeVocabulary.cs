namespace VoxMake.Tokenizers.Bpe;

/// <summary>Tokens and ids of a byte-level vocabulary with what was added to it, and the bytes that each token stands for.</summary>
internal sealed class BpeVocabulary
{
    private readonly Dictionary<string, int> _model, _added;
    private readonly string?[] _tokens;
    private readonly byte[]?[] _bytes;
    private readonly int[] _byteIds = new int[256];

    /// <param name="model">Ids by token, in the byte alphabet; all 256 bytes are among them.</param>
    /// <param name="added">Their ids are no other tokens'.</param>
    public BpeVocabulary(Dictionary<string, int> model, IReadOnlyList<AddedToken> added)
    {
        _model = model;
        _added = added.ToDictionary(token => token.Content, token => token.Id, StringComparer.Ordinal);
        Count = model.Values.Concat(_added.Values).Max() + 1;
        _tokens = new string?[Count];
        _bytes = new byte[]?[Count];
        foreach (var (token, id) in model.Concat(_added)) _tokens[id] = token;
        for (var value = 0; value < 256; value++) _byteIds[value] = model[ByteAlphabet.CharacterOf((byte)value).ToString()];
        Pieces = model.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>One more than the largest id.</summary>
    public int Count { get; }

    /// <summary>Ids of the model's own tokens, in the byte alphabet.</summary>
    public Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Pieces { get; }

    public int? IdOf(string token) => _added.TryGetValue(token, out var id) || _model.TryGetValue(token, out id) ? id : null;

    public int IdOfByte(byte value) => _byteIds[value];

    /// <summary>The token of an id; null where there is none.</summary>
    public string? TokenOf(int id) => (uint)id < (uint)Count ? _tokens[id] : null;

    /// <summary>What a token stands for; null where there is none.</summary>
    public byte[]? BytesOf(int id) => TokenOf(id) is { } token ? _bytes[id] ??= ByteAlphabet.BytesOf(token) : null;
}
