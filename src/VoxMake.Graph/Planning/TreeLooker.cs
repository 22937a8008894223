using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Planning;

/// <summary>One file of a person's folder.</summary>
/// <param name="Path">Relative to the folder, with <c>/</c>.</param>
public sealed record TreeFile(string Path, Digest Digest, long Size) : IEntry
{
    string IEntry.Name => Path;
    Outcome IEntry.Outcome => Outcome.Ok;
}

/// <summary>A folder as it was found: a table of its files, held in memory until it is stored.</summary>
/// <param name="Digest">Of the listing.</param>
public sealed record TreeListing(PagedTable<TreeFile> Table, Digest Digest)
{
    /// <summary>Sorted by path (ordinal).</summary>
    public IEnumerable<TreeFile> Files => Table.Read(Digest);

    public long Count => Table.Counts(Digest).Total;

    /// <summary>The files that differ between an older listing and this one, by path: as they were (null: added) and as they are (null: removed).</summary>
    /// <exception cref="DamagedCacheException">The cache has lost the older one.</exception>
    public IEnumerable<(TreeFile? Before, TreeFile? Now)> Changes(Digest? before) => Table.Changes(before, Digest);

    /// <summary>Writes it into the cache, for a later run to compare with.</summary>
    public void Store() => Table.Store(Digest);
}

/// <summary>Looks at folders: lists them, asks the kernel about every file on all threads, reads only those that have changed since they were last read.</summary>
public sealed class TreeLooker(IDisk disk, SeenFiles seen, PagedTable<TreeFile> listings, int threads)
{
    private readonly Dictionary<FileTree, TreeListing> _looked = [];

    /// <summary>Called with the number of files read so far and to read in all, while contents have to be read.</summary>
    public Action<int, int>? Reading { get; set; }

    /// <summary>Told, with a sentence, what a folder holds that is no file and is left out.</summary>
    public Action<string>? Skipped { get; set; }

    /// <summary>A folder's files with their digests; looked at once in a run.</summary>
    /// <exception cref="VoxException">The folder is missing, or a file cannot be read.</exception>
    public TreeListing Look(FileTree tree)
    {
        if (_looked.TryGetValue(tree, out var known)) return known;
        var stat = disk.Stat(tree.Root);
        if (stat is null && tree.Optional) return _looked[tree] = Listing([]);
        if (stat is not { IsFolder: true }) throw new VoxException($"{tree.Root}: there is no such folder");

        var paths = new List<string>();
        List(tree, "", paths, [stat.Value]);
        paths.Sort(string.CompareOrdinal);
        var files = new TreeFile?[paths.Count];
        var done = 0;
        ForEachInParallel(paths.Count, i =>
        {
            if (seen.TryLook(tree.Root + "/" + paths[i]) is var (digest, found)) files[i] = new TreeFile(paths[i], digest, found.Size);
            var count = Interlocked.Increment(ref done);
            if (count % 256 == 0) Reading?.Invoke(count, paths.Count);
        });
        for (var i = 0; i < files.Length; i++)
            if (files[i] is null) Skipped?.Invoke($"{tree.Root}/{paths[i]} is left out: it is no file (a link that leads nowhere, a pipe or a device)");
        return _looked[tree] = Listing([.. files.OfType<TreeFile>()]);
    }

    /// <summary>The files that differ between two listings that were looked at or stored, by path: as they were (null: added) and as they are (null: removed).</summary>
    /// <exception cref="DamagedCacheException">The cache has lost one of them.</exception>
    public IEnumerable<(TreeFile? Before, TreeFile? Now)> Changes(Digest before, Digest now) => listings.Changes(before, now);

    /// <summary>The file as it stands now, or null if it is gone or has changed since it was looked at.</summary>
    public bool IsAsSeen(string path, Digest digest) => disk.Stat(path) is { } stat && seen.Unchanged(path, stat, digest);

    private TreeListing Listing(TreeFile[] files) => new(listings, listings.Write(files, hold: true));

    /// <param name="above">The folder itself, last, and those that it lies in.</param>
    private void List(FileTree tree, string folder, List<string> paths, IReadOnlyList<FileStat> above)
    {
        if (above.Count > 64) throw new VoxException($"{tree.Root}/{folder}: folders lie more than 64 deep") { Try = "is it the right folder?" };
        foreach (var entry in disk.List(folder == "" ? tree.Root : tree.Root + "/" + folder))
        {
            if (entry.Name.StartsWith('.')) continue;
            var path = folder == "" ? entry.Name : folder + "/" + entry.Name;
            if (!entry.IsFolder)
            {
                if (tree.Endings is null || tree.Endings.Contains(Path.GetExtension(entry.Name).ToLowerInvariant())) paths.Add(path);
            }
            else if (disk.Stat(tree.Root + "/" + path) is { } inner)
            {
                if (above.Any(outer => (outer.Device, outer.Inode) == (inner.Device, inner.Inode)))
                    Skipped?.Invoke($"{tree.Root}/{path} is left out: a link leads back up to a folder that it lies in");
                else List(tree, path, paths, [.. above, inner]);
            }
        }
    }

    private void ForEachInParallel(int count, Action<int> body)
    {
        try { Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, body); }
        catch (AggregateException errors) { throw errors.InnerExceptions.OfType<VoxException>().FirstOrDefault() ?? errors.InnerExceptions[0]; }
    }
}
