using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoxMake.Tokenizers.Bpe;

/// <summary>Reads what directories had before tokenizer.json: vocab.json (ids by token), merges.txt (a pair on each line), added_tokens.json. They are GPT-2's: its pattern, its bytes.</summary>
internal static class VocabularyFiles
{
    private const long LongestFile = 256 << 20;

    /// <param name="added">Path of added_tokens.json; null where there is none.</param>
    public static BpeTokenizer Read(string vocabulary, string merges, string? added)
    {
        var name = $"{vocabulary} with merges.txt";
        var tokens = new JsonArray();
        foreach (var (content, id) in added is null ? [] : Object(added)) tokens.Add(new JsonObject { ["id"] = id?.DeepClone(), ["content"] = content, ["special"] = true });
        var pairs = new JsonArray();
        foreach (var (number, line) in Text(merges).Split('\n').Index())
            if (line.TrimEnd('\r') is { Length: > 0 } pair && !(number == 0 && pair.StartsWith("#version", StringComparison.Ordinal))) pairs.Add(pair);
        var json = new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = tokens,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = true },
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = Object(vocabulary), ["merges"] = pairs },
        };
        return TokenizerReader.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), name);
    }

    private static JsonObject Object(string path)
    {
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false };
            return JsonNode.Parse(Text(path), null, options) as JsonObject ?? throw new TokenizerException($"{path}: it is no JSON object");
        }
        catch (JsonException error) { throw new TokenizerException($"{path}: it is no JSON that can be read: {error.Message} Was the download cut?", error); }
    }

    private static string Text(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LongestFile and var length }) throw new TokenizerException($"{path}: it has {length} bytes; at most {LongestFile} are read");
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { throw new TokenizerException($"{path}: it cannot be read: {error.Message}", error); }
    }
}
