using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace VoxMake.Tokenizers.Bpe;

/// <summary>
/// Reads tiktoken's vocabularies, as openai-whisper ships them: a token in base64 and its rank on each line. There merges are not listed: two neighbours may be merged where what they make is a
/// token, the smaller its rank the earlier.
/// </summary>
internal static class TiktokenReader
{
    private const long LongestFile = 64 << 20;
    private const int MostTokens = 1 << 20, LongestToken = 1024;

    /// <param name="special">Tokens behind those of the file, in the order of their ids.</param>
    public static BpeTokenizer Read(string path, IReadOnlyList<string> special)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LongestFile and var length }) throw new TokenizerException($"{path}: it has {length} bytes; at most {LongestFile} are read");
            return Parse(File.ReadAllText(path), path, special);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { throw new TokenizerException($"{path}: it cannot be read: {error.Message}", error); }
    }

    public static BpeTokenizer Parse(string text, string name, IReadOnlyList<string> special)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (number, line) in text.Split('\n').Index())
        {
            if (line.AsSpan().TrimEnd('\r').IsEmpty) continue;
            string Wrong(string what) => $"{name}: line {number + 1} {what}; expected a token in base64, a space, and its rank";
            if (line.TrimEnd('\r').Split(' ') is not [var coded, var rank]) throw new TokenizerException(Wrong("has not two parts"));
            if (!int.TryParse(rank, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id != ids.Count || id >= MostTokens)
                throw new TokenizerException(Wrong($"has the rank {Short(rank)}, not {ids.Count}"));
            if (Bytes(coded) is not { Length: <= LongestToken } bytes) throw new TokenizerException(Wrong($"has {Short(coded)}, which is no token"));
            if (!ids.TryAdd(string.Concat(bytes.Select(ByteAlphabet.CharacterOf)), id)) throw new TokenizerException(Wrong($"has {Short(coded)}, which stands twice"));
        }
        for (var value = 0; value < 256; value++)
            if (!ids.ContainsKey(ByteAlphabet.CharacterOf((byte)value).ToString())) throw new TokenizerException($"{name}: it has no token for byte {value}; was the download cut?");
        List<AddedToken> added = [.. special.Index().Select(token => new AddedToken(ids.Count + token.Index, token.Item, IsSpecial: true))];
        return new BpeTokenizer(new BpeVocabulary(ids, added), Merges(ids), new AddedTokens(added), SplitPattern.Gpt2, Template.None, ignoreMerges: true);
    }

    /// <summary>Every way to make a token of two others.</summary>
    private static MergeTable Merges(Dictionary<string, int> ids)
    {
        var table = new MergeTable(4 * ids.Count);
        var pieces = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var (token, id) in ids)
            for (var at = 1; at < token.Length; at++)
                if (pieces.TryGetValue(token.AsSpan(0, at), out var left) && pieces.TryGetValue(token.AsSpan(at), out var right)) table.Add(left, right, id, id);
        return table;
    }

    /// <summary>A lone <c>=</c> is the empty token, as the multilingual vocabulary ends with; null where it is no base64.</summary>
    private static byte[]? Bytes(string coded)
    {
        if (coded == "=") return [];
        if (!Base64.IsValid(coded)) return null;
        return Convert.FromBase64String(coded);
    }

    private static string Short(string text) => TokenText.Quoted(text.Length > 60 ? text[..60] + "…" : text);
}
