using System.Text.Json.Nodes;
using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Writes an Orpheus voice as an adapter and as a merged model that vLLM serves, and proves that it is the trained one.</summary>
[TaskName("Export")]
[TaskDescription("writes the voice as an adapter and as a model that vLLM serves")]
public sealed class OrpheusExportTask(VoxConfig config, OrpheusConfig orpheus, string name, OrpheusTrainTask train, TokenizeTask tokenize, IReadOnlyList<StageTask> before) : StageTask
{
    /// <summary>The whole folder.</summary>
    public StageFiles Model => Files("model");

    /// <summary>The model that engines load.</summary>
    public StageFiles Merged => Files("model", "merged_16bit/");

    /// <summary>The same, and how servers are to be started: under which name, with how long a context.</summary>
    public StageFiles Served => Files("model", "merged_16bit/", "vllm.yaml");

    protected override ToolCall Call => Tool("vox-train", "orpheus-export")
        .Collect()
        .In(train.Trained)
        .In(train.BaseModel)
        .In(tokenize.Meaning)
        .In(new HostText("provenance", "provenance.json", Provenance) { Of = [.. before.Select(task => task.Stage)] })
        .Params(("name", name), ("dtype", orpheus.ExportDtype), ("temperature", orpheus.Temperature), ("top_p", orpheus.TopP), ("repetition_penalty", orpheus.RepetitionPenalty), ("max_model_len", orpheus.MaxModelLen))
        .Varies("how near merged and trained voice are is measured, and processors round the last bit differently; on one machine it is the same")
        .WritesItsTables();

    /// <summary>What the voice was made of and how: nothing that differs between two equal runs.</summary>
    private string Provenance(StageSummaries summaries) =>
        new JsonObject { ["voice"] = name, ["language"] = config.Language.Code, ["licences"] = new JsonArray(config.Source.Licence), ["stages"] = StageStory.Of(before, summaries) }.ToJsonString();
}
