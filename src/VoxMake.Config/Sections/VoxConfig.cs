using System.Text.RegularExpressions;
using VoxMake.Config.Reading;

namespace VoxMake.Config;

/// <summary>A configuration: one YAML file is one voice (DESIGN 7). A section that is null is not wanted, and its targets are absent.</summary>
public sealed partial record VoxConfig : IChecked
{
    public required LanguageConfig Language { get; init; }
    public required SourceConfig Source { get; init; }
    public ExtractConfig Extract { get; init; } = new();
    public AudioConfig Audio { get; init; } = new();

    /// <summary>Null: nobody listens where somebody speaks; pauses are found by their energy.</summary>
    public VoiceActivityConfig? VoiceActivity { get; init; }

    /// <summary>Null: recordings come cut, there is no Segment.</summary>
    public SegmentConfig? Segment { get; init; }

    /// <summary>Null: clips without a text stay without.</summary>
    public TranscriptionConfig? Transcription { get; init; }

    /// <summary>Null: nobody asks whether texts are what is said.</summary>
    public AlignmentConfig? Alignment { get; init; }

    /// <summary>Null: speakers are those that the source names.</summary>
    public SpeakerDiarizationConfig? SpeakerDiarization { get; init; }

    /// <summary>Null: texts stay as they are.</summary>
    public TextConfig? Text { get; init; }

    public QualityConfig Quality { get; init; } = new();
    public DatasetConfig Dataset { get; init; } = new();

    /// <summary>Null: the graph ends with the dataset and its report.</summary>
    public TrainingConfig? Training { get; init; }

    public EvaluationConfig Evaluation { get; init; } = new();
    public ValidationConfig Validation { get; init; } = new();

    public CacheConfig Cache { get; init; } = new();
    public ReportConfig Report { get; init; } = new();

    void IChecked.Check(Checks checks)
    {
        if (Training is { Family: "orpheus" }) CheckOrpheus(Training, checks);
        else if (Training is { Orpheus: not null })
            checks.Fail($"is for the family orpheus, but training.family is {Training.Family}; set that, or leave this section out", "training.orpheus");
        if (Training?.BaseModelId is { } id && !HubName().IsMatch(id))
            checks.Fail($"'{id}' is no name on Hugging Face, expected OWNER/NAME, such as facebook/mms-tts-deu", "training.base_model_id");
        if (Training is { BaseModelId: not null, BaseModel: null }) checks.Fail("names the model that is trained on from, but there is no training.base_model", "training.base_model_id");
        CheckValidation(checks);
        CheckHearing(checks);
        if (Segment is null) return;
        if (Segment.MaxS > Quality.MaxDurationS)
            checks.Fail($"pieces of up to {Numbers.Text(Segment.MaxS)} s would be cut, and those above quality.max_duration_s ({Numbers.Text(Quality.MaxDurationS)} s) rejected; lower the one or raise the other",
                "segment.max_s", "quality.max_duration_s");
        if (Segment.MinS < Quality.MinDurationS)
            checks.Fail($"pieces from {Numbers.Text(Segment.MinS)} s on would be cut, and those below quality.min_duration_s ({Numbers.Text(Quality.MinDurationS)} s) rejected; raise the one or lower the other",
                "segment.min_s", "quality.min_duration_s");
    }

    private void CheckHearing(Checks checks)
    {
        if (Audio.Trim == "speech" && VoiceActivity is null)
            checks.Fail("clips can be trimmed to the speech in them only where somebody listens for it: add voice_activity: {}", "audio.trim");
        if (Quality.MinAlignmentScore is not null && Alignment is null)
            checks.Fail("no clip has a score where nothing is aligned: add alignment: {}, or leave this out", "quality.min_alignment_score");
        if (Quality.MinConfidence is not null && Transcription is null)
            checks.Fail("no clip has a confidence where nothing is transcribed: add transcription: …, or leave this out", "quality.min_confidence");
    }

    private void CheckValidation(Checks checks)
    {
        var engine = Validation.Engine;
        var address = Uri.TryCreate(Validation.Endpoint, UriKind.Absolute, out var uri) ? uri : null;
        if (engine != "embedded" && Training is not { Family: "orpheus" })
            checks.Fail($"the engine {engine} serves voices of the family orpheus; other voices are validated with engine: embedded", "validation.engine");
        else if (engine == "endpoint" && address?.Scheme is not ("http" or "https"))
            checks.Fail("the engine endpoint needs the address of a server: endpoint: http://127.0.0.1:8000", "validation.engine", "validation.endpoint");
        else if (engine == "endpoint" && address is { UserInfo.Length: > 0 } or { Query.Length: > 0 })
            checks.Fail("an address is kept with the results, so nothing secret may stand in it: leave out the name and password before @, and what follows ?; a key goes into api_key",
                "validation.endpoint");
        else if (engine == "container" && string.IsNullOrWhiteSpace(Validation.Container))
            checks.Fail("the engine container needs an image: container: vllm/vllm-openai:VERSION", "validation.engine", "validation.container");
        if (engine != "endpoint" && Validation.Endpoint is not null) checks.Fail($"is for engine: endpoint, but the engine is {engine}", "validation.endpoint");
        if (engine != "endpoint" && Validation.ApiKey is not null) checks.Fail($"is for engine: endpoint, but the engine is {engine}", "validation.api_key");
        if (engine != "container" && Validation.Container is not null) checks.Fail($"is for engine: container, but the engine is {engine}", "validation.container");
    }

    private void CheckOrpheus(TrainingConfig training, Checks checks)
    {
        if (training.Orpheus is null)
            checks.Fail("the family orpheus needs the section training.orpheus with codec, the folder of a SNAC codec: orpheus: { codec: FOLDER }",
                "training.family", "training.orpheus");
        if (training.BaseModel is null)
            checks.Fail("the family orpheus needs a model to begin with: base_model: FOLDER, such as that of canopylabs/orpheus-3b-0.1-pretrained",
                "training.family", "training.base_model");
        if (Audio.SampleRate != OrpheusConfig.SampleRate)
            checks.Fail($"it is {Audio.SampleRate} Hz, but the codec of the family orpheus takes {OrpheusConfig.SampleRate} Hz; set audio.sample_rate: {OrpheusConfig.SampleRate}",
                "audio.sample_rate", "training.family");
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}\z")]
    private static partial Regex HubName();
}
