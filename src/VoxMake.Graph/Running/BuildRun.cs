using System.Diagnostics;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>A run that builds: plans each stage when its turn comes, runs what is stale, brings views and lock up to date.</summary>
public sealed class BuildRun(Workspace space, Planner planner, StageRunner runner, VoxLock voxLock, RunOptions options, bool locked, Action<StagePlan> beforeFirst) : IStageRun
{
    private readonly Dictionary<Stage, StageState> _states = [];
    private readonly View _view = new(space);
    private bool _begun;

    public List<StageReport> Reports { get; } = [];

    /// <summary>Brings one stage up to date. A failure is reported, not thrown; stages that need it are skipped.</summary>
    public StageReport Run(Stage stage, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        StageReport report;
        try
        {
            report = TryRun(stage, cancel);
        }
        catch (DamagedCacheException damaged) when (!planner.Distrusted.Contains(stage))
        {
            report = Heal(stage, damaged, cancel);
        }
        report = report with { Time = watch.Elapsed, Whole = stage.Kind != StageKind.ForEach };
        Reports.Add(report);
        return report;
    }

    /// <summary>Uses a stage's present result without asking whether it is fresh (<c>--exclusive</c>).</summary>
    /// <exception cref="VoxException">It has none.</exception>
    public void UsePresent(Stage stage)
    {
        if (space.Log.Present(stage.Name) is not { } last || space.TryRead(last.Result) is not { } result)
            throw new VoxException($"--exclusive: {stage.Name} has no result yet that could be used") { Try = "run once without --exclusive" };
        _states[stage] = StageState.Done(stage, last.Key, last.Result, result, space.Rows);
    }

    private StageReport TryRun(Stage stage, CancellationToken cancel)
    {
        foreach (var needed in stage.Needs)
            if (!_states.ContainsKey(needed)) return new StageReport(stage.Name, StageOutcome.Skipped, $"{needed.Name} has no result", default);
        if (!options.KeepGoing && Reports.Find(earlier => earlier.Outcome == StageOutcome.Failed) is { } failed)
            return new StageReport(stage.Name, StageOutcome.Skipped, $"{failed.Stage} failed", default);

        var plan = planner.Plan(stage, needed => _states[needed]);
        if (plan.Freshness == Freshness.Fresh)
        {
            var state = StageState.Done(stage, planner.SettledKey(plan, plan.Result!), plan.Line!.Result, plan.Result!, space.Rows);
            space.Log.Restore(plan.Line);
            return Settle(plan, state, new StageReport(stage.Name, StageOutcome.Fresh, plan.Reasons[0], default, plan.Result!.Counts, 0, null, plan.Reasons));
        }
        Begin(plan);
        if (options.Adopt.Contains(stage.Name) && runner.Adopt(plan) is { } adopted)
        {
            var why = plan.Reasons;
            plan = planner.Plan(stage, needed => _states[needed]);
            plan = plan with { Note = adopted, Reasons = [$"{adopted} ({why[0]})", .. plan.Reasons] };
        }
        var end = runner.Run(plan, cancel);
        var outcome = end.Failure is not null ? StageOutcome.Failed : end.Ran > 0 ? StageOutcome.Ran : StageOutcome.Fresh;
        var report = new StageReport(stage.Name, outcome, end.Failure is null ? plan.Reasons[0] : end.Failure.What, default, end.Counts, end.Ran, end.Failure, plan.Reasons);
        return end.State is null ? report : Settle(plan, end.State, report);
    }

    /// <summary>Checks a result, shows it, notes it in the lock and hands it to the stages that need it.</summary>
    private StageReport Settle(StagePlan plan, StageState state, StageReport report)
    {
        var stage = plan.Stage;
        if (locked && voxLock.Result(stage.Name) != state.Digest)
            return report with
            {
                Outcome = StageOutcome.Failed,
                Reason = "its result is not the one that vox.lock names",
                Failure = new StageFailure($"{stage.Name}: its result is not the one that {voxLock.File} names (--locked)", plan.Reasons, null, null, "run without --locked to accept it, or take the files back that the lock was written for", options.Resume, ExitCode.Failed),
            };
        _view.Update(state);
        if (space.Log.Present(stage.Name) is { } line && line.Result == state.Digest)
            voxLock.Note(stage.Name, plan.Tool.Name, plan.Tool.Closure, line.Result, line.Versions ?? space.Log.Versions(stage.Name), state.Result!.Memory, line.Note);
        if (NothingLeft(stage, state) is { } nothing) return report with { Outcome = StageOutcome.Failed, Reason = nothing.What, Failure = nothing };
        _states[stage] = state;
        return report;
    }

    /// <summary>Nothing ever goes on with an empty list (users.md 6, 5).</summary>
    private StageFailure? NothingLeft(Stage stage, StageState state)
    {
        if (stage.MayRejectAll || state.Result!.Counts is { Ok: > 0 } || (stage.Kind == StageKind.Collect && state.Result!.Counts.Total == 0)) return null;
        var reasons = state.Rows.Where(row => row.Outcome == Outcome.Rejected).GroupBy(row => row.Reason).OrderByDescending(group => group.Count()).Take(5)
            .Select(group => $"{group.Count()} × {group.Key}: {group.First().Id}: {group.First().Message}").ToList();
        return new StageFailure($"{stage.Name}: no item is left ({state.Result.Counts.Rejected} rejected)", reasons, null, null, $"see {Path.Combine(space.Out, stage.Name, "rejects.csv")}", options.Resume, ExitCode.Failed);
    }

    /// <summary>The cache has lost or damaged something: what made it is looked at again, blob by blob, and made again where need be.</summary>
    private StageReport Heal(Stage stage, DamagedCacheException damaged, CancellationToken cancel)
    {
        foreach (var suspect in Above(stage).Append(stage)) planner.Distrusted.Add(suspect);
        foreach (var suspect in Above(stage))
        {
            var report = TryRun(suspect, cancel);
            var index = Reports.FindIndex(earlier => earlier.Stage == suspect.Name);
            if (index >= 0 && report.Outcome is StageOutcome.Ran or StageOutcome.Failed) Reports[index] = report with { Reason = $"the cache had lost or damaged {damaged.Digest.Short}", Time = Reports[index].Time };
        }
        return TryRun(stage, cancel);
    }

    private static IEnumerable<Stage> Above(Stage stage) => stage.Needs.SelectMany(needed => Above(needed).Append(needed)).Distinct();

    private void Begin(StagePlan plan)
    {
        if (_begun) return;
        _begun = true;
        space.Disk.DeleteFolder(space.Work);
        space.Disk.CreateFolder(space.Work);
        beforeFirst(plan);
    }
}

/// <summary>A way to go through the stages of a graph: build, dry run, status.</summary>
public interface IStageRun
{
    /// <summary>Deals with one stage; those that it needs were dealt with before.</summary>
    StageReport Run(Stage stage, CancellationToken cancel);

    /// <summary>What was reported so far.</summary>
    List<StageReport> Reports { get; }
}
