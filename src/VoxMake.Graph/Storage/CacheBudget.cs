using System.Text.Json;
using System.Text.Json.Nodes;
using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>
/// Keeps the cache within a size: removes the oldest blobs that are not in use. In use is what the present result of any configuration of this folder names, what a
/// vox.lock names, and what those results were made of. The caller holds the run's lock.
/// </summary>
public sealed class CacheBudget(Workspace space)
{
    /// <summary>What was removed, and what is left.</summary>
    public readonly record struct Freed(long Files, long Bytes, long KeptBytes);

    /// <summary>Removes blobs that are not in use, oldest first, until at most <paramref name="keepBytes"/> are left or all that is left is in use.</summary>
    public Freed Sweep(long keepBytes, IReadOnlyList<string> lockFiles)
    {
        var used = InUse(lockFiles);
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

    private HashSet<Digest> InUse(IReadOnlyList<string> lockFiles)
    {
        var used = new HashSet<Digest>();
        var state = Path.GetDirectoryName(space.State)!;
        foreach (var folder in space.Disk.List(state))
        {
            var runs = Path.Combine(state, folder.Name, "runs");
            if (!folder.IsFolder || space.Disk.Stat(runs) is null) continue;
            foreach (var line in (folder.Name == space.Name ? space.Log : new RunLog(space.Disk, runs)).Present)
            {
                Use(line.Result);
                used.Add(line.Made);
                if (space.TryReadMade(line.Made) is { } made) used.UnionWith(made.Inputs.Values);
            }
        }
        foreach (var file in lockFiles)
            if (space.Disk.ReadWhole(file) is { } bytes)
                foreach (var result in Results(JsonNode.Parse(bytes))) Use(result);
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

    private static IEnumerable<Digest> Results(JsonNode? node)
    {
        foreach (var configuration in node?["configurations"] as JsonObject ?? [])
            foreach (var stage in configuration.Value?["stages"] as JsonObject ?? [])
                if (stage.Value?["result"]?.GetValue<string>() is { } text && Digest.TryParse(text, out var digest)) yield return digest;
    }
}
