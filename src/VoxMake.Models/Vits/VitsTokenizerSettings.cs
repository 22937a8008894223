using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoxMake.Models.Vits;

/// <summary>A token that texts are cut at before anything else, with what it takes away around it.</summary>
/// <param name="StripsLeft">Whether white space before it goes.</param>
/// <param name="StripsRight">Whether white space after it goes.</param>
internal sealed record AddedToken(string Content, int Id, bool StripsLeft = false, bool StripsRight = false);

/// <summary>How texts become tokens: <c>tokenizer_config.json</c> of Hugging Face's VitsTokenizer, with its names and defaults. Fields that say nothing of that are kept and written again.</summary>
public sealed class VitsTokenizerSettings
{
    private const string Unlimited = "1000000000000000019884624838656"; // int(1e30): what transformers writes for no limit
    private readonly JsonObject _json;

    private VitsTokenizerSettings(JsonObject json, string name)
    {
        _json = json;
        AddBlank = Flag("add_blank", true);
        Normalize = Flag("normalize", true);
        Phonemize = Flag("phonemize", true);
        IsUroman = Flag("is_uroman", false);
        Language = json["language"] is null ? null : Text("language");
        PadToken = json["pad_token"] is null ? "<pad>" : Text("pad_token");
        UnknownToken = json["unk_token"] is null ? "<unk>" : Text("unk_token");

        bool Flag(string field, bool otherwise) => json[field] switch
        {
            null => otherwise,
            JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
            var other => throw new ModelException($"{name}: {field} is {other.ToJsonString()}; expected true or false"),
        };
        string Text(string field) => TokenText(json[field], field, name);
    }

    /// <summary>Whether id 0 stands between characters and at both ends. Published VITS and MMS networks have it.</summary>
    public bool AddBlank { get; }

    /// <summary>Whether texts are put in lower case, and characters that the vocabulary lacks are dropped.</summary>
    public bool Normalize { get; }

    /// <summary>Whether texts go through espeak's phonemes first. transformers' default is true.</summary>
    public bool Phonemize { get; }

    /// <summary>Whether texts must be written in Latin letters by the uroman program first.</summary>
    public bool IsUroman { get; }

    /// <summary>ISO 639-3, such as <c>deu</c>; null if it is not said.</summary>
    public string? Language { get; }

    /// <summary>The token whose id fills up shorter texts of a batch.</summary>
    public string PadToken { get; }

    /// <summary>The token for what the vocabulary lacks, where texts are not normalised.</summary>
    public string UnknownToken { get; }

    /// <summary>Settings for a vocabulary made here: lower case, with blanks, no phonemes.</summary>
    /// <param name="language">ISO 639-3 or whatever else the voice is called by; null if it is not known.</param>
    public static VitsTokenizerSettings New(string? language, string padToken = "_") => new(new JsonObject
    {
        ["add_blank"] = true,
        ["backend"] = "custom",
        ["is_uroman"] = false,
        ["language"] = language,
        ["model_max_length"] = JsonNode.Parse(Unlimited),
        ["normalize"] = true,
        ["pad_token"] = padToken,
        ["phonemize"] = false,
        ["tokenizer_class"] = "VitsTokenizer",
        ["unk_token"] = "<unk>",
    }, "tokenizer settings");

    /// <summary>Reads a <c>tokenizer_config.json</c>.</summary>
    /// <param name="specialTokens">What special_tokens_map.json says, for files that leave these two out; null where there is none.</param>
    internal static VitsTokenizerSettings Read(JsonObject json, JsonObject? specialTokens, string name)
    {
        if (json["tokenizer_class"] is JsonValue made && made.ToString() is not ("VitsTokenizer" or "VitsMmsTokenizer"))
            throw new ModelException($"{name}: tokenizer_class is {made}, not VitsTokenizer");
        foreach (var field in new[] { "pad_token", "unk_token" })
            if (json[field] is null && specialTokens?[field] is { } special) json[field] = special.DeepClone();
        return new VitsTokenizerSettings(json, name);
    }

    /// <summary>The added tokens that the file itself names (<c>added_tokens_decoder</c>).</summary>
    internal IReadOnlyList<AddedToken> AddedTokens(string name)
    {
        if (_json["added_tokens_decoder"] is not JsonObject decoder) return [];
        var tokens = new List<AddedToken>();
        foreach (var (id, token) in decoder)
        {
            if (!int.TryParse(id, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number))
                throw new ModelException($"{name}: added_tokens_decoder has the id '{id}'; expected a whole number");
            if (Is(token, "single_word")) throw new ModelException($"{name}: the added token {id} is to stand alone (single_word), which is not known of VITS");
            tokens.Add(new AddedToken(TokenText(token, $"added_tokens_decoder.{id}", name), number, Is(token, "lstrip"), Is(token, "rstrip")));
        }
        return tokens;
    }

    /// <summary>As transformers writes them, with these added tokens.</summary>
    internal JsonObject ToJson(IEnumerable<AddedToken> added)
    {
        var json = (JsonObject)_json.DeepClone();
        json["added_tokens_decoder"] = new JsonObject(added.OrderBy(token => token.Id).Select(token => new KeyValuePair<string, JsonNode?>(
            token.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
            new JsonObject { ["content"] = token.Content, ["lstrip"] = token.StripsLeft, ["normalized"] = false, ["rstrip"] = token.StripsRight, ["single_word"] = false, ["special"] = true })));
        return json;
    }

    private static bool Is(JsonNode? token, string field) => token is JsonObject json && json[field] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    /// <summary>A token is a text, or an object that has it as its content.</summary>
    internal static string TokenText(JsonNode? node, string field, string name)
    {
        var text = node is JsonObject json ? json["content"] : node;
        if (text is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { Length: > 0 } token) return token;
        throw new ModelException($"{name}: {field} is {node?.ToJsonString() ?? "null"}; expected a text");
    }
}
