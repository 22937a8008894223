using System.Text.Json.Nodes;
using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Tells, in one page, what went in, what was lost where and why, how the voice learnt, and how it sounds.</summary>
[TaskName("Report")]
[TaskDescription("one HTML page: statistics, losses with reasons, players, curves")]
public sealed class ReportTask(ReportConfig report, LanguageConfig language, string name, IReadOnlyList<StageTask> stages, FileInput? story, EvaluateTask? evaluate, FileInput? proof = null) : StageTask
{
    public FileInput Page => Files("page", "report.html");

    protected override ToolCall Call
    {
        get
        {
            var call = Tool("vox-report", "page").WritesItsTables()
                .Params(("voice", name), ("language", language.Name), ("players_per_reason", report.PlayersPerReason))
                .In(new HostText("graph", "graph.json", summaries => new JsonObject { ["name"] = name, ["title"] = name, ["stages"] = StageStory.Of(stages, summaries) }.ToJsonString()));
            foreach (var stage in stages) call.CollectAll(stage.All);
            return call.In(story).In(evaluate?.Metrics).In(proof);
        }
    }
}
