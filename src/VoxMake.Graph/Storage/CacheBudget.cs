using System.Text.Json;
using System.Text.Json.Nodes;
using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>
/// Keeps the cache within a size: removes the oldest blobs that are not in use. In use is what the present result of any configuration of this folder names, what a
/// vox.lock of theirs names, and what those results were made of. The caller holds the lock of its own configuration; while another one's run is at work nothing is removed, since what it
/// has just made is not named yet.
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
        var unused = new List<(string Path, FileStat Stat)>();
        long total = 0;
        foreach (var folder in space.Disk.List(space.Blobs.Root))
            foreach (var entry in space.Disk.List(Path.Combine(space.Blobs.Root, folder.Name)))
            {
                var path = Path.Combine(space.Blobs.Root, folder.Name, entry.Name);
                if (space.Disk.Stat(path) is not { IsFile: true } stat) continue;
                total += stat.Size;
                if (!Digest.TryParse(folder.Name + entry.Name, out var digest) || !used.Contains(digest)) unused.Add((path, stat));
            }
        long files = 0, bytes = 0;
        foreach (var (path, stat) in unused.OrderBy(blob => blob.Stat.ChangedNs))
        {
            if (total - bytes <= keepBytes) break;
            space.Disk.Delete(path);
            files++;
            bytes += stat.Size;
        }
        return new Freed(files, bytes, total - bytes);
    }

    private HashSet<Digest> InUse()
    {
        var used = new HashSet<Digest>();
        var state = Path.GetDirectoryName(space.State)!;
        foreach (var folder in space.Disk.List(state))
        {
            var runs = Path.Combine(state, folder.Name, "runs");
            if (space.Disk.ReadWhole(Path.Combine(state, folder.Name, "holder")) is { Length: > 0 } holder && JsonSerializer.Deserialize(holder, StorageJson.Default.Holder)?.LockFile is { } file && space.Disk.ReadWhole(file) is { } named)
                foreach (var result in Results(JsonNode.Parse(named))) Use(result);
            if (!folder.IsFolder || space.Disk.Stat(runs) is null) continue;
            foreach (var line in (folder.Name == space.Name ? space.Log : new RunLog(space.Disk, runs)).AllPresent)
            {
                Use(line.Result);
                used.Add(line.Made);
                if (space.TryReadMade(line.Made) is { } made) used.UnionWith(made.Inputs.Values);
            }
        }
        return used;

        void Use(Digest digest)
        {
            if (!used.Add(digest) || space.TryRead(digest) is not { } result) return;
            used.Add(result.Rows);
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
