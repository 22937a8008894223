using VoxMake.Build.Frosting;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Proves, in a fresh process, that the exported voice is the trained one: it speaks the very samples. The last target that can fail.</summary>
[TaskName("Validate")]
[TaskDescription("proves that the exported voice is the trained one")]
public sealed class ValidateTask(TrainTask train, ExportTask export) : StageTask
{
    public FileInput Proof => Files("validated", "validation.json");

    protected override ToolCall Call => Tool("vox-synth", "validate")
        .Collect()
        .In(export.Model)
        .In(train.Said)
        .WritesItsTables();
}
