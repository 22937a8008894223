using System.Text.Json;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>Listens to a Collect verb and puts its record together.</summary>
internal sealed class Collector : IDisposable
{
    private readonly Workspace _space;
    private readonly StagePlan _plan;
    private readonly IRunObserver _observer;
    private readonly Dictionary<Digest, PlannedFile> _files = [];
    private readonly Dictionary<Digest, string?> _sources = [];
    private readonly Dictionary<string, string?> _parents = [];
    private readonly RowSpool _rows;
    private readonly List<OutputFile> _outputs = [];
    private readonly Dictionary<string, Value> _columns = [];
    private Importer _importer = null!;
    private string _folder = "";
    private JsonElement? _memory;
    private bool _listed;

    public Collector(Workspace space, StagePlan plan, IRunObserver observer)
    {
        (_space, _plan, _observer, _rows) = (space, plan, observer, new RowSpool(space));
        foreach (var file in plan.Files.Values.SelectMany(list => list))
            if (_sources.TryAdd(file.Digest, null)) _files[file.Digest] = file;
    }

    /// <summary>Takes note of an item that goes into the order: what may be passed on, and what was cut from where.</summary>
    public JoinedItem Seen(JoinedItem item)
    {
        if (item.Parent is not null) _parents[item.Id] = item.Parent;
        foreach (var input in item.Inputs)
        {
            if (!_sources.TryAdd(input.Digest, input.Source) && _files.Remove(input.Digest)) _sources[input.Digest] = input.Source;
        }
        return item;
    }

    /// <summary>The order is written; this is the tool that works on it.</summary>
    public void ListensTo(ToolStart start)
    {
        _folder = Orders.FolderOf(start);
        _importer = new Importer(_space, Path.Combine(_folder, "out"));
    }

    /// <summary>Told each row as it is listed.</summary>
    public Action<Row>? Made { get; init; }

    public List<string> Failed { get; } = [];
    public ErrorEvent? Error { get; private set; }
    public bool Finished { get; private set; }
    public Counts Counts { get; private set; }

    public void Heard(ToolEvent happened)
    {
        switch (happened)
        {
            case StartedEvent started: _space.Log.NoteVersions(_plan.Stage.Name, started.Versions); break;
            case ItemEvent item: Row(item); break;
            case OutputEvent output: _outputs.Add(Take(output.Output)); break;
            case MetricEvent { Step: null } metric: _columns[metric.Name] = metric.Value; break;
            case MetricEvent { Step: { } step } metric: _observer.Metric(_plan, metric.Name, metric.Value, step); break;
            case MemoryEvent memory: _memory = memory.Memory; break;
            case ProgressEvent progress: _observer.Moved(_plan, new StageProgress(progress.Done, progress.Total, progress.Unit, 0, Counts.Rejected, Counts.Failed)); break;
            case NoteEvent note: _observer.Note(_plan.Stage, note.Message); break;
            case WarningEvent warning: _observer.Warning(_plan.Stage, warning.Id is null ? warning.Message : $"{warning.Id}: {warning.Message}"); break;
            case ErrorEvent error: Error = error; break;
            case FinishedEvent: Finished = true; break;
        }
    }

    /// <summary>The record of the whole; its rows are a table of their own.</summary>
    public Record Record()
    {
        Digest? rows = _listed ? _space.Rows.Write(_rows.Sorted()) : null;
        return new Record(Outcome.Ok, [.. _outputs.OrderBy(output => output.Name, StringComparer.Ordinal)], Columns.Of(_columns), Rows: rows, Memory: _memory);
    }

    private void Row(ItemEvent item)
    {
        Counts += item.Outcome;
        _listed |= item.Outcome != Outcome.Failed;
        if (item.Outcome == Outcome.Failed) Failed.Add($"{item.Id}: {item.Message}");
        else
        {
            var row = new Row(item.Id, _parents.GetValueOrDefault(item.Id), null, item.Outcome,
                [.. item.Outputs.Select(Take).Select(output => new RowFile(output.Name, output.Digest, output.Size, _sources.GetValueOrDefault(output.Digest)))],
                item.Columns, item.Reason, item.Message);
            _rows.Add(row);
            Made?.Invoke(row);
        }
    }

    private OutputFile Take(OutputFile output)
    {
        if (output.Path is null && !_sources.ContainsKey(output.Digest))
            throw new VoxException($"{_plan.Tool.Name} passed on {output.Digest.Short}, which is none of its inputs") { ExitCode = ExitCode.Failed };
        if (output.Path is null && _files.TryGetValue(output.Digest, out var file) && !_space.Blobs.Has(file.Digest, file.Size)) Copy(file);
        return _importer.Take(output);
    }

    /// <summary>A person's file that belongs to no item has no place that a row could name: what is passed on is a copy of it.</summary>
    private void Copy(PlannedFile file)
    {
        var copy = Path.Combine(_folder, "passed.tmp");
        using (var from = _space.Disk.OpenRead(file.Path))
        using (var to = _space.Disk.Create(copy)) from.CopyTo(to);
        if (Digest.OfFile(copy) != file.Digest) throw new VoxException($"{file.Path} was changed while the run read it") { Try = "run again", ExitCode = ExitCode.Failed };
        _space.Blobs.Import(copy, file.Digest);
    }

    public void Dispose() => _rows.Dispose();
}
