using VoxMake.Config.Reading;

namespace VoxMake.Config;

[Doc("who speaks in each clip, found out by ear; clips that come with a speaker keep it; `speaker_diarization: {}` takes all defaults")]
public sealed record SpeakerDiarizationConfig : IChecked
{
    [Doc("network that tells voices apart: resemblyzer ships with VoxMake; onnx is one of your own (embedding_model), and so is pyannote, whose weights are not free to be shipped"), OneOf("resemblyzer", "onnx", "pyannote")]
    public string Method { get; init; } = "resemblyzer";

    [Doc("an ONNX network that makes an embedding of a voice, for methods onnx and pyannote"), ConfigPath]
    public string? EmbeddingModel { get; init; }

    [Doc("how clips are grouped: hdbscan by density, kmeans into a number of groups, auto tries several and says how sure it is"), OneOf("auto", "hdbscan", "kmeans")]
    public string ClusteringMethod { get; init; } = "auto";

    [Doc("fewest speakers; the same as max_speakers where the number is known; null: any"), Range(1, 10_000)]
    public int? MinSpeakers { get; init; }

    [Doc("most speakers; null: any"), Range(1, 10_000)]
    public int? MaxSpeakers { get; init; }

    [Doc("what becomes of clips that belong to no group: nearest gives them to the nearest speaker, leave_out to nobody"), OneOf("nearest", "leave_out")]
    public string Outliers { get; init; } = "nearest";

    [Doc("what chance starts from"), Range(0, int.MaxValue)]
    public int Seed { get; init; } = 42;

    void IChecked.Check(Checks checks)
    {
        if (Method == "pyannote" && EmbeddingModel is null)
            checks.Fail("pyannote's weights may only be had after signing up for them, so VoxMake neither ships nor fetches them; take method: resemblyzer, or name an ONNX network that makes embeddings in embedding_model", "speaker_diarization.method");
        if (Method == "onnx" && EmbeddingModel is null)
            checks.Fail("the method onnx needs a network: embedding_model: models/voice.onnx", "speaker_diarization.method", "speaker_diarization.embedding_model");
        if (Method == "resemblyzer" && EmbeddingModel is not null)
            checks.Fail($"is for method: onnx, but the method is {Method}", "speaker_diarization.embedding_model");
        if (MinSpeakers > MaxSpeakers)
            checks.Fail($"speaker_diarization.min_speakers ({MinSpeakers}) must not be above speaker_diarization.max_speakers ({MaxSpeakers})", "speaker_diarization.min_speakers", "speaker_diarization.max_speakers");
    }
}
