using System.Text.Json.Nodes;
using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Writes the voice as a folder that others load as it is, with all that is to be known of where it comes from.</summary>
[TaskName("Export")]
[TaskDescription("writes the voice as a folder that transformers loads")]
public sealed class ExportTask(VoxConfig config, string name, TrainTask train, IReadOnlyList<StageTask> before) : StageTask
{
    /// <summary>The whole folder.</summary>
    public StageFiles Model => Files("model");

    protected override ToolCall Call => Tool("vox-train", "export")
        .Collect()
        .In(train.Checkpoint)
        .In(new HostText("provenance", "provenance.json", Provenance) { Of = [.. before.Select(task => task.Stage)] })
        .Params(("name", name))
        .WritesItsTables()
        .In(config.Training?.BaseModel is { } model ? new PersonFolder("base", new FileTree("base_model_card", model, [".md", ".json"])) : null);

    /// <summary>What the voice was made of and how: nothing that differs between two equal runs.</summary>
    private string Provenance(StageSummaries summaries) =>
        new JsonObject { ["voice"] = name, ["language"] = config.Language.Code, ["licences"] = new JsonArray(config.Source.Licence), ["stages"] = StageStory.Of(before, summaries) }.ToJsonString();
}
