using System.Text.Json.Nodes;
using VoxMake.Graph;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;

namespace VoxMake.Build;

/// <summary>What <c>--json</c> prints: one object on standard output.</summary>
internal static class Json
{
    /// <summary>How a run ended.</summary>
    public static void Write(IReadOnlyList<StageReport> reports, TimeSpan time)
    {
        var targets = new JsonArray();
        foreach (var report in reports)
        {
            targets.Add(new JsonObject
            {
                ["target"] = report.Stage,
                ["outcome"] = report.Outcome.ToString().ToLowerInvariant(),
                ["seconds"] = Math.Round(report.Time.TotalSeconds, 3),
                ["ran"] = report.Ran,
                ["ok"] = report.Counts.Ok,
                ["rejected"] = report.Counts.Rejected,
                ["failed"] = report.Counts.Failed,
                ["reasons"] = Strings(report.AllReasons),
                ["failure"] = report.Failure is { } failure
                    ? new JsonObject { ["what"] = failure.What, ["messages"] = Strings(failure.Messages), ["log"] = failure.Log, ["by_hand"] = failure.ByHand, ["try"] = failure.Try, ["resume"] = failure.Resume }
                    : null,
            });
        }
        Console.WriteLine(new JsonObject { ["targets"] = targets, ["seconds"] = Math.Round(time.TotalSeconds, 3) }.ToJsonString());
    }

    /// <summary>What would be done.</summary>
    /// <param name="causes">Where the reasons are to be followed to their roots.</param>
    public static void Write(IReadOnlyList<StagePlan> plans, IReadOnlyList<StageReport> reports, Causes? causes)
    {
        var targets = new JsonArray();
        foreach (var (plan, report) in plans.Zip(reports))
        {
            var target = new JsonObject
            {
                ["target"] = plan.Stage.Name,
                ["state"] = plan.Freshness.ToString().ToLowerInvariant(),
                ["key"] = plan.Key?.ToString(),
                ["tool"] = plan.Tool.Name,
                ["closure"] = plan.Tool.Closure.ToString(),
                ["items"] = plan.Freshness == Freshness.Fresh ? plan.Result!.Counts.Total : plan.ItemCount,
                ["to_run"] = plan.ToRun,
                ["unknown_until"] = plan.UnknownUntil?.Name,
                ["says"] = report.Reason,
                ["note"] = plan.Line?.Note,
                ["varies"] = plan.Stage.MayVary,
                ["reasons"] = Strings(plan.Reasons),
            };
            if (causes is not null) target["causes"] = Nested(causes.Of(plan));
            targets.Add(target);
        }
        Console.WriteLine(new JsonObject { ["targets"] = targets }.ToJsonString());
    }

    private static JsonArray Nested(IReadOnlyList<Cause> causes) =>
        new([.. causes.Select(cause => (JsonNode)new JsonObject { ["why"] = cause.Reason.Text, ["from"] = cause.Reason.From, ["causes"] = Nested(cause.Under) })]);

    /// <summary>Texts as JSON.</summary>
    public static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);
}
