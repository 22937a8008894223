using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>What a removal may take.</summary>
/// <param name="KeepBytes">It stops when no more than this is left; null: all that is unused goes.</param>
/// <param name="OlderThan">Only what was made or last shown longer ago goes; null: whatever its age.</param>
/// <param name="Leftovers">Whether logs and work folders of ended runs go too.</param>
public sealed record SweepLimits(long? KeepBytes = null, TimeSpan? OlderThan = null, bool Leftovers = true);

/// <summary>Files and bytes of one kind.</summary>
public readonly record struct Amount(string What, long Files, long Bytes);

/// <summary>What was removed, or would be, by kind; and what stays, by why.</summary>
public sealed record SweepReport(IReadOnlyList<Amount> Freed, IReadOnlyList<Amount> Kept);

/// <summary>
/// Removes from the cache what nothing names, oldest first: contents that are in no present result of any root that uses the cache and in no result that one of their vox.locks names;
/// of this root also state folders that no present result came of and that were not used last, logs, and work folders that killed runs left.
/// </summary>
public sealed class CacheBudget(Workspace space)
{
    private const string Contents = "contents", TrainingStates = "training states", Logs = "logs", Work = "unfinished work";

    /// <summary>What was removed, and what is left.</summary>
    public readonly record struct Freed(long Files, long Bytes, long KeptBytes);

    /// <summary>
    /// Removes unused contents and state folders, oldest first, until at most <paramref name="keepBytes"/> are left or all that is left is in use. Does nothing where it cannot be sure
    /// what is in use, or a run is at work.
    /// </summary>
    public Freed Sweep(long keepBytes)
    {
        try
        {
            using var hold = CacheHold.Take(space);
            var report = Sweep(new SweepLimits(keepBytes, Leftovers: false), dryRun: false);
            return new Freed(report.Freed.Sum(freed => freed.Files), report.Freed.Sum(freed => freed.Bytes), report.Kept.Sum(kept => kept.Bytes));
        }
        catch (VoxException) { return default; }
    }

    /// <summary>Removes within limits. The caller has a <see cref="CacheHold"/>, unless it is a dry run.</summary>
    /// <exception cref="VoxException">What is in use cannot be said.</exception>
    public SweepReport Sweep(SweepLimits limits, bool dryRun)
    {
        var live = new LiveBlobs(space);
        var kept = new Dictionary<string, Amount>();
        var unused = new List<Found>();
        foreach (var blob in FindBlobs())
            if (blob.Digest is { } digest && live.Of(digest) is var use and not BlobUse.None) Keep(Words(use), blob);
            else unused.Add(blob);
        var states = StatesInUse();
        foreach (var state in FindStates())
            if (states.Contains(state.Path)) Keep("states that a training goes on from", state);
            else unused.Add(state);
        if (limits.Leftovers) unused.AddRange(FindLeftovers());

        var left = kept.Values.Sum(amount => amount.Bytes) + unused.Sum(found => found.Bytes);
        var newest = limits.OlderThan is { } age ? (space.Clock.GetUtcNow() - age - DateTimeOffset.UnixEpoch).Ticks * 100 : long.MaxValue;
        unused.Sort(static (a, b) => a.ChangedNs.CompareTo(b.ChangedNs));
        var count = 0;
        for (; count < unused.Count && unused[count].ChangedNs < newest && (limits.KeepBytes is not { } most || left > most); count++) left -= unused[count].Bytes;
        var (victims, spared) = (unused[..count], unused[count..]);
        if (spared.Count > 0)
        {
            var lost = victims.Select(found => found.Digest).OfType<Digest>().ToHashSet();
            var lists = live.NoLongerWhole(lost.Contains);
            bool IsList(Found found) => found.Digest is { } digest && lists.Contains(digest);
            victims.InsertRange(0, spared.Where(IsList));
            spared.RemoveAll(IsList);
            foreach (var found in spared) Keep(found.ChangedNs < newest ? "unused, but there is room" : "unused, but not that old", found);
        }
        if (!dryRun)
            foreach (var found in victims) Remove(found);
        var freed = victims.GroupBy(found => found.Kind).Select(group => new Amount(group.Key, group.Sum(found => found.Files), group.Sum(found => found.Bytes)));
        return new SweepReport([.. freed], [.. kept.Values.OrderByDescending(amount => amount.Bytes)]);

        void Keep(string why, Found found)
        {
            var before = kept.GetValueOrDefault(why);
            kept[why] = new Amount(why, before.Files + found.Files, before.Bytes + found.Bytes);
        }
    }

    /// <summary>Something that could be removed.</summary>
    /// <param name="Digest">Of a content; else null.</param>
    private sealed record Found(string Kind, string Path, Digest? Digest, long Files, long Bytes, long ChangedNs, bool IsFolder = false);

    private static string Words(BlobUse use) => use switch
    {
        BlobUse.Lock => "named by a vox.lock",
        BlobUse.Present => "of present results",
        _ => "what --history tells of older results",
    };

    private void Remove(Found found)
    {
        if (found.IsFolder) space.Disk.DeleteFolder(found.Path);
        else space.Disk.Delete(found.Path);
    }

    private IEnumerable<Found> FindBlobs()
    {
        foreach (var folder in space.Disk.List(space.Blobs.Root))
            foreach (var entry in space.Disk.List(Path.Combine(space.Blobs.Root, folder.Name)))
                if (Measure(Contents, Path.Combine(space.Blobs.Root, folder.Name, entry.Name), isFolder: false) is { } found)
                    yield return Digest.TryParse(folder.Name + entry.Name, out var digest) ? found with { Digest = digest } : found;
    }

    /// <summary>State folders of this root's voices.</summary>
    private IEnumerable<Found> FindStates() =>
        Voices().SelectMany(state => new Lineages(space.Disk, Path.Combine(state, Workspace.LineagesFolder)).Folders).Select(path => Measure(TrainingStates, path, isFolder: true)!);

    private HashSet<string> StatesInUse()
    {
        var used = new HashSet<string>();
        foreach (var state in Voices())
            if (space.LogOf(state) is { } log)
                used.UnionWith(log.LineagesInUse.Select(use => new Lineages(space.Disk, Path.Combine(state, Workspace.LineagesFolder)).FolderOf(use.Stage, use.Lineage)));
        return used;
    }

    /// <summary>What ended runs of this root's voices have left, and killed ones of all roots that work in the cache.</summary>
    private IEnumerable<Found> FindLeftovers()
    {
        var shared = Path.Combine(space.Cache, Workspace.WorkFolder);
        foreach (var (kind, folder) in Voices().SelectMany(state => new[] { (Logs, Path.Combine(state, Workspace.LogsFolder)), (Work, Path.Combine(state, Workspace.WorkFolder)) })
            .Concat(space.Disk.List(shared).SelectMany(root => space.Disk.List(Path.Combine(shared, root.Name)).Select(voice => (Work, Path.Combine(shared, root.Name, voice.Name))))))
            foreach (var entry in space.Disk.List(folder))
                if (Measure(kind, Path.Combine(folder, entry.Name), entry.IsFolder && !entry.IsLink) is { } found) yield return found;
    }

    private IEnumerable<string> Voices() => space.Roots.StatesOf(space.Root);

    /// <summary>A file, or a folder with all in it; null where no file stands.</summary>
    private Found? Measure(string kind, string path, bool isFolder)
    {
        if (!isFolder) return space.Disk.Stat(path) is { IsFile: true } stat ? new Found(kind, path, null, 1, stat.Size, stat.ChangedNs) : null;
        var whole = new Found(kind, path, null, 0, 0, space.Disk.Stat(path)?.ChangedNs ?? 0, IsFolder: true);
        foreach (var entry in space.Disk.List(path))
            if (Measure(kind, Path.Combine(path, entry.Name), entry.IsFolder && !entry.IsLink) is { } inner)
                whole = whole with { Files = whole.Files + inner.Files, Bytes = whole.Bytes + inner.Bytes, ChangedNs = Math.Max(whole.ChangedNs, inner.ChangedNs) };
        return whole;
    }
}
