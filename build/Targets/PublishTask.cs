using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Puts the voice, its card with the metrics, and samples into one folder, ready to be handed on.</summary>
[TaskName("Publish")]
[TaskDescription("the voice with its card and samples, ready for Hugging Face")]
public sealed class PublishTask(VoxConfig config, string name, StageFiles model, FileInput story, EvaluateTask evaluate, FileInput proof, ReportTask report, DatasetTask dataset) : StageTask
{
    protected override ToolCall Call => Tool("vox-report", "card")
        .Collect()
        .In(model with { Role = "exported" })
        .In(story)
        .In(evaluate.Metrics)
        .In(dataset.Statistics)
        .In(proof)     // what was not proven to be the trained voice is not handed on
        .In(report.Page)
        .Params(("voice", name), ("language", config.Language.Code), ("language_name", config.Language.Name), ("base_model", config.Training?.BaseModelId))
        .WritesItsTables();
}
