using System.Text.Json;
using VoxMake.Graph.Storage;

namespace VoxMake.Graph.Running;

/// <summary>Sorts rows by id, however many there are: what exceeds a run goes to work files in sorted runs, which are merged.</summary>
internal sealed class RowSpool(Workspace space, int runLength = 1 << 14) : IDisposable
{
    private static int s_count;
    private readonly List<Row> _rows = [];
    private readonly List<string> _runs = [];
    private bool _sorted = true;

    public void Add(Row row)
    {
        if (_rows.Count == runLength) Spill();
        if (_sorted && _rows.Count > 0 && string.CompareOrdinal(_rows[^1].Id, row.Id) > 0) _sorted = false;
        _rows.Add(row);
    }

    /// <summary>All rows, sorted. Two with one id follow each other.</summary>
    public IEnumerable<Row> Sorted()
    {
        Sort();
        return _runs.Count == 0 ? _rows : Merged();
    }

    private void Sort()
    {
        if (!_sorted) _rows.Sort(static (a, b) => string.CompareOrdinal(a.Id, b.Id));
        _sorted = true;
    }

    private void Spill()
    {
        Sort();
        var path = Path.Combine(space.Work, $"rows-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}");
        space.Disk.CreateFolder(space.Work);
        using (var file = space.Disk.Create(path))
            foreach (var row in _rows)
            {
                file.Write(JsonSerializer.SerializeToUtf8Bytes(row, StorageJson.Default.Row));
                file.Write("\n"u8);
            }
        _runs.Add(path);
        _rows.Clear();
    }

    private IEnumerable<Row> Merged()
    {
        var runs = _runs.Select(Read).Append(_rows).Select(run => run.GetEnumerator()).ToList();
        var next = new PriorityQueue<IEnumerator<Row>, string>(StringComparer.Ordinal);
        foreach (var run in runs)
            if (run.MoveNext()) next.Enqueue(run, run.Current.Id);
        while (next.TryDequeue(out var run, out _))
        {
            yield return run.Current;
            if (run.MoveNext()) next.Enqueue(run, run.Current.Id);
        }
        foreach (var run in runs) run.Dispose();
    }

    private IEnumerable<Row> Read(string path)
    {
        using var lines = new StreamReader(space.Disk.OpenRead(path));
        while (lines.ReadLine() is { } line) yield return JsonSerializer.Deserialize(line, StorageJson.Default.Row)!;
    }

    public void Dispose()
    {
        foreach (var run in _runs) space.Disk.Delete(run);
        _runs.Clear();
    }
}
