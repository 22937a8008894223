using VoxMake.Protocol;

namespace VoxMake.Report.Rows;

/// <summary>A row that was rejected or failed.</summary>
/// <param name="Rule">The rule that it broke, such as <c>min_snr_db</c>; null where the stage names none.</param>
internal sealed record Rejection(string Id, string Stage, string Reason, string Message, bool Failed, string? Rule, Value Measured, Value Threshold)
{
    public static Rejection Of(WorkItem row)
    {
        var names = ClipLedger.ReasonOf(row).Split('\n', 2);
        return new(row.Id, names[0], names[1], row.Message ?? "", row.Outcome == Outcome.Failed,
            row.Columns["rule"].AsText, row.Columns["value"], row.Columns["threshold"]);
    }
}

/// <summary>All clips that one stage refused for one reason.</summary>
/// <param name="Examples">Some of them, by id, spread over all.</param>
internal sealed record RejectGroup(Loss Loss, IReadOnlyList<Rejection> Examples);
