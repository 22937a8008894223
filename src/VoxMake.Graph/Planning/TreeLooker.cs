using System.Globalization;
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

/// <summary>Looks at folders: lists them, asks the kernel about every file on all threads, reads only those that have changed since they were last read.</summary>
/// <param name="memory">The folder where an index of each tree is kept.</param>
public sealed class TreeLooker(IDisk disk, string memory, PagedTable<TreeFile> listings, TimeProvider clock, int threads)
{
    /// <summary>Why something that a folder names is left out.</summary>
    internal const string NoFile = "it is no file (a link that leads nowhere, a pipe or a device)";

    private readonly Dictionary<FileTree, TreeIndex?> _indexes = []; // null: not asked for yet
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
        if (stat is null && tree.Optional) return _looked[tree] = new TreeListing(listings, listings.Write([], hold: true), TreeIndex.None(tree), isHeld: true);
        if (stat is not { IsFolder: true } root) throw new VoxException($"{tree.Root}: there is no such folder");

        var index = IndexOf(tree);
        var walk = new TreeWalk(disk, tree, index, threads);
        walk.Go(root);
        foreach (var (path, why) in walk.Left) Skip(tree, path, why);
        return _looked[tree] = Listing(index, Read(tree, index, walk.Found));
    }

    /// <summary>The files that differ between two listings that were looked at or stored, by path: as they were (null: added) and as they are (null: removed).</summary>
    /// <exception cref="DamagedCacheException">The cache has lost one of them.</exception>
    public IEnumerable<(TreeFile? Before, TreeFile? Now)> Changes(Digest before, Digest now) =>
        _looked.Values.FirstOrDefault(listing => listing.Digest == now)?.Changes(before) ?? listings.Changes(before, now);

    /// <summary>Tells of a tree that <see cref="IsAsSeen"/> may be asked about although nobody looks at it in this run.</summary>
    public void Register(FileTree tree)
    {
        lock (_indexes) _indexes.TryAdd(tree, null);
    }

    /// <summary>Whether a file still is as it was when its tree was last looked at, with this digest. One that had changed only just before it was read then is read once more.</summary>
    public bool IsAsSeen(string path, Digest digest)
    {
        if (disk.Stat(path) is not { } stat) return false;
        var (held, racy) = (false, false);
        lock (_indexes)
        {
            foreach (var tree in _indexes.Keys)
                if (path.Length > tree.Root.Length && path[tree.Root.Length] == '/' && path.StartsWith(tree.Root, StringComparison.Ordinal)
                    && (held = IndexOf(tree).Holds(path.AsSpan(tree.Root.Length + 1), stat, digest, out racy))) break;
        }
        return held && (!racy || disk.DigestOf(path, out _) == digest);
    }

    /// <summary>Writes what was learned, if anything.</summary>
    public void Save()
    {
        foreach (var (tree, index) in _indexes) index?.Save(disk, PathOf(tree));
    }

    private TreeIndex IndexOf(FileTree tree)
    {
        lock (_indexes) return _indexes.GetValueOrDefault(tree) ?? (_indexes[tree] = TreeIndex.Load(disk, PathOf(tree), tree));
    }

    /// <summary>Where a tree's index is kept: letters, digits and hyphens of its name stay, so that it is a file name, and of no two trees the same.</summary>
    private string PathOf(FileTree tree) => memory + "/" + string.Concat(tree.Name.Select(static letter =>
        char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter.ToString() : string.Create(CultureInfo.InvariantCulture, $"%{(int)letter:x4}")));

    /// <summary>Reads what was found. When one of many cannot be read, the others are remembered all the same.</summary>
    private IReadOnlyList<(string Path, TreeFile? Now)> Read(FileTree tree, TreeIndex index, IReadOnlyList<FoundFile> found)
    {
        var whole = false;
        try
        {
            var done = 0;
            ForEachInParallel(found.Count, i =>
            {
                if (SteadyFile.TryRead(disk, tree.Root + "/" + found[i].Path, found[i].Stat, clock) is { } read) found[i].Take(read);
                var count = Interlocked.Increment(ref done);
                if (count % 256 == 0) Reading?.Invoke(count, found.Count);
            });
            whole = true;
        }
        finally
        {
            if (!whole)
            {
                index.Listing = null;
                index.Learn([.. found.Where(file => file.Digest is not null)]);
            }
        }
        foreach (var file in found)
            if (file.Digest is null) Skip(tree, file.Path, NoFile);
        return index.Learn([.. found.Where(file => file.Digest is not null)]);
    }

    /// <summary>The listing of an index to which some changes have just come.</summary>
    private TreeListing Listing(TreeIndex index, IReadOnlyList<(string Path, TreeFile? Now)> changes)
    {
        if (index.Listing is { } stands && changes.Count == 0) return new TreeListing(listings, stands, index, isHeld: false);
        var digest = Edited() ?? listings.Write(index.Files, hold: true);
        index.Listing = digest;
        return new TreeListing(listings, digest, index, isHeld: true);

        Digest? Edited()
        {
            try { return index.Listing is { } before && listings.IsWhole(before, read: false) ? listings.Edit(before, changes, hold: true) : null; }
            catch (DamagedCacheException) { return null; }
        }
    }

    private void Skip(FileTree tree, string path, string why) => Skipped?.Invoke($"{tree.Root}/{path} is left out: {why}");

    private void ForEachInParallel(int count, Action<int> body)
    {
        try { Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, body); }
        catch (AggregateException errors) { throw errors.InnerExceptions.OfType<VoxException>().FirstOrDefault() ?? errors.InnerExceptions[0]; }
    }
}
