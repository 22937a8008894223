using System.Text.Json;
using System.Text.Json.Nodes;
using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>
/// Keeps the cache within a size: removes the oldest blobs that are not in use. In use is what the present result of any configuration of this folder names, what a
/// vox.lock of theirs names, and what those results were made of. The caller holds the lock of its own configuration; while another one's run is at work nothing is removed, since what it
/// has just made is not named yet. State folders count too: those that no present result came of, and that were not used last, go whole.
/// </summary>
public sealed class CacheBudget(Workspace space)
{
    /// <summary>What was removed, and what is left.</summary>
    public readonly record struct Freed(long Files, long Bytes, long KeptBytes);

    /// <summary>Removes blobs that are not in use, oldest first, until at most <paramref name="keepBytes"/> are left or all that is left is in use.</summary>
    public Freed Sweep(long keepBytes)
    {
        using var others = OthersAtRest();
        if (others is null) return default;
        var used = InUse();
        var unused = Unused(LineagesInUse(), out var total);
        foreach (var folder in space.Disk.List(space.Blobs.Root))
            foreach (var entry in space.Disk.List(Path.Combine(space.Blobs.Root, folder.Name)))
            {
                var path = Path.Combine(space.Blobs.Root, folder.Name, entry.Name);
                if (space.Disk.Stat(path) is not { IsFile: true } stat) continue;
                total += stat.Size;
                if (!Digest.TryParse(folder.Name + entry.Name, out var digest) || !used.Contains(digest)) unused.Add(new Unnamed(path, 1, stat.Size, stat.ChangedNs, IsFolder: false));
            }
        long files = 0, bytes = 0;
        foreach (var one in unused.OrderBy(one => one.ChangedNs))
        {
            if (total - bytes <= keepBytes) break;
            if (one.IsFolder) space.Disk.DeleteFolder(one.Path);
            else space.Disk.Delete(one.Path);
            files += one.Files;
            bytes += one.Bytes;
        }
        return new Freed(files, bytes, total - bytes);
    }

    /// <summary>A content or a state folder that nothing names.</summary>
    private sealed record Unnamed(string Path, long Files, long Bytes, long ChangedNs, bool IsFolder);

    /// <summary>The state folders of all configurations that are not in use, and the size of all of them.</summary>
    private List<Unnamed> Unused(HashSet<string> used, out long total)
    {
        var unused = new List<Unnamed>();
        total = 0;
        foreach (var path in Configurations().SelectMany(configuration => new Lineages(space.Disk, Path.Combine(configuration, Workspace.LineagesFolder)).Folders))
        {
            long files = 0, bytes = 0, changed = 0;
            Measure(path);
            total += bytes;
            if (!used.Contains(path)) unused.Add(new Unnamed(path, files, bytes, changed, IsFolder: true));

            void Measure(string folder)
            {
                foreach (var entry in space.Disk.List(folder))
                {
                    var inner = Path.Combine(folder, entry.Name);
                    if (entry.IsFolder && !entry.IsLink) Measure(inner);
                    else if (space.Disk.Stat(inner) is { } stat)
                    {
                        files++;
                        bytes += stat.Size;
                        changed = Math.Max(changed, stat.ChangedNs);
                    }
                }
            }
        }
        return unused;
    }

    private HashSet<string> LineagesInUse()
    {
        var used = new HashSet<string>();
        foreach (var configuration in Configurations())
        {
            if (LogOf(configuration) is not { } log) continue;
            var lineages = new Lineages(space.Disk, Path.Combine(configuration, Workspace.LineagesFolder));
            used.UnionWith(log.LineagesInUse.Select(use => lineages.FolderOf(use.Stage, use.Lineage)));
        }
        return used;
    }

    /// <summary>The folders of all configurations that were ever built here.</summary>
    private IEnumerable<string> Configurations()
    {
        var state = Path.GetDirectoryName(space.State)!;
        return space.Disk.List(state).Where(entry => entry.IsFolder).Select(entry => Path.Combine(state, entry.Name));
    }

    private RunLog? LogOf(string configuration)
    {
        var runs = Path.Combine(configuration, "runs");
        return space.Disk.Stat(runs) is null ? null : configuration == space.State ? space.Log : new RunLog(space.Disk, runs);
    }

    private HashSet<Digest> InUse()
    {
        var used = new HashSet<Digest>();
        foreach (var configuration in Configurations())
        {
            if (space.Disk.ReadWhole(Path.Combine(configuration, "holder")) is { Length: > 0 } holder && JsonSerializer.Deserialize(holder, StorageJson.Default.Holder)?.LockFile is { } file && space.Disk.ReadWhole(file) is { } named)
                foreach (var result in Results(JsonNode.Parse(named))) Use(result);
            if (LogOf(configuration) is not { } log) continue;
            foreach (var line in log.AllPresent)
            {
                Use(line.Result);
                used.Add(line.Made);
                if (space.TryReadMade(line.Made) is { } made)
                    foreach (var input in made.Inputs.Values) UseInput(input);
            }
        }
        return used;

        // A listing of a folder, or the result of a stage, or a file of a person that is not in the cache.
        void UseInput(Digest digest)
        {
            if (!space.Blobs.Has(digest)) return;
            used.Add(digest);
            try { used.UnionWith(space.Rows.Pages(digest).Select(page => page.Digest)); }
            catch (Exception error) when (error is DamagedCacheException or JsonException or InvalidDataException) { }
        }

        void Use(Digest digest)
        {
            if (!used.Add(digest) || space.TryRead(digest) is not { } result) return;
            used.Add(result.Rows);
            used.UnionWith(space.Rows.Pages(result.Rows).Select(page => page.Digest));
            foreach (var file in result.Files) used.Add(file.Digest);
            foreach (var row in space.Rows.Read(result.Rows))
                foreach (var file in row.Outputs) used.Add(file.Digest);
        }
    }

    /// <summary>Holds the locks of all other configurations of this folder; null if one of them is at work.</summary>
    private Locks? OthersAtRest()
    {
        var locks = new Locks();
        var state = Path.GetDirectoryName(space.State)!;
        foreach (var folder in space.Disk.List(state))
        {
            var path = Path.Combine(state, folder.Name, "lock");
            if (folder.Name == space.Name || space.Disk.Stat(path) is null) continue;
            if (FileLock.Try(path) is { } held) locks.Add(held);
            else
            {
                locks.Dispose();
                return null;
            }
        }
        return locks;
    }

    private sealed class Locks : List<FileStream>, IDisposable
    {
        public void Dispose() => ForEach(held => held.Dispose());
    }

    private static IEnumerable<Digest> Results(JsonNode? node)
    {
        foreach (var configuration in node?["configurations"] as JsonObject ?? [])
            foreach (var stage in configuration.Value?["stages"] as JsonObject ?? [])
                if (stage.Value?["result"]?.GetValue<string>() is { } text && Digest.TryParse(text, out var digest)) yield return digest;
    }
}
