using VoxMake.Torch.Weights;

namespace VoxMake.Training;

/// <summary>
/// The checkpoints of a run, in one folder. A checkpoint is written under a temporary name, flushed, sealed with a manifest and renamed: whatever moment the process is killed at, what has a
/// checkpoint's name is whole. What is not whole all the same (a disk, a person) is set aside with a warning and never used.
/// </summary>
/// <param name="folder">Where they lie; made when it is not there.</param>
/// <param name="warn">Told what was set aside.</param>
public sealed class CheckpointStore(string folder, Action<string> warn)
{
    private const string TemporaryEnding = ".unfinished";
    private const int Kept = 2;

    /// <summary>Writes a checkpoint; one of that step that is there already is replaced.</summary>
    /// <param name="write">Writes files into the folder that it is given.</param>
    public void Save(long step, Action<string> write)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, CheckpointFolder.NameOf(step));
        var temporary = path + TemporaryEnding;
        if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        try
        {
            Directory.CreateDirectory(temporary);
            write(temporary);
            CheckpointFolder.Seal(temporary, step);
            WholeFile.FlushFolder(temporary);
            Remove(path);
            Directory.Move(temporary, path);
            WholeFile.FlushFolder(folder);
        }
        catch
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    /// <summary>The newest whole checkpoint that is not beyond <paramref name="mostStep"/>; null where there is none. What is not whole is set aside.</summary>
    public CheckpointFolder? Newest(long mostStep = long.MaxValue)
    {
        foreach (var step in Steps().Where(step => step <= mostStep).OrderDescending())
            if (At(step) is { } whole) return whole;
        return null;
    }

    /// <summary>The checkpoint of a step, if it is there and whole; else it is set aside.</summary>
    public CheckpointFolder? At(long step)
    {
        var path = Path.Combine(folder, CheckpointFolder.NameOf(step));
        if (!Directory.Exists(path)) return null;
        if (CheckpointFolder.TryOpen(path, out var fault) is { } whole) return whole;
        var aside = SetAside(path);
        warn($"checkpoint_damaged: {CheckpointFolder.NameOf(step)} is not used: {fault}; it is set aside as {Path.GetFileName(aside)}");
        return null;
    }

    /// <summary>
    /// Removes what is not needed: of the checkpoints up to <paramref name="step"/> the newest two stay, and every best one that a kept checkpoint tells of. Those beyond are a longer run's and
    /// stay. Leftovers of killed writes go.
    /// </summary>
    /// <param name="bestOf">The best step that the checkpoint in a folder tells of, if it does.</param>
    public void Prune(long step, Func<string, long?> bestOf)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var unfinished in Directory.EnumerateDirectories(folder, "*" + TemporaryEnding)) Directory.Delete(unfinished, recursive: true);
        var steps = Steps().ToList();
        var kept = steps.Where(other => other > step).Concat(steps.Where(other => other <= step).OrderDescending().Take(Kept)).ToHashSet();
        foreach (var best in kept.ToList().Select(other => bestOf(Path.Combine(folder, CheckpointFolder.NameOf(other)))).OfType<long>()) kept.Add(best);
        foreach (var gone in steps.Where(other => !kept.Contains(other))) Remove(Path.Combine(folder, CheckpointFolder.NameOf(gone)));
    }

    /// <summary>Renamed first: a folder that is half deleted must not have a checkpoint's name, or the next start would call it damaged.</summary>
    private static void Remove(string path)
    {
        if (!Directory.Exists(path)) return;
        var going = path + ".removed" + TemporaryEnding;
        if (Directory.Exists(going)) Directory.Delete(going, recursive: true);
        Directory.Move(path, going);
        Directory.Delete(going, recursive: true);
    }

    /// <summary>Steps of all folders that have a checkpoint's name.</summary>
    private IEnumerable<long> Steps() => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Select(CheckpointFolder.StepOf).OfType<long>() : [];

    private static string SetAside(string path)
    {
        for (var n = 1; ; n++)
        {
            var aside = $"{Path.GetDirectoryName(path)}/damaged-{n}-{Path.GetFileName(path)}";
            if (Directory.Exists(aside)) continue;
            Directory.Move(path, aside);
            return aside;
        }
    }
}
