namespace VoxMake.Training.Vits;

/// <summary>Settings of the recipe, as <c>vox-train vits</c> takes them (docs/targets/train.md). A positional record with defaults: System.Text.Json's source generator forgets initialisers.</summary>
/// <param name="Size">The network, where no base model is given: <c>tiny</c> (1.6 M parameters, trains on a laptop's processor and shows only that all works) or <c>base</c> (36 M, that of MMS).</param>
/// <param name="NumEpochs">How often every clip is heard, 1 or more. Raised, the training goes on.</param>
/// <param name="LearningRate">Step size at its highest, above 0.</param>
/// <param name="LrDecay">Factor of the step size after every epoch, above 0, at most 1.</param>
/// <param name="WarmupSteps">Steps in which the step size rises, 0 or more.</param>
/// <param name="BatchSize">Clips that go through the network at once, 1 or more; null: what fits the memory, chosen at the first start and kept.</param>
/// <param name="GradientAccumulationSteps">Such pieces in one step, 1 or more.</param>
/// <param name="MixedPrecision"><c>fp32</c> or <c>bf16</c> (on a GPU).</param>
/// <param name="SegmentSize">Samples that the decoder speaks of each clip in a step; a multiple of the hop length.</param>
/// <param name="Seed">Decides first weights, order and noise.</param>
/// <param name="ValidationSteps">Steps from one validation to the next, 1 or more.</param>
/// <param name="ValidationSentences">How many held-back sentences are spoken and measured, 1 or more.</param>
/// <param name="EarlyStoppingPatience">Validations without a better one after which training stops, 1 or more; null for never.</param>
/// <param name="MelWeight">Factor of the mel loss.</param>
/// <param name="KlWeight">Factor of the KL divergence.</param>
/// <param name="MaxGradNorm">Gradients are scaled down to this norm, above 0; null for no clipping, as the original.</param>
/// <param name="SampleRate">Hz of the clips, and of the voice.</param>
/// <param name="MaxDurationS">Longer clips are left out, seconds.</param>
/// <param name="Language">BCP 47; its ISO 639-3 code goes into the files of a new tokenizer, while a base model's keeps its own.</param>
/// <param name="SaveSteps">Steps from one checkpoint to the next; null: by time only.</param>
/// <param name="SaveMinutes">Minutes from one checkpoint to the next; null: by steps only.</param>
/// <param name="LoggingSteps">Steps from one line of numbers to the next.</param>
/// <param name="Device"><c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, or <c>auto</c>: CUDA where there is one.</param>
public sealed record VitsSettings(
    string Size = "base",
    int NumEpochs = 50,
    double LearningRate = 2e-4,
    double LrDecay = 0.999875,
    int WarmupSteps = 0,
    int? BatchSize = null,
    int GradientAccumulationSteps = 1,
    string MixedPrecision = "fp32",
    int SegmentSize = 8192,
    long Seed = 42,
    int ValidationSteps = 500,
    int ValidationSentences = 4,
    int? EarlyStoppingPatience = null,
    double MelWeight = 45,
    double KlWeight = 1,
    double? MaxGradNorm = null,
    int SampleRate = 22050,
    double MaxDurationS = 20,
    string? Language = null,
    int? SaveSteps = null,
    double? SaveMinutes = 10,
    int LoggingSteps = 10,
    string Device = "auto") : IRecipeSettings
{
    /// <summary>Refuses values that are out of range.</summary>
    /// <exception cref="TrainingException">Names the setting and its range.</exception>
    public void Check()
    {
        SettingRange.OfEveryRecipe(this);
        SettingRange.OneOf("size", Size, "tiny", "base");
        SettingRange.OneOf("mixed_precision", MixedPrecision, "fp32", "bf16");
        SettingRange.Within("lr_decay", LrDecay, 1e-6, 1);
        SettingRange.Within("segment_size", SegmentSize, 1, 1 << 20);
        SettingRange.Within("validation_sentences", ValidationSentences, 1, 1000);
        SettingRange.Within("mel_weight", MelWeight, 0, 1e6);
        SettingRange.Within("kl_weight", KlWeight, 0, 1e6);
        SettingRange.Within("sample_rate", SampleRate, 8000, 48_000);
        SettingRange.Within("max_duration_s", MaxDurationS, 0.1, 3600);
    }
}
