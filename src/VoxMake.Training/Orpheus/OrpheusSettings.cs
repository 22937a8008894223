using VoxMake.Models.Llama;
using VoxMake.Models.Lora;

namespace VoxMake.Training.Orpheus;

/// <summary>Settings of the recipe, as <c>vox-train orpheus</c> takes them (docs/recipes/orpheus.md). A positional record with defaults: System.Text.Json's source generator forgets initialisers.</summary>
/// <param name="Method"><c>lora</c>: an adapter beside the frozen model; <c>full</c>: all weights.</param>
/// <param name="LoraRank">Width of the adapter's detours, 1 or more.</param>
/// <param name="LoraAlpha">The adapter counts alpha / rank times; under rsLoRA alpha / √rank times.</param>
/// <param name="LoraDropout">Of what goes into the adapter, 0 to below 1.</param>
/// <param name="LoraTargetModules">Layers that have one; null: all linear layers.</param>
/// <param name="UseRslora">Rank-stabilised LoRA.</param>
/// <param name="NumEpochs">How often every example is seen, 1 or more.</param>
/// <param name="LearningRate">Step size at its highest, above 0.</param>
/// <param name="LrScheduler"><c>linear</c>, <c>cosine</c> or <c>constant</c>, after the warm-up. With the last a training of more epochs goes on; with the others it is another.</param>
/// <param name="WarmupSteps">Steps in which the step size rises from 0.</param>
/// <param name="WeightDecay">Of matrices; norms and biases have none.</param>
/// <param name="MaxGradNorm">Gradients are scaled down to this norm; null for no clipping.</param>
/// <param name="BatchSize">Examples that go through the network at once, 1 or more; null: what fits the memory, chosen at the first start and kept.</param>
/// <param name="GradientAccumulationSteps">Such pieces in one step, 1 or more.</param>
/// <param name="MixedPrecision"><c>fp32</c>, or <c>bf16</c> on a GPU: frozen weights in bfloat16, what is trained in float32; <c>auto</c>: bf16 where there is a GPU.</param>
/// <param name="GradientCheckpointing"><c>none</c>, <c>selective</c>, <c>full</c>, or <c>auto</c>: the first of them with which a useful batch fits.</param>
/// <param name="MaskPrompt">Whether texts are not learnt, only sound.</param>
/// <param name="Seed">Decides the adapter's first weights, order and dropout.</param>
/// <param name="ValidationSteps">Steps from one validation to the next, 1 or more.</param>
/// <param name="ValidationSentences">How many held-back sentences are spoken at each, 0 or more.</param>
/// <param name="EarlyStoppingPatience">Validations without a better one after which training stops, 1 or more; null for never.</param>
/// <param name="SaveSteps">Steps from one checkpoint to the next; null: by time only.</param>
/// <param name="SaveMinutes">Minutes from one checkpoint to the next; null: by steps only.</param>
/// <param name="LoggingSteps">Steps from one line of numbers to the next.</param>
/// <param name="Device"><c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, or <c>auto</c>: CUDA where there is one.</param>
/// <param name="Devices">Processes that train together, 1 or more, each on a GPU of its own or on a share of the CPU's threads; steps are on the same examples however many there are.</param>
public sealed record OrpheusSettings(
    string Method = "lora",
    int LoraRank = 64,
    double LoraAlpha = 64,
    double LoraDropout = 0,
    string[]? LoraTargetModules = null,
    bool UseRslora = false,
    int NumEpochs = 3,
    double LearningRate = 2e-4,
    string LrScheduler = "linear",
    int WarmupSteps = 10,
    double WeightDecay = 0.01,
    double? MaxGradNorm = 1,
    int? BatchSize = null,
    int GradientAccumulationSteps = 1,
    string MixedPrecision = "auto",
    string GradientCheckpointing = "auto",
    bool MaskPrompt = false,
    long Seed = 42,
    int ValidationSteps = 200,
    int ValidationSentences = 4,
    int? EarlyStoppingPatience = null,
    int? SaveSteps = null,
    double? SaveMinutes = 10,
    int LoggingSteps = 10,
    string Device = "auto",
    int Devices = 1) : IRecipeSettings
{
    /// <summary>What the adapter is; null where all weights are trained.</summary>
    public LoraConfig? Lora => Method == "lora" ? new LoraConfig(LoraRank, LoraAlpha, LoraDropout, LoraTargetModules ?? [.. LoraConfig.AllLinear], UseRslora) : null;

    /// <summary>What was asked for; null: <c>auto</c>.</summary>
    internal GradientCheckpointing? Checkpointing => GradientCheckpointing == "auto" ? null : WayOf(GradientCheckpointing);

    internal static GradientCheckpointing WayOf(string name) => Enum.Parse<GradientCheckpointing>(name, ignoreCase: true);

    /// <summary>Refuses values that are out of range.</summary>
    /// <exception cref="TrainingException">Names the setting and its range.</exception>
    public void Check()
    {
        SettingRange.OfEveryRecipe(this);
        SettingRange.OneOf("method", Method, "lora", "full");
        SettingRange.OneOf("lr_scheduler", LrScheduler, [.. WarmupSchedule.Kinds]);
        SettingRange.OneOf("mixed_precision", MixedPrecision, "auto", "fp32", "bf16");
        SettingRange.OneOf("gradient_checkpointing", GradientCheckpointing, "auto", "none", "selective", "full");
        foreach (var module in LoraTargetModules ?? []) SettingRange.OneOf("lora_target_modules", module, [.. LoraConfig.AllLinear]);
        if (LoraTargetModules is { Length: 0 }) throw new TrainingException("no layer is named; expected at least one, or null for all") { Field = "lora_target_modules" };
        SettingRange.Within("lora_rank", LoraRank, 1, 4096);
        SettingRange.Within("lora_alpha", LoraAlpha, 1e-3, 1e5);
        SettingRange.Within("lora_dropout", LoraDropout, 0, 0.99);
        SettingRange.Within("weight_decay", WeightDecay, 0, 10);
        SettingRange.Within("validation_sentences", ValidationSentences, 0, 1000);
        SettingRange.Within("devices", Devices, 1, 64);
        if (Devices > 1 && Device.StartsWith("cuda:", StringComparison.Ordinal))
            throw new TrainingException($"{Devices} processes cannot share {Device}; several have the GPUs from the first on") { Field = "device", Try = "set training.device to auto or cuda" };
    }
}
