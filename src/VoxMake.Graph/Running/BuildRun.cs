using System.Diagnostics;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>
/// A run that builds: plans each stage when those that it needs are done, starts what is stale as far as the machine has room, brings views and lock up to date. Items flow on: what a stage has made
/// goes to the next while it still works on others. One thread does all of it; tools are processes, and what they say is heard in turn.
/// </summary>
public sealed class BuildRun : IStageRun
{
    private readonly Workspace _space;
    private readonly Planner _planner;
    private readonly IExecutor _executor;
    private readonly IRunObserver _observer;
    private readonly VoxLock _lock;
    private readonly RunOptions _options;
    private readonly bool _locked;
    private readonly Action<StagePlan> _beforeFirst;
    private readonly Orders _orders;
    private readonly Results _results;
    private readonly View _view;
    private readonly List<Target> _targets = [];
    private readonly Dictionary<Stage, StageState> _states = [];
    private long _shared = Stopwatch.GetTimestamp();
    private bool _begun;

    /// <param name="locked">Whether a result that vox.lock does not name is a failure.</param>
    /// <param name="beforeFirst">Called once something is known to run, before it does.</param>
    public BuildRun(Workspace space, Planner planner, IExecutor executor, IRunObserver observer, VoxLock voxLock, RunOptions options, bool locked, Action<StagePlan> beforeFirst)
    {
        (_space, _planner, _executor, _observer, _lock, _options, _locked, _beforeFirst) = (space, planner, executor, observer, voxLock, options, locked, beforeFirst);
        (_orders, _results, _view) = (new Orders(space, options), new Results(space, options), new View(space));
    }

    /// <summary>A stage of this run.</summary>
    private sealed class Target(Stage stage)
    {
        public Stage Stage { get; } = stage;

        /// <summary>Of the run's time what it took: while several stages are at work each has its part, so that all together are the run's.</summary>
        public TimeSpan Took { get; set; }
        public IStageWork? Work { get; set; }

        /// <summary>Its work, before it can be planned.</summary>
        public ItemWork? Ahead { get; set; }

        /// <summary>What a row that drives it will be to it.</summary>
        public Func<Row, PlannedItem?>? Early { get; set; }

        public int Running { get; set; }
        public StageReport? Report { get; set; }

        /// <summary>Items that were worked on before it was opened again.</summary>
        public long RanBefore { get; set; }

        /// <summary>What the cache had lost of it, or of what it is made of.</summary>
        public Digest? Lost { get; set; }
    }

    public IReadOnlyList<StageReport> Reports => [.. _targets.Select(target => target.Report).OfType<StageReport>()];

    public void Add(Stage stage) => _targets.Add(new Target(stage));

    /// <summary>Uses a stage's present result without asking whether it is fresh (<c>--exclusive</c>).</summary>
    /// <exception cref="VoxException">It has none.</exception>
    public void UsePresent(Stage stage)
    {
        if (_space.Log.Present(stage.Name) is not { } last || _space.TryRead(last.Result) is not { } result)
            throw new VoxException($"--exclusive: {stage.Name} has no result yet that could be used") { Try = "run once without --exclusive" };
        _states[stage] = StageState.Done(stage, last.Key, last.Result, result, _space.Rows);
    }

    /// <summary>Brings all stages up to date. A failure is reported, not thrown; stages that need what failed are skipped.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled; whole results are kept.</exception>
    public void Run(CancellationToken cancel)
    {
        using var crew = new ToolCrew(_executor, cancel);
        _shared = Stopwatch.GetTimestamp();
        using var told = cancel.Register(() =>
        {
            foreach (var target in _targets)
                if (target is { Running: > 0, Stage.KeepsState: true }) _observer.Warning(target.Stage, "asked to stop; it ends its step and writes a checkpoint first");
        });
        try
        {
            while (true)
            {
                while (!cancel.IsCancellationRequested && Ready() is { } target && Healing(target, () => Advance(target, crew))) ShareTime(target);
                if (crew.Running == 0) break;
                crew.HearNext();
            }
            cancel.ThrowIfCancellationRequested();
            if (_targets.Find(target => target.Report is null) is { } left) throw new InvalidOperationException($"{left.Stage} was never dealt with");
        }
        finally
        {
            foreach (var target in _targets) target.Work?.Dispose();
        }
    }

    /// <summary>A stage that can be taken a step further; first those that can work on what others have just made, while it is still in the machine's memory.</summary>
    private Target? Ready() => _targets.FindLast(target => target is { Report: null, Work: null, Ahead.HasNext: true } && GoesOn && _options.Machine.HasRoom(target.Stage)) ?? _targets.Find(target => target.Report is null && (MayBegin(target) || MayStart(target)));

    /// <summary>Whether nothing has failed, or that is no matter.</summary>
    private bool GoesOn => _options.KeepGoing || !_targets.Exists(target => target.Report?.Outcome == StageOutcome.Failed);

    /// <summary>Whether a stage can be planned: all that it needs is there, or will not come; and there is room to start it, should it have to run.</summary>
    private bool MayBegin(Target target) => target.Work is null && target.Stage.Needs.All(IsOver) && (_options.Machine.HasRoom(target.Stage) || !target.Stage.Needs.All(_states.ContainsKey));

    private bool IsOver(Stage stage) => _targets.Find(target => target.Stage == stage) is not { } other || other.Report is not null;

    private bool MayStart(Target target) => target.Work is not null && (target.Work.HasNext ? _options.Machine.HasRoom(target.Stage) : target.Running == 0);

    /// <summary>Takes a stage one step further: plans it, starts its tool, or puts its result together. False if that was not possible after all.</summary>
    private bool Advance(Target target, ToolCrew crew)
    {
        if (target.Work is not { } work)
        {
            if (!MayBegin(target)) return _options.Machine.TryTake(target.Stage) is { } early && Start(target, target.Ahead!, early, crew);
            Begin(target);
        }
        else if (!work.HasNext) Close(target, work);
        else return _options.Machine.TryTake(target.Stage) is { } share && Start(target, work, share, crew);
        return true;
    }

    private bool Start(Target target, IStageWork work, Share share, ToolCrew crew)
    {
        ToolStart start;
        try { start = work.Next(share); }
        catch
        {
            _options.Machine.Return(share);
            throw;
        }
        ShareTime(target);
        target.Running++;
        crew.Start(start, happened => Healing(target, () => work.Heard(start, happened)), end =>
        {
            ShareTime(target);
            _options.Machine.Return(share);
            target.Running--;
            if (end is not null) Healing(target, () => work.Ended(start, end));
        });
        return true;
    }

    /// <summary>Gives the time since it was last shared out to the stages whose tools were at work; if there were none, to the one that the host is busy with.</summary>
    /// <returns>What that one has taken by now.</returns>
    private TimeSpan ShareTime(Target busy)
    {
        var time = Stopwatch.GetElapsedTime(_shared);
        _shared = Stopwatch.GetTimestamp();
        var running = _targets.FindAll(target => target.Running > 0);
        if (running.Count == 0) running.Add(busy);
        foreach (var target in running) target.Took += time / running.Count;
        return busy.Took;
    }

    /// <summary>A stage has made a row: those that it drives may go on with it.</summary>
    private void Feed(Stage from, Row row)
    {
        foreach (var target in _targets)
        {
            if (target.Report is not null || target.Work is not null || target.Stage.Kind == StageKind.Collect || target.Stage.Items[0].Driving.From != from || _options.Adopt.Contains(target.Stage.Name)) continue;
            if (target.Early is null && _planner.PlanAhead(target.Stage, _states) is { } early)
            {
                target.Early = early.Item;
                target.Ahead = ItemsOf(early.Plan);
            }
            if (target.Early?.Invoke(row) is { } item) target.Ahead!.Offer(item);
        }
    }

    private ItemWork ItemsOf(StagePlan plan) => new(_space, plan, _options, _orders, _results, _observer) { Made = row => Feed(plan.Stage, row) };


    private void Begin(Target target)
    {
        var stage = target.Stage;
        if (stage.Needs.FirstOrDefault(needed => !_states.ContainsKey(needed)) is { } missing)
        {
            Report(target, new StageReport(stage.Name, StageOutcome.Skipped, $"{missing.Name} has no result", default));
            return;
        }
        if (!GoesOn && _targets.Find(other => other.Report?.Outcome == StageOutcome.Failed) is { } failed)
        {
            Report(target, new StageReport(stage.Name, StageOutcome.Skipped, $"{failed.Stage} failed", default));
            return;
        }
        var plan = _planner.Plan(stage, needed => _states[needed]);
        if (plan.Freshness == Freshness.Fresh)
        {
            var state = StageState.Done(stage, Planner.SettledKey(plan, plan.Result!), plan.Line!.Result, plan.Result!, _space.Rows);
            _space.Log.Restore(plan.Line);
            Settle(target, plan, state, new StageReport(stage.Name, StageOutcome.Fresh, plan.Reasons[0], default, plan.Result!.Counts, 0, null, plan.Reasons));
            return;
        }
        PrepareWork(plan);
        if (_options.Adopt.Contains(stage.Name) && new Adoption(_space, _options).Take(plan) is { } adopted)
        {
            var why = plan.Reasons;
            plan = _planner.Plan(stage, needed => _states[needed]);
            plan = plan with { Note = adopted, Reasons = [$"{adopted} ({why[0]})", .. plan.Reasons] };
        }
        _observer.StageStarted(plan);
        if (stage.Kind == StageKind.Collect) target.Work = new WholeWork(_space, _planner, plan, _options, _orders, _results, _observer) { Made = row => Feed(stage, row) };
        else
        {
            var items = target.Ahead ?? ItemsOf(plan);
            items.Begin(plan);
            target.Work = items;
        }
    }

    private void Close(Target target, IStageWork work)
    {
        var (plan, end) = (work.Plan, work.Finish(() => ShareTime(target)));
        var ran = end.Ran + target.RanBefore;
        var outcome = end.Failure is not null ? StageOutcome.Failed : ran > 0 ? StageOutcome.Ran : StageOutcome.Fresh;
        var reason = end.Failure is not null ? end.Failure.What : target.Lost is { } lost && ran > 0 ? $"the cache had lost or damaged {lost.Short}" : plan.Reasons[0];
        var report = new StageReport(target.Stage.Name, outcome, reason, default, end.Counts, ran, end.Failure, plan.Reasons);
        if (end.State is null) Report(target, report);
        else Settle(target, plan, end.State, report);
    }

    private void Report(Target target, StageReport report)
    {
        target.Report = report with { Time = ShareTime(target), Whole = target.Stage.Kind != StageKind.ForEach };
        target.Work?.Dispose();
        target.Work = null;
        _observer.StageEnded(target.Report);
    }

    /// <summary>Checks a result, shows it, notes it in the lock and hands it to the stages that need it.</summary>
    private void Settle(Target target, StagePlan plan, StageState state, StageReport report)
    {
        var stage = plan.Stage;
        var isNamed = !_locked || _lock.Result(stage.Name) == state.Digest;
        if (!isNamed && stage.MayVary is { } why) _observer.Warning(stage, $"its result is not the one that vox.lock names, and need not be ({why})");
        else if (!isNamed)
        {
            Report(target, report with
            {
                Outcome = StageOutcome.Failed,
                Reason = "its result is not the one that vox.lock names",
                Failure = _orders.Failure($"{stage.Name}: its result is not the one that {_lock.File} names (--locked)", plan.Reasons, null, "run without --locked to accept it, or take the files back that the lock was written for", ExitCode.Failed),
            });
            return;
        }
        if (_planner.Distrusted.Contains(stage)) _view.Distrust(stage);
        _view.Update(state);
        if (_space.Log.Present(stage.Name) is { } line && line.Result == state.Digest)
            _lock.Note(stage.Name, plan.Tool.Name, plan.Tool.Closure, line.Result, line.Versions ?? _space.Log.Versions(stage.Name), state.Result!.Memory, line.Note);
        if (NothingLeft(stage, state) is { } nothing) report = report with { Outcome = StageOutcome.Failed, Reason = nothing.What, Failure = nothing };
        else _states[stage] = state;
        Report(target, report);
    }

    /// <summary>Nothing ever goes on with an empty list (users.md 6, 5).</summary>
    private StageFailure? NothingLeft(Stage stage, StageState state)
    {
        if (stage.MayRejectAll || state.Result!.Counts is { Ok: > 0 } || (stage.Kind == StageKind.Collect && state.Result!.Counts.Total == 0)) return null;
        var reasons = state.Rows.Where(row => row.Outcome == Outcome.Rejected).GroupBy(row => row.Reason).OrderByDescending(group => group.Count()).Take(5)
            .Select(group => $"{group.Count()} × {group.Key}: {group.First().Id}: {group.First().Message}").ToList();
        return _orders.Failure($"{stage.Name}: no item is left ({state.Result.Counts.Rejected} rejected)", reasons, null, $"see {Path.Combine(_space.Out, stage.Name, "rejects.csv")}", ExitCode.Failed);
    }

    /// <summary>
    /// Does something for a stage. Where the cache turns out to have lost or damaged something, the stage and all that it is made of are opened again: now they are looked at blob by blob, and what is
    /// gone is made again.
    /// </summary>
    /// <returns>What it returned; true where it was opened again.</returns>
    private bool Healing(Target target, Func<bool> act)
    {
        try { return act(); }
        catch (DamagedCacheException damaged) when (!_planner.Distrusted.Contains(target.Stage))
        {
            var suspects = Above(target.Stage).Append(target.Stage).ToHashSet();
            _planner.Distrusted.UnionWith(suspects);
            foreach (var suspect in _targets.Where(other => suspects.Contains(other.Stage)))
            {
                _states.Remove(suspect.Stage);
                suspect.RanBefore += suspect.Report?.Ran ?? 0;
                (suspect.Report, suspect.Lost) = (null, suspect == target ? null : damaged.Digest);
                (suspect.Work, suspect.Ahead, suspect.Early) = (null, null, null); // what its tools still say becomes records, and does no harm
            }
            return true;
        }
    }

    private void Healing(Target target, Action act) => Healing(target, () =>
    {
        act();
        return true;
    });

    private static IEnumerable<Stage> Above(Stage stage) => stage.Needs.SelectMany(needed => Above(needed).Append(needed)).Distinct();

    private void PrepareWork(StagePlan plan)
    {
        if (_begun) return;
        _begun = true;
        _space.Disk.DeleteFolder(_space.Work);
        _space.Disk.CreateFolder(_space.Work);
        _beforeFirst(plan);
    }
}

/// <summary>A way to go through the stages of a graph: build, dry run, status.</summary>
public interface IStageRun
{
    /// <summary>Takes a stage along; those that it needs were added before.</summary>
    void Add(Stage stage);

    /// <summary>Deals with all of them.</summary>
    void Run(CancellationToken cancel);

    /// <summary>How each ended, in the order in which they were added.</summary>
    IReadOnlyList<StageReport> Reports { get; }
}
