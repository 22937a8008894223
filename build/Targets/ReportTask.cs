using System.Text.Json.Nodes;
using VoxMake.Build.Frosting;
using VoxMake.Config;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Targets;

/// <summary>Tells, in one page, what went in, what was lost where and why, and how it sounds.</summary>
[TaskName("Report")]
[TaskDescription("one HTML page: statistics, losses with reasons, players")]
public sealed class ReportTask(ReportConfig report, VoxConfig config, string name, IReadOnlyList<StageTask> stages) : StageTask
{
    protected override ToolCall Call
    {
        get
        {
            var call = Tool("vox-report", "page").WritesItsTables()
                .Params(("voice", name), ("language", config.Language.Name), ("players_per_reason", report.PlayersPerReason))
                .In(new HostText("graph", "graph.json", Summary));
            foreach (var stage in stages) call.CollectAll(stage.All);
            return call;
        }
    }

    /// <summary>The stages as the page shows them: settings and counts, nothing that differs between two equal runs.</summary>
    private string Summary(StageSummaries summaries)
    {
        var list = new JsonArray();
        foreach (var stage in stages.Select(task => task.Stage))
        {
            var counts = summaries(stage)?.Counts ?? default;
            list.Add(new JsonObject
            {
                ["name"] = stage.Name,
                ["tool"] = stage.Tool,
                ["verb"] = stage.Verb,
                ["settings"] = JsonNode.Parse(stage.Settings.InKey),
                ["counts"] = new JsonObject { ["ok"] = counts.Ok, ["rejected"] = counts.Rejected, ["failed"] = counts.Failed },
            });
        }
        return new JsonObject { ["name"] = name, ["title"] = name, ["stages"] = list }.ToJsonString();
    }
}
