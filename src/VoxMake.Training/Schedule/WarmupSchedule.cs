namespace VoxMake.Training;

/// <summary>
/// The learning rate of a step of a training of known length: it rises by equal parts from 0 over the first steps, then falls to 0 along a line or half a cosine, or stays (transformers'
/// get_linear_schedule_with_warmup, get_cosine_schedule_with_warmup, get_constant_schedule_with_warmup).
/// </summary>
/// <param name="Kind"><c>linear</c>, <c>cosine</c> or <c>constant</c>.</param>
/// <param name="Peak">The rate after warm-up.</param>
/// <param name="Total">Steps of the whole training.</param>
public sealed record WarmupSchedule(string Kind, double Peak, long WarmupSteps, long Total)
{
    public static IReadOnlyList<string> Kinds { get; } = ["linear", "cosine", "constant"];

    /// <summary>Whether rates depend on how long the training is to be, so that a longer one is another from its beginning on.</summary>
    public bool DependsOnTotal => Kind != "constant";

    /// <summary>The rate of a step, from 1.</summary>
    public double At(long step)
    {
        var done = step - 1;
        if (done < WarmupSteps) return Peak * done / WarmupSteps;
        if (Kind == "constant") return Peak;
        var share = (double)(done - WarmupSteps) / Math.Max(1, Total - WarmupSteps);
        return Peak * Math.Max(0, Kind == "linear" ? 1 - share : 0.5 * (1 + Math.Cos(Math.PI * share)));
    }
}
