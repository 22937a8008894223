using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>Something that is not what its name says.</summary>
/// <param name="What">The content's digest, or the file's path.</param>
/// <param name="ShownBy">Which targets' present results have it, and for which items, as far as known.</param>
public sealed record Damage(string What, IReadOnlyList<string> ShownBy);

/// <summary>What a look at every byte came to.</summary>
/// <param name="Contents">Damaged contents of the cache; they were removed.</param>
/// <param name="Views">Files under out/ that are missing or not what their target made; their views are made anew by the next run.</param>
/// <param name="LostRecords">Records that name contents which the cache no longer has.</param>
public sealed record CheckReport(long Files, long Bytes, IReadOnlyList<Damage> Contents, IReadOnlyList<Damage> Views, long LostRecords)
{
    public bool IsWhole => Contents.Count == 0 && Views.Count == 0;
}

/// <summary>
/// Reads every content of the cache, and every file of this voice's views, and compares them with their digests (<c>--verify</c>). What is damaged is removed: the next run makes it
/// again. The caller keeps removals out, as a run does.
/// </summary>
public sealed class CacheCheck(Workspace space, IReadOnlyList<Stage> stages)
{
    private const int Threads = 2; // a disk gives no more to more
    private const int NamedItems = 5;
    private long _done;

    /// <summary>Called with the bytes read so far and in all, from several threads.</summary>
    public Action<long, long>? Progress { get; set; }

    /// <exception cref="OperationCanceledException">It was cancelled; nothing was removed.</exception>
    public CheckReport Run(CancellationToken cancel)
    {
        var blobs = Blobs();
        var views = Views();
        var total = blobs.Concat(views).Sum(file => Math.Max(0, file.Size));
        var bad = Damaged(blobs, total, cancel).Select(blob => blob.Digest).ToHashSet();
        var badViews = Damaged(views, total, cancel).Concat(views.Where(file => file.Size < 0 || (file.IsBlob && bad.Contains(file.Digest)))).ToList();
        var shown = bad.Count == 0 ? [] : WhoShows(bad);
        var passed = PassedOn();
        foreach (var digest in bad) space.Disk.Delete(space.Blobs.PathOf(digest));
        foreach (var stage in badViews.Select(file => file.Stage!).Concat(shown.Select(pair => pair.Stage)).Distinct()) new View(space).Distrust(stage);
        return new CheckReport(blobs.Count + views.Count(file => !file.IsBlob), _done,
            [.. bad.Order().Select(digest => new Damage(digest.ToString(), Words(shown.Where(pair => pair.Digest == digest))))],
            [.. badViews.Select(file => new Damage(file.Path, [file.Stage!.Name])).OrderBy(damage => damage.What, StringComparer.Ordinal)],
            LostRecords(passed));
    }

    /// <summary>A file to be read.</summary>
    /// <param name="Size">Bytes to read; -1: it is missing.</param>
    /// <param name="Stage">Whose view shows it; null for a content of the cache.</param>
    /// <param name="IsBlob">It is a second name of a content, which is read under its first.</param>
    private sealed record Found(string Path, Digest Digest, long Size, Stage? Stage = null, bool IsBlob = false);

    private List<Found> Blobs()
    {
        var found = new List<Found>();
        foreach (var folder in space.Disk.List(space.Blobs.Root))
            foreach (var entry in space.Disk.List(Path.Combine(space.Blobs.Root, folder.Name)))
                if (Digest.TryParse(folder.Name + entry.Name, out var digest) && space.Disk.Stat(space.Blobs.PathOf(digest)) is { IsFile: true } stat)
                    found.Add(new Found(space.Blobs.PathOf(digest), digest, stat.Size));
        return found;
    }

    private List<Found> Views()
    {
        var found = new List<Found>();
        foreach (var (stage, result) in Present())
        {
            var folder = Path.Combine(space.Out, stage.Name);
            if (space.Disk.Stat(folder) is null) continue; // made anew anyway
            try
            {
                foreach (var (name, digest) in new ViewLinks(space, stage, folder).Of(result))
                {
                    var path = Path.Combine(folder, name);
                    var stat = space.Disk.Stat(path);
                    var isBlob = stat is { } one && space.Disk.Stat(space.Blobs.PathOf(digest)) is { } blob && (one.Device, one.Inode) == (blob.Device, blob.Inode);
                    found.Add(new Found(path, digest, isBlob ? 0 : stat?.Size ?? -1, stage, isBlob));
                }
            }
            catch (DamagedCacheException) { } // its rows are among the damaged contents, or gone: it is made again
        }
        return found;
    }

    private IEnumerable<(Stage Stage, StageResult Result)> Present()
    {
        foreach (var stage in stages)
            if (space.Log.Present(stage.Name) is { } line && space.TryRead(line.Result) is { } result) yield return (stage, result);
    }

    private List<Found> Damaged(List<Found> files, long total, CancellationToken cancel)
    {
        var damaged = new List<Found>();
        Parallel.ForEach(files.Where(file => file.Size >= 0 && !file.IsBlob), new ParallelOptions { MaxDegreeOfParallelism = Threads, CancellationToken = cancel }, file =>
        {
            if (!IsWhole(file) && !IsWhole(file)) // once more: it may just have been replaced
                lock (damaged) damaged.Add(file);
            var done = Interlocked.Add(ref _done, file.Size);
            Progress?.Invoke(done, total);
        });
        return damaged;
    }

    private bool IsWhole(Found file)
    {
        if (space.Disk.Stat(file.Path) is not { IsFile: true }) return file.Stage is null; // a content that was removed meanwhile damages nobody
        try
        {
            using var content = space.Disk.OpenRead(file.Path);
            return Digest.Of(content) == file.Digest;
        }
        catch (IOException) { return false; } // the disk cannot read it
    }

    /// <summary>Which present results have these contents. Where rows are damaged themselves, the result is all that can be named.</summary>
    private List<(Digest Digest, Stage Stage, string? Id)> WhoShows(HashSet<Digest> bad)
    {
        var found = new List<(Digest, Stage, string?)>();
        foreach (var stage in stages)
        {
            if (space.Log.Present(stage.Name) is not { } line) continue;
            if (bad.Contains(line.Result)) found.Add((line.Result, stage, null));
            if (space.TryRead(line.Result) is not { } result) continue;
            foreach (var file in result.Files)
                if (bad.Contains(file.Digest)) found.Add((file.Digest, stage, file.Name));
            if (bad.Contains(result.Rows))
            {
                found.Add((result.Rows, stage, null));
                continue;
            }
            try
            {
                foreach (var page in space.Rows.Pages(result.Rows))
                {
                    if (bad.Contains(page.Digest)) found.Add((page.Digest, stage, null));
                    else
                        foreach (var row in space.Rows.Entries(page.Digest))
                            foreach (var file in row.Outputs)
                                if (bad.Contains(file.Digest)) found.Add((file.Digest, stage, row.Id));
                }
            }
            catch (DamagedCacheException) { } // a page that is gone has no rows to tell of
        }
        return found;
    }

    private static IReadOnlyList<string> Words(IEnumerable<(Digest Digest, Stage Stage, string? Id)> shown) =>
        [.. shown.GroupBy(pair => pair.Stage).Select(group =>
        {
            var ids = group.Select(pair => pair.Id).OfType<string>().Distinct().ToList();
            if (ids.Count == 0) return $"{group.Key.Name}: its list of items";
            return $"{group.Key.Name}: {string.Join(", ", ids.Take(NamedItems))}{(ids.Count > NamedItems ? $" and {ids.Count - NamedItems} more" : "")}";
        })];

    /// <summary>Files of people that present results name where they lie; they are not in the cache.</summary>
    private HashSet<Digest> PassedOn()
    {
        var passed = new HashSet<Digest>();
        foreach (var (_, result) in Present())
            try
            {
                foreach (var file in space.Rows.Read(result.Rows).SelectMany(row => row.Outputs))
                    if (file.Source is not null) passed.Add(file.Digest);
            }
            catch (DamagedCacheException) { }
        return passed;
    }

    private long LostRecords(HashSet<Digest> passed) =>
        space.Records.All().LongCount(entry => entry.Record.AllOutputs.Any(output => !passed.Contains(output.Digest) && !space.Blobs.Has(output.Digest, output.Size)));
}
