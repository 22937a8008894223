using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>A run that only says what would be done. It writes nothing anywhere.</summary>
public sealed class DryRun(Workspace space, Planner planner) : IStageRun
{
    private readonly Dictionary<Stage, StageState> _states = [];

    private readonly List<Stage> _stages = [];
    private readonly List<StageReport> _reports = [];

    public IReadOnlyList<StageReport> Reports => _reports;

    /// <summary>The plans, for those who want to see more than a line.</summary>
    public List<StagePlan> Plans { get; } = [];

    public void Add(Stage stage) => _stages.Add(stage);

    public void Run(CancellationToken cancel)
    {
        foreach (var stage in _stages)
        {
            cancel.ThrowIfCancellationRequested();
            Look(stage);
        }
    }

    private void Look(Stage stage)
    {
        var plan = planner.Plan(stage, needed => _states[needed]);
        Plans.Add(plan);
        _states[stage] = StateOf(plan);
        var report = new StageReport(stage.Name, plan.Freshness == Freshness.Fresh ? StageOutcome.Fresh : StageOutcome.Ran, Words(plan), default, plan.Result?.Counts ?? default, plan.ToRun, null, plan.Reasons);
        _reports.Add(report);
    }

    private StageState StateOf(StagePlan plan)
    {
        if (plan.Freshness == Freshness.Fresh) return StageState.Done(plan.Stage, Planner.SettledKey(plan, plan.Result!), plan.Line!.Result, plan.Result!, space.Rows);
        if (plan.Stage.Kind == StageKind.Collect)
            return StageState.Planned(plan.Stage, space.Rows, plan.Collected?.Rows ?? space.Rows.Write([], hold: true), new HashSet<string>(), listKnown: plan.Collected is not null);
        using var rows = new ItemRows(space, plan, hold: true);
        var pending = new HashSet<string>();
        foreach (var item in plan.Items)
        {
            if (item.Known is { } record) rows.Add(item, record);
            else pending.Add(item.Item.Id);
        }
        // What an Expand stage will cut an item into is not known before it has run; neither are the ids, then.
        var listKnown = plan.ListKnown && (plan.Stage.Kind == StageKind.ForEach || pending.Count == 0);
        return StageState.Planned(plan.Stage, space.Rows, rows.Write(), plan.Stage.Kind == StageKind.ForEach ? pending : new HashSet<string>(), listKnown);
    }

    private static string Words(StagePlan plan)
    {
        if (plan.Freshness == Freshness.Fresh) return "fresh";
        var until = plan.UnknownUntil?.Name;
        if (plan.Stage.Kind == StageKind.Collect)
            return plan.Freshness == Freshness.Unknown ? $"unknown until {until}" : plan.Collected is null ? $"would run: {plan.InShort}" : "would restore an older result; nothing runs";
        var parts = new List<string>();
        if (plan.ToRun > 0) parts.Add($"would run {plan.ToRun} of {plan.ItemCount}{(plan.ListKnown ? "" : " or more")}: {plan.Reasons[0]}");
        if (plan.Pending > 0) parts.Add($"{plan.Pending} unknown until {until}");
        if (!plan.ListKnown && plan.Pending == 0) parts.Add($"{(plan.ToRun > 0 ? "more " : "")}unknown until {until}");
        return parts.Count == 0 ? "would restore older results; nothing runs" : string.Join("; ", parts);
    }
}
