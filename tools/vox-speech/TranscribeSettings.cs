using System.Text.Json.Serialization;
using VoxMake.Speech.Recognition;
using VoxMake.Speech.Recognition.Endpoint;
using VoxMake.Speech.Recognition.Whisper;
using VoxMake.Tooling;

namespace VoxMake.SpeechTool;

/// <summary>Settings of <c>vox-speech transcribe</c>; <see cref="TranscribeVerb.Describe"/> says what they mean.</summary>
internal sealed record TranscribeSettings(
    string Engine = "whisper",
    string? Language = null,
    bool WordTimestamps = false,
    string Guard = "mark",
    IReadOnlyList<string>? Formats = null,
    int? BeamSize = 5,
    int BatchSize = 8,
    bool Multilingual = false,
    bool ConditionOnPreviousText = true,
    string? InitialPrompt = null,
    int ThreadsEach = 1,
    string? Endpoint = null,
    string? EndpointModel = null,
    string? ApiKeyEnv = null,
    double RequestsPerMinute = 0,
    double TimeoutS = 600,
    int Attempts = 6,
    double MaxUploadMb = 25)
{
    public static readonly string[] AllFormats = ["json", "srt", "vtt"];
    private static readonly string[] Engines = ["whisper", "endpoint"], Guards = ["mark", "drop", "reject"];

    /// <summary>What is written for each recording.</summary>
    public IReadOnlyList<string> Written() => Formats ?? AllFormats;

    /// <summary>The settings of Whisper.</summary>
    public WhisperSettings Whisper() => new(Language, Multilingual: Multilingual, BeamSize: BeamSize, InitialPrompt: InitialPrompt, ConditionOnPreviousText: ConditionOnPreviousText,
        WordTimestamps: WordTimestamps, BatchSize: BatchSize);

    /// <summary>The settings of the endpoint, with the key from the environment.</summary>
    /// <exception cref="ToolException">One that is needed is missing.</exception>
    public EndpointSettings ToEndpoint()
    {
        if (!Uri.TryCreate(Endpoint, UriKind.Absolute, out var address)) throw new ToolException($"{(Endpoint is null ? "it is not set" : "it is no address")}") { Field = "endpoint",
            Try = "such as https://api.openai.com/v1 or http://localhost:8000" };
        if (string.IsNullOrWhiteSpace(EndpointModel)) throw new ToolException("it is not set") { Field = "endpoint_model", Try = "the model's name as the server has it, such as whisper-1" };
        return new EndpointSettings(address, EndpointModel, ApiKey.In(ApiKeyEnv), Language, WordTimestamps, RequestsPerMinute)
        {
            Timeout = TimeSpan.FromSeconds(TimeoutS), Attempts = Attempts, UploadBytes = (long)(MaxUploadMb * 1e6),
        };
    }

    /// <exception cref="ToolException">A setting is out of range.</exception>
    public void Check()
    {
        Among("engine", Engine, Engines);
        Among("guard", Guard, Guards);
        foreach (var format in Written()) Among("formats", format, AllFormats);
        if (Language is { } language && LanguageNames.CodeOf(language).Length == 0) throw new ToolException($"'{language}' is no language") { Field = "language",
            Try = "a code such as de or en-GB, or nothing, to have it detected" };
        SettingRange.Within("threads_each", ThreadsEach, 1, 1024);
        SettingRange.Within("requests_per_minute", RequestsPerMinute, 0, 100_000);
        SettingRange.Within("timeout_s", TimeoutS, 1, 86_400);
        SettingRange.Within("attempts", Attempts, 1, 50);
        SettingRange.Within("max_upload_mb", MaxUploadMb, 0.5, 2000);
    }

    private static void Among(string field, string value, string[] choices)
    {
        if (!choices.Contains(value)) throw new ToolException($"it is '{value}'; expected {string.Join(", ", choices)}") { Field = field };
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(TranscribeSettings))]
internal sealed partial class TranscribeJson : JsonSerializerContext;
