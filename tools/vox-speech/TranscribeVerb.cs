using System.Text.Json.Serialization.Metadata;
using VoxMake.Protocol;
using VoxMake.Speech.Recognition;
using VoxMake.Speech.Recognition.Endpoint;
using VoxMake.Tooling;

namespace VoxMake.SpeechTool;

/// <summary>What all threads use: the engine, and what is to be done with what it writes.</summary>
internal sealed record Transcriber(TranscribeSettings Settings, IRecognizer Recognizer) : IDisposable
{
    public void Dispose() => Recognizer.Dispose();
}

/// <summary><c>vox-speech transcribe</c>: writes down what is said (docs/targets/transcribe.md).</summary>
internal sealed class TranscribeVerb : ItemVerb<TranscribeSettings, Transcriber>
{
    public override string Name => "transcribe";
    public override string Summary => "writes down what is said in recordings";
    public override string InputHelp => "recordings, folders of them, or a metadata.csv";
    public override JsonTypeInfo SettingsType => TranscribeJson.Default.TranscribeSettings;
    public override Printing? Prints => new("text", Json: TranscribeWorker.Transcript);
    public override IReadOnlyList<FileRole> FileRoles => [new(WhisperFolder.Role, "for engine whisper: the folder of the model as Hugging Face publishes it (openai/whisper-small)")];

    public override string? Describe(string setting) => setting switch
    {
        "engine" => "whisper (the default; wants --model) or endpoint",
        "language" => "what is spoken, such as de; detected where it is not said",
        "word_timestamps" => "whether words have times; default false",
        "guard" => "a segment that looks made up is kept and named (mark, the default), left out (drop), or its recording is rejected (reject)",
        "formats" => "what is written for each recording; default [\"json\", \"srt\", \"vtt\"]",
        "beam_size" => "whisper: texts followed side by side, 1 to 32; default 5",
        "batch_size" => "whisper: windows decoded side by side where the speech is known, 1 to 64; 0: one after the other; default 8",
        "multilingual" => "whisper: whether the language is detected anew in every window; default false",
        "condition_on_previous_text" => "whisper: whether a window is decoded with the text before it; default true",
        "initial_prompt" => "whisper: text taken to stand before the first window: names, spelling",
        "threads_each" => "whisper: threads that work on one recording, beside --threads recordings at once; another number rounds otherwise in the last bits; default 1",
        "endpoint" => "endpoint: its address, such as https://api.openai.com/v1 or http://localhost:8000",
        "endpoint_model" => "endpoint: the model's name as the server has it",
        ApiKey.Setting => "endpoint: the environment variable that holds the key; none is sent if not said",
        "requests_per_minute" => "endpoint: over all threads; 0, the default: no limit",
        "timeout_s" => "endpoint: seconds for one request; default 600",
        "attempts" => "endpoint: how often a request is made at most; default 6",
        "max_upload_mb" => "endpoint: longer recordings go in pieces, cut at pauses; default 25",
        _ => null,
    };

    protected override Transcriber Load(TranscribeSettings settings, Func<string, IReadOnlyList<InputFile>> files)
    {
        settings.Check();
        return new Transcriber(settings, settings.Engine == "endpoint" ? Endpoint(settings) : WhisperFolder.Open(files(WhisperFolder.Role), settings.Whisper()));
    }

    private static EndpointRecognizer Endpoint(TranscribeSettings settings)
    {
        try { return new EndpointRecognizer(settings.ToEndpoint()); }
        catch (RecognitionException error) { throw new ToolException(error.Message) { Try = error.Try }; }
    }

    protected override IItemWorker CreateWorker(Transcriber shared) => CreateWorker(shared, CancellationToken.None);

    protected override IItemWorker CreateWorker(Transcriber shared, CancellationToken cancel) => new TranscribeWorker(shared, cancel);
}
