namespace VoxMake.Training;

/// <summary>Refuses settings of recipes that are out of range; messages name the setting and what was expected.</summary>
internal static class SettingRange
{
    /// <summary>What all families have.</summary>
    public static void OfEveryRecipe(IRecipeSettings settings)
    {
        Within("num_epochs", settings.NumEpochs, 1, 1_000_000);
        Within("learning_rate", settings.LearningRate, 1e-12, 1);
        Within("warmup_steps", settings.WarmupSteps, 0, 1e9);
        Within("max_grad_norm", settings.MaxGradNorm, 1e-9, 1e12);
        Within("batch_size", settings.BatchSize, 1, 65_536);
        Within("gradient_accumulation_steps", settings.GradientAccumulationSteps, 1, 65_536);
        Within("validation_steps", settings.ValidationSteps, 1, 1e9);
        Within("early_stopping_patience", settings.EarlyStoppingPatience, 1, 1e6);
        Within("save_steps", settings.SaveSteps, 1, 1e9);
        Within("save_minutes", settings.SaveMinutes, 0.001, 1e6);
        Within("logging_steps", settings.LoggingSteps, 1, 1e9);
        Device(settings.Device);
    }

    public static void Within(string field, double? value, double least, double most)
    {
        if (value is { } number && !(number >= least && number <= most))
            throw new TrainingException(FormattableString.Invariant($"{number} is out of range; allowed is {least} to {most}")) { Field = field };
    }

    public static void OneOf(string field, string value, params string[] words)
    {
        if (!words.Contains(value)) throw new TrainingException($"'{value}' is not known, expected {string.Join(" or ", words)}") { Field = field };
    }

    private static void Device(string device)
    {
        if (device != "auto" && !Torch.Device.TryParse(device, out _))
            throw new TrainingException($"'{device}' is no device, expected auto, cpu, cuda or cuda:0") { Field = "device" };
    }
}
