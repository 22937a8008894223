using System.Text.Json;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>Writes the orders of a run, each in a work folder of its own, and words what went wrong with them.</summary>
internal sealed class Orders(Workspace space, RunOptions options)
{
    private int _count;

    /// <summary>An order for these items, and how its tool is started.</summary>
    /// <exception cref="DamagedCacheException">The cache has lost a file that an item needs.</exception>
    public ToolStart Write(StagePlan plan, IEnumerable<JoinedItem> items, JsonElement? memory, Share share)
    {
        var stage = plan.Stage;
        var name = $"{options.Id}-{stage.Name}-{++_count}";
        var state = plan.Lineage is { } lineage ? space.Lineages.FolderOf(stage.Name, lineage) : null;
        var order = new OrderWriter(space).Write(plan, items, memory, state, share, Path.Combine(space.Work, name));
        return new ToolStart(plan.Tool, stage.Verb, order, Path.Combine(space.Logs, name + ".log"), HostLink.Patience(stage.KeepsState),
            stage.Gpus > 0 && share.Devices.Count == 0 ? null : share.Devices,
            mark => space.Log.Add(new ChildLine(options.Id, space.Clock.GetUtcNow(), stage.Name, plan.Tool.Name, mark.Pid, mark.StartTicks, mark.Boot, stage.KeepsState)),
            mark => space.Log.Add(new ChildEndLine(mark.Pid)));
    }

    /// <summary>The folder of an order, with all that its tool wrote.</summary>
    public static string FolderOf(ToolStart start) => Path.GetDirectoryName(start.OrderFile)!;

    /// <summary>A failure of a stage.</summary>
    /// <param name="start">The start that it comes of; null where none does.</param>
    public StageFailure Failure(string what, IReadOnlyList<string> messages, ToolStart? start, string? attempt, int code) =>
        new(what, messages, start?.LogFile, start?.ByHand, attempt, options.Resume, code == ExitCode.BadInput ? ExitCode.BadInput : ExitCode.Failed);

    /// <summary>A tool that names a content of the cache as the file at fault is believed when that is so.</summary>
    /// <exception cref="DamagedCacheException">It is.</exception>
    public void ThrowIfDamaged(ErrorEvent? error)
    {
        if (error?.File is { } file && space.Blobs.IfDamaged(file) is { } digest) throw new DamagedCacheException(digest);
    }

    /// <summary>An item that failed may have done so for what the cache gave it.</summary>
    /// <exception cref="DamagedCacheException">It is so.</exception>
    public void ThrowIfDamaged(JoinedItem item)
    {
        foreach (var input in item.Inputs)
            if (input.Source is null && space.Blobs.IfDamaged(space.Blobs.PathOf(input.Digest)) is { } digest) throw new DamagedCacheException(digest);
    }

    /// <summary>What a tool said before it ended, or else how it ended.</summary>
    public static string TextOf(ErrorEvent? error, string otherwise)
    {
        if (error is null) return otherwise;
        var where = string.Join(", ", new[] { error.File, error.Field }.Where(part => part is not null));
        return where == "" ? error.Message : $"{where}: {error.Message}";
    }

    /// <summary>A person's file that is no longer what its digest says, or null.</summary>
    public string? ChangedSource(JoinedItem item)
    {
        foreach (var input in item.Inputs)
            if (input.Source is not null && !space.Trees.IsAsSeen(space.Locate(input), input.Digest)) return space.Locate(input);
        return null;
    }

    /// <summary>The same of a file that belongs to no item.</summary>
    public string? ChangedSource(PlannedFile file) =>
        file.Path.StartsWith(space.Blobs.Root + "/", StringComparison.Ordinal) || space.Trees.IsAsSeen(file.Path, file.Digest)
        || (space.Disk.Stat(file.Path) is not null && space.Seen.Look(file.Path).Digest == file.Digest) ? null : file.Path;
}
