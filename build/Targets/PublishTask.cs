using VoxMake.Build.Frosting;
using VoxMake.Config;

namespace VoxMake.Build.Targets;

/// <summary>Puts the voice, its card with the metrics, and samples into one folder, ready to be handed on.</summary>
[TaskName("Publish")]
[TaskDescription("the voice with its card and samples, ready to be handed on")]
public sealed class PublishTask(VoxConfig config, string name, ExportTask export, TrainTask train, EvaluateTask evaluate, ValidateTask validate, ReportTask report, DatasetTask dataset) : StageTask
{
    protected override ToolCall Call => Tool("vox-report", "card")
        .Collect()
        .In(export.Model with { Role = "exported" })
        .In(train.Story)
        .In(evaluate.Metrics)
        .In(dataset.Statistics)
        .In(validate.Proof)     // what was not proven to be the trained voice is not handed on
        .In(report.Page)
        .Params(("voice", name), ("language", config.Language.Code), ("language_name", config.Language.Name))
        .WritesItsTables();
}
