using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>
/// Makes anew what follows from the contents of the cache (<c>--repair</c>): the records of items, from the rows of every result that a log or a vox.lock names, and views. What a
/// Collect stage came to is known by the log alone.
/// </summary>
/// <param name="stages">Of the graph; rows do not say whether their stage cuts items.</param>
public sealed class CacheRepair(Workspace space, IReadOnlyList<Stage> stages)
{
    private const int Group = 512;
    private readonly HashSet<Digest> _read = []; // pages, most of which many results share

    /// <summary>Adds the records that are missing, and says how many these were. Nothing that is there is touched.</summary>
    /// <param name="lockFile">The vox.lock of this voice.</param>
    public long Records(string lockFile)
    {
        long added = 0;
        var group = new List<(Digest Key, Record Record)>();
        var seen = new HashSet<Digest>(); // in this group or before
        foreach (var (key, record) in Results(lockFile).SelectMany(RecordsOf))
        {
            if (!seen.Add(key) || space.Records.Find(key) is not null) continue;
            group.Add((key, record));
            if (group.Count == Group) Commit();
        }
        Commit();
        return added;

        void Commit()
        {
            space.Records.Add(group);
            added += group.Count;
            group.Clear();
        }
    }

    /// <summary>Notes again what stages' tools used, from the lock, where the log has lost it: reports and provenance tell of it.</summary>
    public void Versions(VoxLock voxLock)
    {
        foreach (var stage in stages.Select(stage => stage.Name))
            if (space.Log.Versions(stage).Count == 0 && voxLock.Versions(stage) is { Count: > 0 } versions) space.Log.NoteVersions(stage, versions);
    }

    /// <summary>Shows every present result anew. Names the targets whose result can no longer be shown.</summary>
    public IReadOnlyList<string> Views()
    {
        var lost = new List<string>();
        var view = new View(space);
        foreach (var stage in stages)
        {
            if (space.Log.Present(stage.Name) is not { } line) continue;
            view.Distrust(stage);
            try
            {
                if (space.TryRead(line.Result) is { } result) view.Update(StageState.Done(stage, line.Key, line.Result, result, space.Rows));
                else lost.Add(stage.Name);
            }
            catch (DamagedCacheException) { lost.Add(stage.Name); }
        }
        return lost;
    }

    private IEnumerable<StageResult> Results(string lockFile)
    {
        var digests = VoxLock.Results(space.Disk, lockFile).ToList();
        foreach (var state in space.Roots.All().Append(space.Root).Distinct().SelectMany(root => CacheHold.StatesOf(space, root)))
        {
            if (Holder.Read(space.Disk, state)?.LockFile is { } file && file != lockFile) digests.AddRange(VoxLock.Results(space.Disk, file));
            digests.AddRange(space.LogOf(state)?.All.Select(line => line.Result) ?? []);
        }
        return digests.Distinct().Select(space.TryRead).OfType<StageResult>();
    }

    private IEnumerable<(Digest Key, Record Record)> RecordsOf(StageResult result) => stages.FirstOrDefault(stage => stage.Name == result.Stage) switch
    {
        { Kind: StageKind.ForEach } => Pages(result).Where(page => _read.Add(page.Digest)).SelectMany(page => Entries(page.Digest)).Where(row => row.Key is not null)
            .Select(row => (row.Key!.Value, RecordOf(row))),
        // The id of what was cut is the parent's, unless that was cut itself: then it is not in the rows.
        { Kind: StageKind.Expand } stage when Above(stage).All(before => before.Kind != StageKind.Expand) => Pages(result).SelectMany(page => Entries(page.Digest)).Where(row => row.Key is not null)
            .GroupBy(row => (Key: row.Key!.Value, row.Parent)).Select(group => (group.Key.Key, group.Key.Parent is { } parent ? CutOf(parent, group) : RecordOf(group.First()))),
        _ => [],
    };

    private IReadOnlyList<Page> Pages(StageResult result)
    {
        try { return space.Rows.Pages(result.Rows); }
        catch (DamagedCacheException) { return []; }
    }

    private Row[] Entries(Digest page)
    {
        try { return space.Rows.Entries(page); }
        catch (DamagedCacheException) { return []; }
    }

    private static IEnumerable<Stage> Above(Stage stage) => stage.Items[0].Driving.From is { } from ? Above(from).Append(from) : [];

    private static Record RecordOf(Row row) => new(row.Outcome, Outputs(row), row.Columns, row.Reason, row.Message);

    /// <summary>What an item was cut into: its children's ids are its own, and a suffix.</summary>
    private static Record CutOf(string id, IEnumerable<Row> rows) =>
        new(Outcome.Ok, [], Columns.Empty, Children: [.. rows.Select(row => new ChildItem(row.Id[id.Length..], Outputs(row), row.Columns))]);

    private static OutputFile[] Outputs(Row row) => [.. row.Outputs.Select(file => new OutputFile(file.Name, null, file.Digest, file.Size))];
}
