using System.Text;
using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>
/// The folders whose voices use a cache. Each registers itself before its first run, <c>&lt;cache&gt;/roots/&lt;16 digits&gt;</c>, so that whoever removes something from the cache can
/// ask all of them what they use.
/// </summary>
public sealed class CacheRoots(IDisk disk, string cache)
{
    private readonly string _folder = Path.Combine(cache, "roots");

    /// <summary>Notes that a folder uses the cache, if that is not known.</summary>
    /// <param name="root">The folder that holds its <c>.vox</c>, absolute.</param>
    public void Register(string root)
    {
        if (disk.Stat(FileOf(root)) is not null) return;
        disk.CreateFolder(_folder);
        using var _ = FileLock.Wait(_folder + ".lock"); // two voices of a root may begin at once
        if (disk.Stat(FileOf(root)) is not null) return;
        disk.WriteWhole(FileOf(root), Encoding.UTF8.GetBytes(root));
    }

    /// <summary>Takes a folder out of the list; false if it was not in it.</summary>
    public bool Forget(string root)
    {
        if (disk.Stat(FileOf(root)) is null) return false;
        disk.Delete(FileOf(root));
        return true;
    }

    /// <summary>All that have registered, those that are gone too; and the folder in whose <c>.vox</c> the cache lies, if it does.</summary>
    /// <exception cref="VoxException">An entry is damaged: it cannot be said whose it is.</exception>
    public IReadOnlyList<string> All()
    {
        var roots = new List<string>();
        if (Path.GetDirectoryName(cache) is { } above && Path.GetFileName(above) == Workspace.StateFolder) roots.Add(Path.GetDirectoryName(above)!);
        foreach (var entry in disk.List(_folder).OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (entry.Name.EndsWith(".tmp", StringComparison.Ordinal)) continue; // a run that was killed while it registered had not begun
            var path = Path.Combine(_folder, entry.Name);
            var root = Encoding.UTF8.GetString(disk.ReadWhole(path) ?? []);
            if (FileOf(root) != path)
                throw new VoxException($"{path}: this should name a folder that uses the cache, and is damaged")
                {
                    Try = "delete it, and run a build in each folder that uses the cache; they register again",
                };
            if (!roots.Contains(root)) roots.Add(root);
        }
        return roots;
    }

    /// <summary>The state folders of all voices of a root, <c>.vox/&lt;config&gt;</c>.</summary>
    public IEnumerable<string> StatesOf(string root)
    {
        var folder = Path.Combine(root, Workspace.StateFolder);
        return disk.List(folder).Where(entry => entry.IsFolder).Select(entry => Path.Combine(folder, entry.Name)).Where(state => state != cache);
    }

    private string FileOf(string root) => Path.Combine(_folder, NameOf(root));

    /// <summary>What a root is called in the cache.</summary>
    public static string NameOf(string root) => Digest.Of(Encoding.UTF8.GetBytes(root)).ToString()[..16];
}
