using System.Text.Json;
using System.Text.Json.Nodes;
using VoxMake.Build.Terminal;
using VoxMake.Graph.Planning;
using VoxMake.Protocol;

namespace VoxMake.Build.Commands;

/// <summary>A target's past results (<c>--history</c>): when, what differed, and their numbers side by side.</summary>
internal static class Past
{
    public static int Run(Session session)
    {
        var stage = session.TargetOf(session.Request.History!).Stage;
        var history = new History(session.Space, stage);
        var results = history.Results();
        if (session.Request.Json) Console.WriteLine(Told(stage, history, results).ToJsonString());
        else HistoryTable.Write(session.Screen, stage.Name, history, results);
        return ExitCode.Done;
    }

    private static JsonObject Told(Stage stage, History history, IReadOnlyList<PastResult> results) => new()
    {
        ["target"] = stage.Name,
        ["results"] = new JsonArray([.. results.Select(past => (JsonNode)new JsonObject
        {
            ["name"] = history.NameOf(past.Line),
            ["key"] = past.Line.Key.ToString(),
            ["result"] = past.Line.Result.ToString(),
            ["run"] = past.Line.Run,
            ["at"] = past.Line.At.ToString("O"),
            ["ok"] = past.Line.Counts.Ok,
            ["rejected"] = past.Line.Counts.Rejected,
            ["ran"] = past.Line.Ran,
            ["seconds"] = past.Line.Seconds,
            ["note"] = past.Note,
            ["present"] = past.Present,
            ["held"] = past.Held,
            ["differs"] = past.Differs is null ? null : Json.Strings(past.Differs.Select(reason => reason.Text)),
            ["numbers"] = past.Result is null ? null : JsonSerializer.SerializeToNode(past.Result.Columns, ProtocolJson.Default.Columns),
        })]),
    };
}
