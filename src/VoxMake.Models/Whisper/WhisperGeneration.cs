using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoxMake.Models.Whisper;

/// <summary>A head of the decoder's attention to the sound.</summary>
public readonly record struct AlignmentHead(int Layer, int Head);

/// <summary>How a Whisper model is meant to be asked: <c>generation_config.json</c>. What is null the file does not say, as files of before 2023 do not.</summary>
/// <param name="AlignmentHeads">Heads of the attention to the sound that follow the spoken words.</param>
/// <param name="LanguageIds">Ids by language token, such as <c>&lt;|de|&gt;</c>.</param>
/// <param name="TaskIds">Ids of <c>transcribe</c> and <c>translate</c>.</param>
/// <param name="SuppressTokens">Ids that are never written.</param>
/// <param name="NoTimestampsTokenId">The id before the first timestamp.</param>
/// <param name="MaxInitialTimestampIndex">The latest timestamp, in steps, that a text may begin with.</param>
/// <param name="IsMultilingual">Whether there are language and task tokens.</param>
public sealed record WhisperGeneration(
    IReadOnlyList<AlignmentHead>? AlignmentHeads = null,
    IReadOnlyDictionary<string, int>? LanguageIds = null,
    IReadOnlyDictionary<string, int>? TaskIds = null,
    IReadOnlyList<int>? SuppressTokens = null,
    int? NoTimestampsTokenId = null,
    int? MaxInitialTimestampIndex = null,
    bool? IsMultilingual = null)
{
    /// <summary>Reads and checks a file for a network.</summary>
    /// <exception cref="ModelException">It cannot be read, or a value is of another kind or does not fit the network; the message names the field.</exception>
    public static WhisperGeneration Read(string path, string name, WhisperConfig config)
    {
        var json = TransformersJson.Read(path, name);
        var fields = new JsonFields(json, name);
        return new WhisperGeneration(
            json["alignment_heads"] is null ? null : Heads(json["alignment_heads"]!, name),
            json["lang_to_id"] is null ? null : Ids(json["lang_to_id"]!, name, "lang_to_id", config),
            json["task_to_id"] is null ? null : Ids(json["task_to_id"]!, name, "task_to_id", config),
            json["suppress_tokens"] is JsonArray ? fields.Ids("suppress_tokens") : null,
            fields.Ids("no_timestamps_token_id") is [var id, ..] ? id : null,
            fields.Ids("max_initial_timestamp_index") is [var index, ..] ? index : null,
            fields.Flag("is_multilingual"));
    }

    /// <summary>
    /// The heads that word times are taken from: those that the file names, else all of the upper half of the layers, as openai-whisper has it for models of others. Heads that the network lacks are
    /// passed over: distilled models were published with the file of their teacher.
    /// </summary>
    public IReadOnlyList<AlignmentHead> HeadsOf(WhisperConfig config)
    {
        var named = (AlignmentHeads ?? []).Where(head => head.Layer < config.DecoderLayers && head.Head < config.DecoderAttentionHeads).Distinct().ToList();
        if (named.Count > 0) return named;
        var lower = config.DecoderLayers / 2;
        return [.. from layer in Enumerable.Range(lower, config.DecoderLayers - lower) from head in Enumerable.Range(0, config.DecoderAttentionHeads) select new AlignmentHead(layer, head)];
    }

    private static List<AlignmentHead> Heads(JsonNode node, string name)
    {
        var heads = new List<AlignmentHead>();
        foreach (var (number, one) in (node as JsonArray ?? throw new ModelException($"{name}: alignment_heads is no list")).Index())
        {
            if (one is not JsonArray { Count: 2 } pair || Whole(pair[0]) is not { } layer || Whole(pair[1]) is not { } head)
                throw new ModelException($"{name}: alignment_heads[{number}] is {one?.ToJsonString() ?? "null"}; expected [layer, head], two whole numbers");
            heads.Add(new(layer, head));
        }
        return heads;
    }

    private static Dictionary<string, int> Ids(JsonNode node, string name, string field, WhisperConfig config)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (token, value) in node as JsonObject ?? throw new ModelException($"{name}: {field} is no object"))
        {
            if (Whole(value) is not { } id || id >= config.VocabSize) throw new ModelException($"{name}: {field}.{token} is {value?.ToJsonString() ?? "null"}; expected an id from 0 to {config.VocabSize - 1}");
            ids.Add(token, id);
        }
        return ids;
    }

    private static int? Whole(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<int>(out var number) && number >= 0 ? number : null;
}
