using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>
/// The links of a view: a name for each file that the stage made. Nothing here remembers all names: a name that is to be added and stands already, though nothing that goes away had it, is
/// another row's.
/// </summary>
internal sealed class ViewLinks(Workspace space, Stage stage, string folder)
{
    private readonly HashSet<string> _made = [];
    private readonly HashSet<string> _touched = [""];

    /// <summary>Folders in which names came or went, by their names below the view; always the view's own.</summary>
    public IReadOnlySet<string> Touched => _touched;

    /// <summary>All links of a result: their names below the view, and what they show.</summary>
    /// <exception cref="DamagedCacheException">The cache has lost rows of it.</exception>
    public IEnumerable<(string Name, Digest Digest)> Of(StageResult result) => Changes(null, result).Select(change => (change.Now!.Name, change.Now.Digest));

    /// <summary>Takes away what differs between the result that is shown and another.</summary>
    /// <exception cref="DamagedCacheException">The cache has lost rows of either.</exception>
    public void Remove(StageResult shown, StageResult next)
    {
        foreach (var (before, _) in Changes(shown, next))
        {
            if (before is null) continue;
            space.Disk.Delete(Path.Combine(folder, before.Name));
            _touched.Add(Path.GetDirectoryName(before.Name)!);
        }
    }

    /// <summary>Adds what differs between the result that was shown (null: none) and the one that is to be. Ends at a name that cannot be had, and says which name and what stands in its way.</summary>
    /// <exception cref="DamagedCacheException">The cache has lost rows or files of the result.</exception>
    public (string Name, string Taken)? Add(StageResult? shown, StageResult next)
    {
        foreach (var (_, now) in Changes(shown, next))
            if (now is not null && !TryPut(now)) return (now.Name, Taken(now.Name));
        return null;
    }

    /// <summary>The file that stands under a name or under a folder that it lies in; else the name itself.</summary>
    private string Taken(string name)
    {
        for (var above = name; above.Length > 0; above = Path.GetDirectoryName(above)!)
            if (space.Disk.Stat(Path.Combine(folder, above)) is { IsFolder: false }) return above;
        return name;
    }

    /// <summary>Puts back what somebody took away or replaced; what else they put there stays. False where a folder is gone, or one stands in the way.</summary>
    /// <exception cref="DamagedCacheException">The cache has lost rows or files of the result.</exception>
    public bool TryMend(StageResult shown, IReadOnlyList<Standing> folders)
    {
        foreach (var name in folders.Select(standing => standing.Name))
        {
            if (space.Disk.Stat(Path.Combine(folder, name)) is not { IsFolder: true }) return false;
            _touched.Add(name);
        }
        foreach (var (_, link) in Changes(null, shown))
        {
            var path = Path.Combine(folder, link!.Name);
            var stat = space.Disk.Stat(path);
            if (stat is { IsFolder: true }) return false;
            var blob = space.Disk.Stat(space.Blobs.PathOf(link.Digest));
            if (stat is { } there && blob is { } own && (there.Inode, there.Device) == (own.Inode, own.Device)) continue; // a reflink or a copy never is the same: it is made again
            space.Disk.Delete(path);
            if (!TryPut(link)) return false;
        }
        return true;
    }

    /// <summary>False if something stands there already. It is asked only where linking fails: a million links are then a million calls, not three.</summary>
    private bool TryPut(Link link)
    {
        if (!stage.OwnTables && ViewTables.Names.Contains(link.Name)) return false;
        var path = Path.Combine(folder, link.Name);
        var above = Path.GetDirectoryName(link.Name)!;
        try { MakeFolder(above); }
        catch (IOException) when (space.Disk.Stat(Path.Combine(folder, Taken(above))) is { IsFolder: false }) { return false; }
        try { space.Disk.Link(space.Blobs.PathOf(link.Digest), path); }
        catch (IOException) when (!space.Blobs.Has(link.Digest)) { throw new DamagedCacheException(link.Digest); }
        catch (IOException) when (space.Disk.Stat(path) is not null) { return false; }
        return true;
    }

    private void MakeFolder(string name)
    {
        if (_made.Contains(name)) return;
        space.Disk.CreateFolder(Path.Combine(folder, name));
        _made.Add(name);
        for (var above = name; above.Length > 0; above = Path.GetDirectoryName(above)!) _touched.Add(above);
    }

    /// <summary>Links that differ between two results, a row at a time.</summary>
    private IEnumerable<(Link? Before, Link? Now)> Changes(StageResult? shown, StageResult next)
    {
        var kept = Own(shown?.Files ?? []).ToHashSet();
        foreach (var gone in kept.Except(Own(next.Files))) yield return (gone, null);
        foreach (var link in Own(next.Files))
            if (!kept.Remove(link)) yield return (null, link);
        if (stage.Outputs.Count == 0) yield break;
        foreach (var (before, now) in space.Rows.Changes(shown?.Rows, next.Rows))
            foreach (var output in stage.Outputs)
            {
                var (old, link) = (LinkOf(before, output), LinkOf(now, output));
                if (old != link) yield return (old, link);
            }
    }

    private IEnumerable<Link> Own(IEnumerable<RowFile> files) => files.Where(file => file.Source is null).Select(file => new Link(Checked(file.Name), file.Digest));

    private Link? LinkOf(Row? row, ItemFile output) =>
        row is { Outcome: Outcome.Ok } && row.File(output.Name) is { Source: null } file ? new Link(Checked(output.NameOf(row)), file.Digest) : null;

    private string Checked(string name)
    {
        if (Path.IsPathRooted(name) || name.Split('/').Any(part => part is "" or "." or "..") || name.Contains('\0'))
            throw new VoxException($"{stage.Name}: '{name}' is no name for a file") { ExitCode = ExitCode.Failed };
        return name;
    }

    private sealed record Link(string Name, Digest Digest);
}
