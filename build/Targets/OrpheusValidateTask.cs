using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Has an engine serve the exported Orpheus voice, and proves that what it answers is the voice that was trained.</summary>
[TaskName("Validate")]
[TaskDescription("has an engine serve the voice, and proves that it is the trained one")]
public sealed class OrpheusValidateTask(ValidationConfig validation, OrpheusConfig orpheus, OrpheusTrainTask train, OrpheusExportTask export) : StageTask
{
    public FileInput Proof => Files("validated", "validation.json");

    protected override ToolCall Call => Tool("vox-validate", "orpheus")
        .Collect()
        .In(export.Served)
        .In(EncodeTask.Codec(orpheus))
        .In(train.Said)
        .Params(SettingsJson.Of(validation))
        .Key("validation.api_key", validation.ApiKey)
        .Varies("how fast the engine is, is measured, and engines round the last bit differently")
        .WritesItsTables();
}
