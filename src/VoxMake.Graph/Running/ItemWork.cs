using System.Diagnostics.CodeAnalysis;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>
/// A ForEach or Expand stage: its items go to the tool in batches, each result is a record as soon as it is there, and in the end the records become rows. When a tool dies, the items that it had
/// begun are tried alone, or, where it does not say what it began, each half: so the one at fault is found, and named. It can begin before it is planned, on what the stage before it has
/// made so far: that only makes records, which the plan then finds.
/// </summary>
internal sealed class ItemWork : IStageWork
{
    private const int MostDeaths = 64, MostInARow = 16;
    private const int AheadBatch = 512; // a start of a tool should be worth its while
    private readonly Workspace _space;
    private readonly Orders _orders;
    private readonly Results _results;
    private readonly IRunObserver _observer;
    private readonly RunOptions _options;
    private readonly Queue<PlannedItem> _offered = [];
    private IEnumerator<PlannedItem>? _items;
    private int _batchSize;
    private readonly Stack<Batch> _waiting = [];
    private readonly Dictionary<ToolStart, Batch> _running = [];
    private readonly HashSet<Digest> _asked = []; // two equal clips are worked on once
    private readonly Dictionary<Digest, (string Id, string Message)> _failed = [];
    private ToolStart? _last;
    private StageFailure? _failure;
    private long _ran, _rejected, _doneAhead;
    private double _audioSeconds;
    private int _deaths, _deathsInARow;

    /// <param name="plan">Its plan, or what little there is of it: then <see cref="Begin"/> follows.</param>
    public ItemWork(Workspace space, StagePlan plan, RunOptions options, Orders orders, Results results, IRunObserver observer)
    {
        (_space, Plan, _options, _orders, _results, _observer) = (space, plan, options, orders, results, observer);
        _batchSize = Math.Min(AheadBatch, options.BatchSize);
    }

    /// <summary>It is planned: from now on it takes all items.</summary>
    public void Begin(StagePlan plan)
    {
        Plan = plan;
        _doneAhead = _ran + _failed.Count;
        _offered.Clear();
        _items = plan.Items.GetEnumerator();
        var places = _options.Machine.Places(plan.Stage);
        _batchSize = (int)Math.Clamp((plan.ToRun + places - 1) / places, 1, _options.BatchSize);
    }

    /// <summary>An item that the plan will hold: it may be worked on at once.</summary>
    public void Offer(PlannedItem item)
    {
        if (item.Known is null && _offered.Count < _options.BatchSize + AheadBatch) _offered.Enqueue(item); // as many as one start of what drives it makes; the plan finds the others
    }

    /// <summary>Told each row that an item came to.</summary>
    public Action<Row>? Made { get; init; }

    /// <summary>Items that go to one start of the tool.</summary>
    private sealed class Batch
    {
        public Dictionary<string, PlannedItem> Open { get; } = [];
        public HashSet<string> Begun { get; } = [];
        public ErrorEvent? Error { get; set; }
        public Importer? Importer { get; set; }
        public bool Moved { get; set; }

        public static Batch Of(IEnumerable<PlannedItem> items)
        {
            var batch = new Batch();
            foreach (var item in items) batch.Open[item.Item.Id] = item;
            return batch;
        }
    }

    public StagePlan Plan { get; private set; }

    public bool HasNext => _failure is null && (_waiting.Count > 0 || Fill());

    /// <summary>Gathers the next batch of items that have to run.</summary>
    private bool Fill()
    {
        if (_items is null && _offered.Count < _batchSize) return false;
        var batch = new Batch();
        while (batch.Open.Count < _batchSize && TryTake(out var item))
            if (item is { Known: null, Item.Pending: false } && _asked.Add(item.Key)) batch.Open[item.Item.Id] = item;
        if (batch.Open.Count > 0) _waiting.Push(batch);
        return batch.Open.Count > 0;
    }

    private bool TryTake([NotNullWhen(true)] out PlannedItem? item)
    {
        if (_items is null) return _offered.TryDequeue(out item);
        item = _items.MoveNext() ? _items.Current : null;
        return item is not null;
    }

    public ToolStart Next(Share share)
    {
        var batch = _waiting.Pop();
        var start = _orders.Write(Plan, batch.Open.Values.Select(item => item.Item), null, share);
        batch.Importer = new Importer(_space, Path.Combine(Orders.FolderOf(start), "out"));
        _running[start] = batch;
        return _last = start;
    }

    public void Heard(ToolStart start, ToolEvent happened)
    {
        var batch = _running[start];
        switch (happened)
        {
            case StartedEvent started: _space.Log.NoteVersions(Plan.Stage.Name, started.Versions); break;
            case BeginEvent begin: batch.Begun.Add(begin.Id); break;
            case ItemEvent item when batch.Open.Remove(item.Id, out var planned):
                batch.Begun.Remove(item.Id);
                batch.Moved = true;
                Came(item, planned, batch.Importer!);
                break;
            case WarningEvent warning: _observer.Warning(Plan.Stage, warning.Id is null ? warning.Message : $"{warning.Id}: {warning.Message}"); break;
            case ErrorEvent said: batch.Error = said; break;
        }
    }

    private void Came(ItemEvent item, PlannedItem planned, Importer importer)
    {
        _audioSeconds += item.AudioSeconds;
        if (item.Outcome == Outcome.Failed)
        {
            _orders.ThrowIfDamaged(planned.Item);
            Fail(planned, item.Message ?? "failed");
        }
        else if (Changed(planned.Item) is { } path) Fail(planned, $"{path} was changed while the run read it; run again");
        else
        {
            var record = new Record(item.Outcome, [.. item.Outputs.Select(output => Take(importer, output, planned.Item))], item.Columns, item.Reason, item.Message,
                item.Children is null ? null : [.. item.Children.Select(child => child with { Outputs = [.. child.Outputs.Select(output => Take(importer, output, planned.Item))] })]);
            importer.Add(planned.Key, record);
            if (Made is { } made) foreach (var row in planned.RowsOf(record)) made(row);
            _ran++;
            if (item.Outcome == Outcome.Rejected) _rejected++;
        }
        _observer.Moved(Plan, new StageProgress(_ran + _failed.Count, Math.Max(_doneAhead + Plan.ToRun, _ran + _failed.Count), "items", _audioSeconds, _rejected, _failed.Count));
    }

    /// <summary>A person's file that is no longer what the item's key says, or null.</summary>
    private string? Changed(JoinedItem item) =>
        _orders.ChangedSource(item) ?? Plan.Files.Values.SelectMany(list => list).Select(_orders.ChangedSource).FirstOrDefault(path => path is not null);

    private void Fail(PlannedItem item, string message) => _failed[item.Key] = (item.Item.Id, message);

    private static OutputFile Take(Importer importer, OutputFile output, JoinedItem item)
    {
        if (output.Path is null && !item.Inputs.Any(input => input.Digest == output.Digest))
            throw new VoxException($"the tool passed on {output.Digest.Short}, which is no input of {item.Id}") { ExitCode = ExitCode.Failed };
        return importer.Take(output);
    }

    public void Ended(ToolStart start, ToolEnd end)
    {
        _running.Remove(start, out var batch);
        batch!.Importer!.Commit();
        if (end.Code == ExitCode.Done && batch.Open.Count == 0 && _failed.Count == 0) _space.Disk.DeleteFolder(Orders.FolderOf(start));
        if (batch.Open.Count == 0 || end.Code == ExitCode.Cancelled) return;
        _orders.ThrowIfDamaged(batch.Error);
        if (batch.Error is not null || end.Code is ExitCode.BadInput)
            _failure = _orders.Failure($"{Plan.Stage.Name}: {Plan.Tool.Name} {Plan.Stage.Verb} {end.Words}", [Orders.TextOf(batch.Error, end.Words)], start, batch.Error?.Try, end.Code == 0 ? ExitCode.Failed : end.Code);
        else Isolate(batch, end);
    }

    /// <summary>The tool is gone before it was done with a batch: who is to blame?</summary>
    private void Isolate(Batch batch, ToolEnd end)
    {
        _deathsInARow = batch.Moved ? 1 : _deathsInARow + 1;
        if (batch.Open.Count == 1)
        {
            var (_, item) = batch.Open.Single();
            Fail(item, $"the tool {end.Words} while it worked on this, and on nothing else");
            return;
        }
        if (++_deaths >= MostDeaths || _deathsInARow >= MostInARow)
        {
            foreach (var item in batch.Open.Values) Fail(item, batch.Begun.Contains(item.Item.Id) ? $"the tool {end.Words} while it worked on this" : $"not reached: the tool {end.Words}");
            return;
        }
        var suspects = batch.Open.Values.Where(item => batch.Begun.Contains(item.Item.Id)).ToList();
        var others = batch.Open.Values.Where(item => !batch.Begun.Contains(item.Item.Id)).ToList();
        if (suspects.Count > 0)
        {
            foreach (var suspect in suspects) _waiting.Push(Batch.Of([suspect]));
            if (others.Count > 0) _waiting.Push(Batch.Of(others));
        }
        else
        {
            _waiting.Push(Batch.Of(others.Take(others.Count / 2)));
            _waiting.Push(Batch.Of(others.Skip(others.Count / 2)));
        }
        _observer.Warning(Plan.Stage, $"{Plan.Tool.Name} {end.Words}; starting it again for the {batch.Open.Count} items that are left of its order, {(suspects.Count > 0 ? $"the {suspects.Count} that it had begun each alone" : "in two halves")}");
    }

    public StageEnd Finish(Func<TimeSpan> took)
    {
        long failed = 0;
        using var rows = new ItemRows(_space, Plan);
        foreach (var item in Plan.Items)
        {
            if ((_failed.ContainsKey(item.Key) ? null : item.Known ?? (_asked.Contains(item.Key) ? _space.Records.Find(item.Key) : null)) is { } record) rows.Add(item, record);
            else failed++;
        }
        if (_failure is null && failed > 0)
            _failure = _orders.Failure($"{Plan.Stage.Name}: {failed} of {Plan.ItemCount} items failed", [.. _failed.Values.OrderBy(f => f.Id, StringComparer.Ordinal).Select(f => $"{f.Id}: {f.Message}")], _last, null, ExitCode.Failed);
        var table = rows.Write();
        if (_failure is not null && (_failure.ExitCode == ExitCode.BadInput || _space.Rows.Counts(table).Total == 0)) return new StageEnd(null, new Counts(0, 0, failed), _ran, _failure);
        var state = _results.Write(Plan, table, [], Columns.Empty, null, whole: _failure is null, _ran, took());
        return new StageEnd(state, state.Result!.Counts + new Counts(0, 0, failed), _ran, _failure);
    }

    public void Dispose() => _items?.Dispose();
}
