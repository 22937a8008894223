using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using VoxMake.Tooling;
using VoxMake.Torch;

namespace VoxMake.ValidateTool;

// A positional record with defaults: System.Text.Json's source generator forgets the initialisers of init-only properties.

/// <summary>Settings of <c>vox-validate orpheus</c>; <see cref="OrpheusVerb.Describe"/> says what they mean.</summary>
public sealed partial record ValidateSettings(
    string Engine = ValidateSettings.Embedded,
    string? Endpoint = null,
    string? Container = null,
    string? Name = null,
    int Prompts = 4,
    int Tokens = 64,
    int SpeechTokens = 1200,
    int Concurrent = 4,
    double TimeoutS = 600,
    int? MaxModelLen = null,
    string Dtype = "auto",
    long Seed = 42,
    bool StrictSpeech = true,
    string? ApiKeyEnv = null)
{
    internal const string Embedded = "embedded", ByEndpoint = "endpoint", InContainer = "container";

    /// <summary>Refuses what is out of range, or lacks what its engine needs.</summary>
    /// <exception cref="ToolException">Names the setting and what was expected.</exception>
    public void Check()
    {
        if (Engine is not (Embedded or ByEndpoint or InContainer)) throw Wrong("engine", $"'{Engine}' is not known, expected {Embedded}, {ByEndpoint} or {InContainer}");
        if (Dtype is not ("auto" or "float32" or "bfloat16" or "float16")) throw Wrong("dtype", $"'{Dtype}' is not known, expected auto, float32, bfloat16 or float16");
        if (Engine == ByEndpoint && (!Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")))
            throw Wrong("endpoint", $"the engine is {ByEndpoint}, and '{Endpoint}' is no URL of a server, expected one such as http://127.0.0.1:8000");
        if (Engine == ByEndpoint && new Uri(Endpoint!) is { UserInfo.Length: > 0 } or { Query.Length: > 0 })
            throw Wrong("endpoint", $"the address is kept with the results, so nothing secret may stand in it, expected one without name, password and ?; a key goes by {ApiKey.Setting}");
        if (Engine != ByEndpoint && ApiKeyEnv is not null) throw Wrong(ApiKey.Setting, $"it is for engine {ByEndpoint}, and the engine is {Engine}");
        if (Engine == InContainer && (Container is null || !Image().IsMatch(Container))) throw Wrong("container",
            $"the engine is {InContainer}, and '{Container}' is no name of an image, expected one such as vllm/vllm-openai:latest");
        if (Name is not null && !ModelName().IsMatch(Name)) throw Wrong("name", $"'{Name}' is no name of a model, expected letters, digits, '-', '_', '.' and '/'");
        SettingRange.Within("prompts", Prompts, 1, 10_000);
        SettingRange.Within("tokens", Tokens, 1, 1 << 16);
        SettingRange.Within("speech_tokens", SpeechTokens, 7, 1 << 16);
        SettingRange.Within("concurrent", Concurrent, 1, 1000);
        SettingRange.Within("timeout_s", TimeoutS, 0.1, 86_400);
        SettingRange.Within("max_model_len", MaxModelLen, 64, 1 << 20);
    }

    /// <summary>What the engine computes in; null: as the weights are.</summary>
    [JsonIgnore]
    internal ScalarType? Type => Dtype switch { "float32" => ScalarType.Float, "bfloat16" => ScalarType.BFloat16, "float16" => ScalarType.Half, _ => null };

    private static ToolException Wrong(string field, string message) => new(message) { Field = field };

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,299}\z")]
    private static partial Regex Image();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}\z")]
    private static partial Regex ModelName();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ValidateSettings))]
internal sealed partial class ValidateJson : JsonSerializerContext;
