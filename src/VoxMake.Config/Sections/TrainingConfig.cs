namespace VoxMake.Config;

[Doc("how the voice is trained; without this section the graph ends with the dataset")]
public sealed record TrainingConfig
{
    [Doc("the kind of model"), OneOf("vits")]
    public string Family { get; init; } = "vits";

    [Doc("the folder of the checkpoint to start from; null: start from nothing"), ConfigPath]
    public string? BaseModel { get; init; }

    [Doc("how big a model that starts from nothing is; tiny learns within minutes and only shows that all works"), OneOf("tiny", "base")]
    public string Size { get; init; } = "base";

    [Doc("how often all training clips are seen"), Range(1, 1_000_000), Extends]
    public int NumEpochs { get; init; } = 50;

    [Doc("learning rate after the warm-up"), Range(1e-9, 1)]
    public double LearningRate { get; init; } = 1e-4;

    [Doc("clips in one step; null: what fits the machine, chosen once and kept"), Range(1, 65_536)]
    public int? BatchSize { get; init; }

    [Doc("steps whose gradients are summed before the weights move"), Range(1, 65_536)]
    public int GradientAccumulationSteps { get; init; } = 1;

    [Doc("numbers that the networks calculate with; bf16 is for GPUs"), OneOf("fp32", "bf16")]
    public string MixedPrecision { get; init; } = "fp32";

    [Doc("steps between two checkpoints"), Range(1, 1_000_000_000), NotInKey]
    public int SaveSteps { get; init; } = 500;

    [Doc("steps between two lines of the log"), Range(1, 1_000_000_000), NotInKey]
    public int LoggingSteps { get; init; } = 10;

    [Doc("steps in which the learning rate rises to its value"), Range(0, 1_000_000_000)]
    public int WarmupSteps { get; init; }

    [Doc("what chance starts from: first weights, order of the clips"), Range(0, int.MaxValue)]
    public int Seed { get; init; } = 42;
}
