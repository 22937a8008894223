namespace VoxMake.Training;

/// <summary>Settings that recipes of every family have; each family's record says what they mean there.</summary>
internal interface IRecipeSettings
{
    int NumEpochs { get; }
    double LearningRate { get; }
    int WarmupSteps { get; }
    double? MaxGradNorm { get; }
    int? BatchSize { get; }
    int GradientAccumulationSteps { get; }
    int ValidationSteps { get; }
    int? EarlyStoppingPatience { get; }
    int? SaveSteps { get; }
    double? SaveMinutes { get; }
    int LoggingSteps { get; }
    string Device { get; }
}
