using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace VoxMake.Serving.Api;

/// <summary>The answer of <c>/v1/completions</c>, with the fields of vLLM 0.32; those that are always null are there because clients find them there.</summary>
internal sealed record CompletionResponse(string Id, long Created, string Model, IReadOnlyList<CompletionChoice> Choices, string SystemFingerprint, Usage Usage)
{
    public string Object => "text_completion";
    public string? ServiceTier => null;
    public JsonObject? KvTransferParams => null;
    public JsonObject? EcTransferParams => null;
    public JsonObject? Metrics => null;
}

/// <param name="StopReason">The stop string, or the id of the token; null for the model's own end and for the length.</param>
internal sealed record CompletionChoice(
    int Index,
    string Text,
    LogprobLists? Logprobs,
    string FinishReason,
    JsonValue? StopReason,
    IReadOnlyList<int>? TokenIds,
    IReadOnlyList<Dictionary<string, PromptLogprob>?>? PromptLogprobs,
    IReadOnlyList<int>? PromptTokenIds)
{
    public JsonObject? RoutedExperts => null;
}

internal sealed record Usage(int PromptTokens, int TotalTokens, int CompletionTokens)
{
    public JsonObject? PromptTokensDetails => null;
    public JsonObject? CompletionTokensDetails => null;
}

/// <summary>An event of a stream.</summary>
/// <param name="SystemFingerprint">Only in the last chunk.</param>
internal sealed record CompletionChunk(
    string Id,
    long Created,
    string Model,
    IReadOnlyList<ChunkChoice> Choices,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ChunkUsage? Usage = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SystemFingerprint = null)
{
    public string Object => "text_completion";
}

internal sealed record ChunkChoice(int Index, string Text, LogprobLists? Logprobs, string? FinishReason, JsonValue? StopReason, IReadOnlyList<int>? PromptTokenIds, IReadOnlyList<int>? TokenIds);

internal sealed record ChunkUsage(int PromptTokens, int TotalTokens, int CompletionTokens);
