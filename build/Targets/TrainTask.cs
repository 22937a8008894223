using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Trains the voice. Being interrupted is normal: the next run goes on from the last checkpoint.</summary>
[TaskName("Train")]
[TaskDescription("trains the voice; goes on where it was stopped")]
public sealed class TrainTask(TrainingConfig training, AudioConfig audio, LanguageConfig language, DatasetTask dataset, ItemSet texts) : StageTask
{
    /// <summary>Seconds, the most that quality.max_duration_s allows: Quality has judged lengths already.</summary>
    private const double LongestClip = 600;

    /// <summary>Why two runs may differ.</summary>
    public const string Why = "sums of many numbers depend on how many threads, and what device, add them up; on one machine with one number of threads it is the same";

    /// <summary>The folder of the model to begin from; null: from nothing.</summary>
    public FileTree? BaseModel { get; } = training.BaseModel is { } folder ? new FileTree("base_model", folder) : null;

    /// <summary>The trained networks, and what the training says of itself.</summary>
    public FileInput Checkpoint => Files("trained", "checkpoint/", "training.json");

    /// <summary>What the trained network spoke, to be held against what the exported one speaks.</summary>
    public FileInput Said => Files("trained", "said.safetensors", "said.json");

    /// <summary>Curves, and the sentences spoken on the way.</summary>
    public FileInput Story => Files("trained", "training.json", "metrics.csv", "validation.csv", "spoken.csv", "spoken/");

    protected override ToolCall Call => Tool("vox-train", training.Family)
        .Collect(dataset.Clips.And("split"))
        .With(texts with { Columns = ["text", "speaker_id"] })
        .In(dataset.Speakers)
        .Params(SettingsJson.Of(training with { NumEpochs = training.Epochs(), MixedPrecision = training.MixedPrecision ?? "fp32" }).Without("family", "base_model_id").With(SettingsJson.Of(("sample_rate", audio.SampleRate), ("language", language.Code), ("max_duration_s", LongestClip))))
        .Needs(gpus: training.Device == "cpu" ? 0 : 1)
        .Varies(Why)
        .KeepsState()
        .WritesItsTables()
        .In(OwnFolder("base", BaseModel));
}
