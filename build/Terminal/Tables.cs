using Spectre.Console;
using VoxMake.Graph;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;

namespace VoxMake.Build.Terminal;

/// <summary>The tables and lists that are printed at the end of a run or in place of one.</summary>
public static class Tables
{
    /// <summary>Every target: how it ended, with time and reason.</summary>
    public static void End(Screen screen, IReadOnlyList<StageReport> reports, bool verbose)
    {
        var table = New("Target", "", "Items", "Time", "Why");
        foreach (var report in reports)
        {
            table.AddRow(new Text(report.Stage), Outcome(report.Outcome), new Text(Items(report)), new Text(report.Time.TotalMilliseconds < 50 ? "" : ProgressLines.Duration(report.Time)), new Text(report.Reason));
            if (!verbose) continue;
            foreach (var reason in report.AllReasons.Skip(1)) table.AddRow(new Text(""), new Text(""), new Text(""), new Text(""), new Text(reason));
        }
        screen.Ansi.Write(table);
    }

    /// <summary>What would be done.</summary>
    public static void Plan(Screen screen, IReadOnlyList<StagePlan> plans, IReadOnlyList<StageReport> reports, bool all)
    {
        var table = New("Target", "", "Why");
        foreach (var (plan, report) in plans.Zip(reports))
        {
            table.AddRow(new Text(plan.Stage.Name), State(plan.Freshness), new Text(plan.Freshness == Freshness.Fresh ? plan.Line?.Note ?? plan.Reasons[0] : report.Reason));
            if (!all || plan.Freshness == Freshness.Fresh) continue;
            foreach (var reason in plan.Reasons.Where(reason => !report.Reason.EndsWith(reason, StringComparison.Ordinal))) table.AddRow(new Text(""), new Text(""), new Text("and: " + reason));
        }
        screen.Ansi.Write(table);
    }

    /// <summary>Every target: fresh or not, items, when, which key.</summary>
    public static void Status(Screen screen, Workspace space, IReadOnlyList<StagePlan> plans, IReadOnlyList<StageReport> reports)
    {
        var wide = screen.Ansi.Profile.Width >= 110; // else Why has no room
        var table = wide ? New("Target", "", "Ok", "Rejected", "Key", "Last run", "Took", "Why") : New("Target", "", "Ok", "Rejected", "Key", "Why");
        foreach (var (plan, report) in plans.Zip(reports))
        {
            var last = plan.Line ?? space.Log.Present(plan.Stage.Name);
            List<Text> cells =
            [
                new(plan.Stage.Name), State(plan.Freshness),
                new(last is { Counts.Total: > 0 } ? last.Counts.Ok.ToString("n0", System.Globalization.CultureInfo.InvariantCulture) : ""),
                new(last is { Counts.Rejected: > 0 } ? last.Counts.Rejected.ToString("n0", System.Globalization.CultureInfo.InvariantCulture) : ""),
                new(last?.Key.Short ?? ""),
            ];
            if (wide)
            {
                cells.Add(new(last?.At.ToLocalTime().ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture) ?? "never"));
                cells.Add(new(last is null ? "" : ProgressLines.Duration(TimeSpan.FromSeconds(last.Seconds))));
            }
            cells.Add(new(plan.Freshness == Freshness.Fresh ? plan.Line?.Note ?? "" : report.Reason));
            table.AddRow(cells);
        }
        screen.Ansi.Write(table);
    }

    /// <summary>The graph, from the last target down to the source.</summary>
    public static void Tree(Screen screen, IReadOnlyList<StageTask> tasks)
    {
        foreach (var task in tasks)
        {
            screen.Line(task.Name);
            var needs = task.Dependencies.ToList();
            for (var i = 0; i < needs.Count; i++) screen.Line($"{(i == needs.Count - 1 ? "└─" : "├─")} {needs[i]}");
        }
    }

    /// <summary>What failed, what the tool said, where the log is, how to do it by hand, how to go on.</summary>
    public static void Failure(Screen screen, StageFailure failure)
    {
        const int shown = 10;
        screen.Line();
        screen.Ansi.Write(new Text("failed  ", new Style(Color.Red)));
        screen.Line(failure.What);
        foreach (var message in failure.Messages.Take(shown)) screen.Line("  " + message.Replace("\n", "\n  "));
        if (failure.Messages.Count > shown) screen.Line($"  and {failure.Messages.Count - shown} more");
        if (failure.Try is { } attempt) screen.Line("  " + attempt);
        if (failure.Log is { } log) screen.Line("  log:      " + log);
        if (failure.ByHand is { } byHand) screen.Line("  by hand:  " + byHand);
        screen.Line("  go on:    " + failure.Resume);
    }

    private static Table New(params string[] columns)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var column in columns) table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Dim))) { NoWrap = column != "Why", Padding = new Padding(0, 0, 2, 0) });
        return table;
    }

    private static Text Outcome(StageOutcome outcome) => outcome switch
    {
        StageOutcome.Ran => new Text("ran", new Style(Color.Green)),
        StageOutcome.Fresh => new Text("fresh", new Style(Color.Grey)),
        StageOutcome.Skipped => new Text("skipped", new Style(Color.Yellow)),
        _ => new Text("failed", new Style(Color.Red)),
    };

    private static Text State(Freshness freshness) => freshness switch
    {
        Freshness.Fresh => new Text("fresh", new Style(Color.Grey)),
        Freshness.Stale => new Text("stale", new Style(Color.Yellow)),
        _ => new Text("unknown", new Style(Color.Yellow)),
    };

    private static string Items(StageReport report)
    {
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        if (report.Counts.Total == 0) return "";
        var text = report.Outcome == StageOutcome.Fresh || report.Whole || report.Ran >= report.Counts.Total ? report.Counts.Total.ToString("n0", culture) : $"{report.Ran.ToString("n0", culture)} of {report.Counts.Total.ToString("n0", culture)}";
        if (report.Counts.Rejected > 0) text += $", {report.Counts.Rejected.ToString("n0", culture)} rejected";
        if (report.Counts.Failed > 0) text += $", {report.Counts.Failed.ToString("n0", culture)} failed";
        return text;
    }
}
