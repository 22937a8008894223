using VoxMake.Config.Reading;
using VoxMake.Secrets;

namespace VoxMake.Config;

[Doc("how recordings that come without a text get one; without this section they stay without")]
public sealed record TranscriptionConfig : IChecked
{
    [Doc("who writes down what is said: whisper is VoxMake itself with a published model, endpoint any server with OpenAI's /v1/audio/transcriptions"), OneOf("whisper", "endpoint")]
    public string Engine { get; init; } = "whisper";

    [Doc("folder of a Whisper model from Hugging Face (openai/whisper-tiny to whisper-large-v3, turbo), for engine whisper"), ConfigPath]
    public string? Model { get; init; }

    [Doc("address of the server, such as http://127.0.0.1:8000/v1, for engine endpoint"), NotInKey]
    public string? Endpoint { get; init; }

    [Doc("name by which the server knows the model, for engine endpoint")]
    public string? EndpointModel { get; init; }

    [Doc("key for the server, as ${env:NAME}; only the name goes to the tool"), NotInKey]
    public Secret? ApiKey { get; init; }

    [Doc("most requests to the server in a minute; null: as many as it takes"), Range(0.1, 100_000), NotInKey]
    public double? RequestsPerMinute { get; init; }

    [Doc("language that is spoken, such as de; null: that of language.code; auto: detected in each recording")]
    public string? Language { get; init; }

    [Doc("how many texts are followed side by side; 1 takes the likeliest token each time, 5 is slower and a little better, whisper only"), Range(1, 64)]
    public int BeamSize { get; init; } = 5;

    [Doc("whether it is found out when each word is spoken")]
    public bool WordTimestamps { get; init; } = true;

    [Doc("what becomes of a stretch whose text looks invented (nobody speaks there, it repeats itself, it is too long for its time, it is a known phrase): mark notes it, drop leaves its text out, reject leaves the whole clip out"), OneOf("mark", "drop", "reject")]
    public string Guard { get; init; } = "mark";

    void IChecked.Check(Checks checks)
    {
        if (Engine == "whisper" && Model is null)
            checks.Fail("the engine whisper needs the folder of a model: model: models/whisper-small", "transcription.engine", "transcription.model");
        if (Engine == "endpoint" && (!Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")))
            checks.Fail("the engine endpoint needs the address of a server: endpoint: http://127.0.0.1:8000/v1", "transcription.engine", "transcription.endpoint");
        if (Engine == "endpoint" && string.IsNullOrWhiteSpace(EndpointModel))
            checks.Fail("the engine endpoint needs the name of a model: endpoint_model: whisper-1", "transcription.engine", "transcription.endpoint_model");
        if (Engine != "whisper" && Model is not null) checks.Fail($"is for engine: whisper, but the engine is {Engine}", "transcription.model");
        if (Engine != "endpoint" && Endpoint is not null) checks.Fail($"is for engine: endpoint, but the engine is {Engine}", "transcription.endpoint");
        if (Engine != "endpoint" && EndpointModel is not null) checks.Fail($"is for engine: endpoint, but the engine is {Engine}", "transcription.endpoint_model");
    }
}
