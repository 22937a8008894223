using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.Report.Voice;

/// <summary>Validate's validation.json, as <c>vox-validate</c> writes it.</summary>
/// <param name="Of">The engine's address or image; null for our own.</param>
internal sealed record EngineProof(string Engine, IReadOnlyList<EngineCheck> Checks, string? Of = null)
{
    /// <summary>Who served, in words. Not an endpoint's address: what pages say is handed on, and where somebody's servers are is nobody's business.</summary>
    public string Server => Engine switch
    {
        "embedded" => "VoxMake's own server",
        "container" when Of is { } image => $"a container of {image}",
        _ => "a server with vLLM's completions API",
    };

    /// <exception cref="JsonException">It is something else.</exception>
    public static EngineProof Read(string path) => JsonSerializer.Deserialize(File.ReadAllBytes(path), EngineProofJson.Default.EngineProof) ?? throw new JsonException("it is null");
}

/// <summary>One check.</summary>
/// <param name="Outcome"><c>passed</c>, <c>warned</c> or <c>failed</c>.</param>
/// <param name="Mend">What to do; null where nothing is wrong.</param>
internal sealed record EngineCheck(string Name, string Outcome, string Message, string? Mend = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(EngineProof))]
internal sealed partial class EngineProofJson : JsonSerializerContext;
