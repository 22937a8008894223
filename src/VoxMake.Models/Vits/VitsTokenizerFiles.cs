using System.Text.Json.Nodes;

namespace VoxMake.Models.Vits;

/// <summary>A tokenizer's files: vocab.json, tokenizer_config.json, and where they are, added_tokens.json and special_tokens_map.json.</summary>
public static class VitsTokenizerFiles
{
    /// <summary>What <see cref="Write"/> writes.</summary>
    public static IReadOnlyList<string> Names { get; } = ["vocab.json", "tokenizer_config.json", "added_tokens.json", "special_tokens_map.json"];

    /// <summary>Reads the tokenizer of a model.</summary>
    /// <exception cref="ModelException">A file is missing or makes no sense.</exception>
    public static VitsTokenizer Read(ModelFiles files)
    {
        var vocabulary = VitsVocabulary.Read(files["vocab.json"], files.Shown("vocab.json"));
        var name = files.Shown("tokenizer_config.json");
        var settings = VitsTokenizerSettings.Read(TransformersJson.Read(files["tokenizer_config.json"], name), Optional(files, "special_tokens_map.json"), name);
        var added = new List<AddedToken>(settings.AddedTokens(name));
        foreach (var (token, id) in Optional(files, "added_tokens.json") ?? [])
        {
            if (id is not JsonValue value || !value.TryGetValue<int>(out var number)) throw new ModelException($"{files.Shown("added_tokens.json")}: the id of {VitsVocabulary.Quoted(token)} is {id?.ToJsonString() ?? "null"}; expected a whole number");
            if (token.Length == 0) throw new ModelException($"{files.Shown("added_tokens.json")} has an empty token");
            if (!added.Any(known => known.Content == token)) added.Add(new AddedToken(token, number));
        }
        return new VitsTokenizer(vocabulary, settings, Specials(vocabulary, settings, added), name);
    }

    /// <summary>Writes the files as transformers does; the same tokenizer is always the same bytes.</summary>
    /// <param name="folder">It is there.</param>
    public static void Write(VitsTokenizer tokenizer, string folder)
    {
        var beyond = tokenizer.Added.Where(token => !tokenizer.Vocabulary.Contains(token.Content)).Select(token => new KeyValuePair<string, JsonNode?>(token.Content, token.Id));
        var special = new JsonObject { ["pad_token"] = tokenizer.Settings.PadToken, ["unk_token"] = tokenizer.Settings.UnknownToken };
        foreach (var (name, json) in Names.Zip([tokenizer.Vocabulary.ToJson(), tokenizer.Settings.ToJson(tokenizer.Added), new JsonObject(beyond), special]))
            File.WriteAllBytes(Path.Combine(folder, name), TransformersJson.Bytes(json, ascii: false));
    }

    /// <summary>All tokens that texts are cut at: those that files name, then the unknown token and the pad token. One that has no id yet gets the next one, as in transformers.</summary>
    internal static IReadOnlyList<AddedToken> Specials(VitsVocabulary vocabulary, VitsTokenizerSettings settings, IReadOnlyList<AddedToken> named)
    {
        var added = new List<AddedToken>(named);
        foreach (var token in new[] { settings.UnknownToken, settings.PadToken })
        {
            if (added.Any(known => known.Content == token)) continue;
            var next = Math.Max(vocabulary.Size, added.Select(known => known.Id + 1).DefaultIfEmpty(0).Max());
            added.Add(new AddedToken(token, vocabulary.TryGetId(token, out var id) ? id : next));
        }
        return added;
    }

    private static JsonObject? Optional(ModelFiles files, string name) => files.TryGet(name, out var path) ? TransformersJson.Read(path, files.Shown(name)) : null;
}
