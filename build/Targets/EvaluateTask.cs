using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Measures how near the voice is to recordings that training did not see.</summary>
[TaskName("Evaluate")]
[TaskDescription("measures the voice against held-back recordings")]
public sealed class EvaluateTask(EvaluationConfig evaluation, ItemSet speech, DatasetTask dataset) : StageTask
{
    public FileInput Metrics => Files("evaluated", "metrics.json");

    protected override ToolCall Call => Tool("vox-eval", "pairs")
        .Collect(speech.And("num_samples", "sample_rate", "synthesis_s", "text"))
        .With(dataset.Clips, optional: true) // nobody has recorded one's own sentences
        .MayRejectAll()
        .Params(("metrics", evaluation.Metrics), ("seed", evaluation.Seed));
}
