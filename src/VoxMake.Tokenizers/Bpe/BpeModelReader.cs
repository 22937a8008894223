namespace VoxMake.Tokenizers.Bpe;

/// <summary>Reads <c>model</c> of a tokenizer.json: a byte pair encoding over bytes.</summary>
internal static class BpeModelReader
{
    /// <summary>Refuses other models, and settings that change what is encoded.</summary>
    public static void RefuseOthers(JsonPlace model)
    {
        if (model.Find("type") is { } type && type.Text() != "BPE") throw type.Expected("\"BPE\"; no other model is known");
        if (model.Set("dropout") is { } dropout) throw dropout.Expected("null: with dropout the same text would have other ids each time");
        foreach (var name in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
            if (model.Set(name) is { } affix && affix.Text().Length > 0) throw affix.Expected("null: tokens of bytes have no prefix or suffix");
        if (model.Set("byte_fallback") is { } fallback && fallback.Flag()) throw fallback.Expected("false: byte-level vocabularies have all bytes, and nothing to fall back to");
        // unk_token and fuse_unk say what becomes of unknown characters; with a token for every byte there are none.
    }

    /// <summary>Ids by token. One may be empty, as in Whisper's multilingual vocabulary: nothing is ever encoded as it, and it stands for nothing.</summary>
    public static Dictionary<string, int> Vocabulary(JsonPlace vocabulary, int largestId)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var seen = new HashSet<int>();
        foreach (var (token, place) in vocabulary.Properties())
        {
            var id = place.Number(largestId);
            if (!seen.Add(id)) throw place.Wrong($"is {id}, which another token has too; every token needs its own");
            ids.Add(token, id);
        }
        for (var value = 0; value < 256; value++)
        {
            var character = ByteAlphabet.CharacterOf((byte)value).ToString();
            if (!ids.ContainsKey(character))
                throw vocabulary.Wrong($"has no token '{character}', which stands for byte {value}: texts with it would lose it. Expected a byte-level vocabulary with all 256");
        }
        return ids;
    }

    /// <summary>The merges, earliest first: <c>["a", "b"]</c> each, or the older <c>"a b"</c>.</summary>
    public static MergeTable Merges(JsonPlace merges, Dictionary<string, int> ids)
    {
        var table = new MergeTable(merges.Count);
        var rank = 0;
        foreach (var place in merges.Items())
        {
            var (left, right) = Pair(place);
            if (!ids.TryGetValue(left, out var first)) throw Lacks(left);
            if (!ids.TryGetValue(right, out var second)) throw Lacks(right);
            if (!ids.TryGetValue(left + right, out var both)) throw Lacks(left + right);
            table.Add(first, second, rank++, both);

            TokenizerException Lacks(string token) => place.Wrong($"merges {TokenText.Quoted(left)} and {TokenText.Quoted(right)}, but model.vocab has no {TokenText.Quoted(token)}");
        }
        return table;
    }

    private static (string Left, string Right) Pair(JsonPlace merge)
    {
        string[] parts = merge.IsText ? merge.Text().Split(' ') : merge.IsList && merge.Count == 2 ? [merge[0].Text(), merge[1].Text()] : [];
        return parts is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right) : throw merge.Expected("two tokens, as [\"a\", \"b\"] or \"a b\"");
    }
}
