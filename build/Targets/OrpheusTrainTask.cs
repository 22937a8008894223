using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Fine-tunes an Orpheus voice. Being interrupted is normal: the next run goes on from the last checkpoint.</summary>
[TaskName("Train")]
[TaskDescription("fine-tunes the voice; goes on where it was stopped")]
public sealed class OrpheusTrainTask(TrainingConfig training, OrpheusConfig orpheus, TokenizeTask tokenize) : StageTask
{
    /// <summary>The model to begin from, whole.</summary>
    public PersonFolder BaseModel { get; } = new("base", new FileTree("base_model", training.BaseModel!, [".json", ".safetensors", ".bin", ".jinja", ".md", ".txt", ".model"]));

    /// <summary>The trained weights, what the training says of itself, and what the trained network said, to be held against the exported one.</summary>
    public FileInput Trained => Files("trained", "checkpoint/", "training.json", "said.json");

    /// <summary>What the trained network said before it was exported.</summary>
    public StageFiles Said => Files("trained", "said.json");

    /// <summary>Curves, and the sentences spoken on the way.</summary>
    public FileInput Story => Files("trained", "training.json", "metrics.csv", "validation.csv", "spoken.csv", "spoken/");

    protected override ToolCall Call => Tool("vox-train", "orpheus")
        .Collect()
        .In(tokenize.Examples with { Role = "tokens" })
        .In(BaseModel)
        .In(EncodeTask.Codec(orpheus))
        .Params(Settings)
        .Needs(gpus: training.Device == "cpu" ? 0 : orpheus.Devices)
        .Varies(TrainTask.Why)
        .KeepsState()
        .WritesItsTables();

    /// <summary>What both sections say of this family. A rate that falls to nothing at the last step makes a longer training another one from its first step on.</summary>
    private SettingsJson Settings
    {
        get
        {
            var common = SettingsJson.Of(training with { Orpheus = null, NumEpochs = training.Epochs(), MixedPrecision = training.MixedPrecision ?? "auto", MaxGradNorm = training.MaxGradNorm ?? 1 })
                .Without("family", "base_model_id", "size", "lr_decay", "segment_size", "mel_weight", "kl_weight");
            if (orpheus.LrScheduler != "constant") common = common.Without("num_epochs").With(SettingsJson.Of(("num_epochs", training.Epochs())));
            return common.With(SettingsJson.Of(orpheus).Without("voice", "max_tokens", "remove_duplicate_frames", "export_dtype", "max_model_len", "temperature", "top_p", "repetition_penalty"));
        }
    }
}
