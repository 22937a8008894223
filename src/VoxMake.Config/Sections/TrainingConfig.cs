namespace VoxMake.Config;

[Doc("how the voice is trained; without this section the graph ends with the dataset and its report")]
public sealed record TrainingConfig
{
    [Doc("the kind of model"), OneOf("vits", "orpheus")]
    public string Family { get; init; } = "vits";

    /// <summary>Null: the family is another one.</summary>
    public OrpheusConfig? Orpheus { get; init; }

    [Doc("the folder of the checkpoint to start from: a published one such as MMS, or a voice that VoxMake exported; null: start from nothing"), ConfigPath]
    public string? BaseModel { get; init; }

    [Doc("what the base model is called on Hugging Face, such as canopylabs/orpheus-3b-0.1-pretrained, for the voice's card; null: the card names none that the model does not name itself")]
    public string? BaseModelId { get; init; }

    [Doc("how big a model that starts from nothing is; tiny learns within minutes and only shows that all works"), OneOf("tiny", "base")]
    public string Size { get; init; } = "base";

    [Doc("how often all training clips are seen; raising it goes on from the last checkpoint; null: 50, for the family orpheus 3"), Range(1, 1_000_000), Extends]
    public int? NumEpochs { get; init; }

    /// <summary>What <see cref="NumEpochs"/> comes to.</summary>
    public int Epochs() => NumEpochs ?? (Family == "orpheus" ? 3 : 50);

    [Doc("learning rate after the warm-up; 2e-4 from nothing, about 2e-5 to fine-tune a published model"), Range(1e-9, 1)]
    public double LearningRate { get; init; } = 2e-4;

    [Doc("the learning rate is multiplied by this after each epoch"), Range(0.5, 1)]
    public double LrDecay { get; init; } = 0.999875;

    [Doc("steps in which the learning rate rises to its value"), Range(0, 1_000_000_000)]
    public int WarmupSteps { get; init; }

    [Doc("clips that go through the network at once; null: what fits the machine, chosen once and kept"), Range(1, 65_536)]
    public int? BatchSize { get; init; }

    [Doc("how many such pieces make a step: their gradients are summed before the weights move"), Range(1, 65_536)]
    public int GradientAccumulationSteps { get; init; } = 1;

    [Doc("numbers that the networks calculate with; bf16 is for GPUs; null: fp32, for the family orpheus bf16 on a GPU"), OneOf("fp32", "bf16")]
    public string? MixedPrecision { get; init; }

    [Doc("length of the piece of each clip that the decoder learns from in a step", Unit = "samples"), Range(256, 1_000_000)]
    public int SegmentSize { get; init; } = 8192;

    [Doc("gradients are scaled down to this norm; null: never, as in the original; for the family orpheus to 1"), Range(1e-6, 1e9)]
    public double? MaxGradNorm { get; init; }

    [Doc("weight of the loss of mel spectrograms"), Range(0, 1000)]
    public double MelWeight { get; init; } = 45;

    [Doc("weight of the divergence of posterior and prior"), Range(0, 1000)]
    public double KlWeight { get; init; } = 1;

    [Doc("steps between two validations, which speak held-back sentences and choose the checkpoint"), Range(1, 1_000_000_000)]
    public int ValidationSteps { get; init; } = 500;

    [Doc("held-back sentences that are spoken at each validation"), Range(1, 100)]
    public int ValidationSentences { get; init; } = 4;

    [Doc("training ends after so many validations without a better one; null: never early"), Range(1, 1_000_000)]
    public int? EarlyStoppingPatience { get; init; }

    [Doc("what chance starts from: first weights, order of the clips"), Range(0, int.MaxValue)]
    public int Seed { get; init; } = 42;

    [Doc("minutes between two checkpoints, from which a run that was stopped goes on", Unit = "min"), Range(0.001, 10_000), NotInKey]
    public double SaveMinutes { get; init; } = 10;

    [Doc("steps between two checkpoints, besides the minutes; null: only these"), Range(1, 1_000_000_000), NotInKey]
    public int? SaveSteps { get; init; }

    [Doc("steps between two points of the curves in TensorBoard"), Range(1, 1_000_000_000), NotInKey]
    public int LoggingSteps { get; init; } = 10;

    [Doc("where it is trained; auto: on the first GPU, else on the processor"), OneOf("auto", "cpu", "cuda"), NotInKey]
    public string Device { get; init; } = "auto";
}
