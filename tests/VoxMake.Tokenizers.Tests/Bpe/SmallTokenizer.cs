using System.Text.Json.Nodes;
using VoxMake.Tokenizers.Bpe;

namespace VoxMake.Tokenizers.Tests.Bpe;

/// <summary>A tokenizer.json made by a test: all bytes, and what the test adds. Merges are pairs in the byte alphabet; what they lead to gets the next ids.</summary>
internal static class SmallTokenizer
{
    public static BpeTokenizer Of(params string[] merges) => Read(Json(merges));

    public static BpeTokenizer Read(JsonNode json) => BpeTokenizer.Parse(json.ToJsonString().AsBytes());

    /// <summary>Ids 0 to 255 are the bytes in their order, as everything that a test computes by hand supposes.</summary>
    public static JsonObject Json(params string[] merges)
    {
        var vocabulary = new JsonObject();
        for (var value = 0; value < 256; value++) vocabulary[ByteAlphabet.CharacterOf((byte)value).ToString()] = value;
        foreach (var merge in merges) vocabulary.TryAdd(merge.Replace(" ", ""), vocabulary.Count);
        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray(),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true },
            ["post_processor"] = null,
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject { ["type"] = "BPE", ["dropout"] = null, ["vocab"] = vocabulary, ["merges"] = new JsonArray([.. merges.Select(merge => (JsonNode)merge)]) },
        };
    }

    public static JsonObject With(this JsonObject json, params AddedToken[] added)
    {
        foreach (var token in added)
            json["added_tokens"]!.AsArray().Add(new JsonObject
            {
                ["id"] = token.Id, ["content"] = token.Content, ["special"] = token.IsSpecial,
                ["single_word"] = token.SingleWord, ["lstrip"] = token.StripLeft, ["rstrip"] = token.StripRight, ["normalized"] = token.Normalized,
            });
        return json;
    }
}
