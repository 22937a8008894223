using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Planning;

/// <summary>A folder as it was found. Its table is made only when somebody compares with it or keeps it: most runs find a folder as the last one left it.</summary>
/// <param name="digest">Of the table that the files make.</param>
/// <param name="isHeld">Whether the table was made in this run. If not, the cache should have it from the run that made it.</param>
public sealed class TreeListing(PagedTable<TreeFile> table, Digest digest, TreeIndex index, bool isHeld)
{
    private bool _isAtHand = isHeld;

    /// <summary>Of the listing.</summary>
    public Digest Digest => digest;

    /// <summary>Sorted by path (ordinal).</summary>
    public IEnumerable<TreeFile> Files => index.Files;

    public long Count => index.Count;

    /// <summary>The file of a path, or null.</summary>
    public TreeFile? Find(string path) => index.Find(path);

    /// <summary>The files that differ between an older listing and this one, by path: as they were (null: added) and as they are (null: removed).</summary>
    /// <exception cref="DamagedCacheException">The cache has lost the older one.</exception>
    public IEnumerable<(TreeFile? Before, TreeFile? Now)> Changes(Digest? before)
    {
        if (before is null) return Files.Select(file => ((TreeFile?)null, (TreeFile?)file));
        if (before == digest) return [];
        Prepare();
        return table.Changes(before, digest);
    }

    /// <summary>Writes it into the cache, for a later run to compare with.</summary>
    public void Store()
    {
        Prepare();
        table.Store(digest);
    }

    /// <summary>Makes the table again if the cache has lost it.</summary>
    private void Prepare()
    {
        if (!_isAtHand && !table.IsWhole(digest, read: false)) table.Write(index.Files, hold: true);
        _isAtHand = true;
    }
}
