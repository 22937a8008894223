using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>A Collect stage: one start of its tool over all items, or none where what it came to is known.</summary>
internal sealed class WholeWork(Workspace space, Planner planner, StagePlan plan, RunOptions options, Orders orders, Results results, IRunObserver observer) : IStageWork
{
    private Collector? _collector;
    private Record? _record = plan.Collected;
    private StageFailure? _failure;
    private bool _started = plan.Collected is not null;
    private long _ran;

    public StagePlan Plan => plan;

    /// <summary>Told each row as it is listed.</summary>
    public Action<Row>? Made { get; init; }

    public bool HasNext => !_started;

    public ToolStart Next(Share share)
    {
        _started = true;
        if (plan.Lineage is { } lineage) OpenState(lineage);
        var collector = new Collector(space, plan, observer) { Made = Made };
        var start = orders.Write(plan, plan.CollectItems.Select(collector.Seen), planner.Memory(plan.Stage), share);
        collector.ListensTo(start);
        _collector = collector;
        return start;
    }

    /// <summary>Makes the state folder, or leaves what an earlier run left there; a forced run begins with an empty one.</summary>
    private void OpenState(Digest lineage)
    {
        if (plan.Forced) space.Lineages.SetAside(plan.Stage.Name, lineage);
        space.Lineages.Open(plan.Stage.Name, lineage);
        space.Log.Add(new LineageLine(options.Id, space.Clock.GetUtcNow(), plan.Stage.Name, lineage));
    }

    public void Heard(ToolStart start, ToolEvent happened) => _collector!.Heard(happened);

    public void Ended(ToolStart start, ToolEnd end)
    {
        var collected = _collector!;
        if (end.Code != 0) orders.ThrowIfDamaged(collected.Error);
        if (end.Code != 0 || !collected.Finished || collected.Failed.Count > 0)
        {
            var messages = collected.Failed.Count > 0 ? collected.Failed : [Orders.TextOf(collected.Error, end.Words)];
            _failure = orders.Failure($"{plan.Stage.Name}: {plan.Tool.Name} {plan.Stage.Verb} {end.Words}", messages, start, collected.Error?.Try ?? Kept(), end.Code);
        }
        else if (plan.CollectItems.Select(orders.ChangedSource).Concat(plan.Files.Values.SelectMany(list => list).Select(orders.ChangedSource)).FirstOrDefault(path => path is not null) is { } changed)
            _failure = orders.Failure($"{plan.Stage.Name}: {changed} was changed while the run read it", [], start, "run again", ExitCode.Failed);
        else
        {
            _record = collected.Record();
            space.Blobs.Flush();
            var keys = new List<Digest> { plan.CollectKey!.Value };
            if ((planner.Memory(plan.Stage) ?? _record.Memory) is not null && planner.WholeKey(plan, _record.Memory) is var withMemory && withMemory != keys[0]) keys.Add(withMemory);
            space.Records.Add([.. keys.Select(key => (key, _record))]);
            space.Disk.DeleteFolder(Orders.FolderOf(start));
            if (plan.Lineage is { } done) space.Lineages.DropSetAside(plan.Stage.Name, done);
            _ran = 1;
        }
    }

    private string? Kept() =>
        plan.Lineage is { } lineage && space.Lineages.HasState(plan.Stage.Name, lineage) ? "what is done so far is kept; the next run goes on from there" : null;

    public StageEnd Finish(Func<TimeSpan> took)
    {
        if (_record is null) return new StageEnd(null, _collector!.Counts, 0, _failure);
        var outputs = _record.Outputs.Select(output => output.Digest).ToHashSet();
        var sources = outputs.Count == 0 ? [] : plan.CollectItems.SelectMany(item => item.Inputs).Where(input => input.Source is not null && outputs.Contains(input.Digest)).DistinctBy(input => input.Digest).ToDictionary(input => input.Digest, input => input.Source);
        List<RowFile> files = [.. _record.Outputs.Select(output => new RowFile(output.Name, output.Digest, output.Size, sources.GetValueOrDefault(output.Digest)))];
        var state = results.Write(plan, _record.Rows ?? space.Rows.Write([]), files, _record.Columns, _record.Memory, whole: true, _ran, took());
        return new StageEnd(state, state.Result!.Counts, _ran, null);
    }

    public void Dispose() => _collector?.Dispose();
}
