using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Has an engine serve the exported Orpheus voice, and proves that what it answers is the voice that was trained.</summary>
[TaskName("Validate")]
[TaskDescription("has an engine serve the voice, and proves that it is the trained one")]
public sealed class OrpheusValidateTask(ValidationConfig validation, OrpheusConfig orpheus, string name, OrpheusTrainTask train, OrpheusExportTask export) : StageTask
{
    public FileInput Proof => Files("validated", "validation.json");

    protected override ToolCall Call => Tool("vox-validate", "orpheus")
        .Collect()
        .In(export.Merged)
        .In(EncodeTask.Codec(orpheus))
        .In(train.Said)
        .Params(SettingsJson.Of(validation).With(SettingsJson.Of(("name", ServedName), ("max_model_len", orpheus.MaxModelLen))))
        .Key(validation.ApiKey)
        .Varies("how fast the engine is, is measured, and engines round the last bit differently")
        .WritesItsTables();

    /// <summary>A name that is one word in a URL, as Export writes it into vllm.yaml.</summary>
    private string ServedName
    {
        get
        {
            var word = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')).Trim('-', '.');
            return word.Length == 0 ? "voice" : word;
        }
    }
}
