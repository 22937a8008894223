using System.Text.Json.Nodes;
using VoxMake.Graph.Planning;

namespace VoxMake.Build;

/// <summary>Stages as the report and the voice's provenance tell of them, as JSON: nothing that differs between two equal runs on one machine.</summary>
internal static class StageStory
{
    /// <summary>One object a stage, in the order of the graph.</summary>
    public static JsonArray Of(IEnumerable<StageTask> tasks, StageSummaries summaries)
    {
        var stories = new JsonArray();
        foreach (var stage in tasks.Select(task => task.Stage)) stories.Add(Of(stage, summaries(stage)));
        return stories;
    }

    private static JsonObject Of(Stage stage, StageSummary? summary)
    {
        var counts = summary?.Result.Counts ?? default;
        var story = new JsonObject
        {
            ["name"] = stage.Name,
            ["tool"] = stage.Tool,
            ["verb"] = stage.Verb,
            ["settings"] = JsonNode.Parse(stage.Settings.InKey),
            ["counts"] = new JsonObject { ["ok"] = counts.Ok, ["rejected"] = counts.Rejected, ["failed"] = counts.Failed },
        };
        if (summary is null) return story;
        story["key"] = summary.Key.ToString();
        story["result"] = summary.Digest.ToString();
        var versions = new JsonObject();
        foreach (var (name, version) in summary.Versions.OrderBy(pair => pair.Key, StringComparer.Ordinal)) versions[name] = version;
        story["versions"] = versions;
        return story;
    }
}
