using VoxMake.Graph.Running;

namespace VoxMake.Graph.Storage;

/// <summary>
/// Keeps all runs out of a cache while something is removed from it: what a run has just made is not named anywhere yet. Runs hold the cache's lock together (<see cref="Join"/>), who
/// removes holds it alone.
/// </summary>
public sealed class CacheHold : IDisposable
{
    private readonly FileStream _held;

    private CacheHold(FileStream held) => _held = held;

    /// <summary>A run's part of the lock, until it is disposed of. Waits for half a minute while something is removed.</summary>
    /// <exception cref="VoxException">Something is still being removed.</exception>
    public static IDisposable Join(Workspace space)
    {
        space.Disk.CreateFolder(space.Cache);
        for (var pause = 1; pause < 30_000; pause *= 2)
        {
            if (FileLock.TryShared(PathOf(space)) is { } held) return held;
            Thread.Sleep(pause);
        }
        throw new VoxException($"{space.Cache}: results are being removed from the cache (--gc, Clean)")
        {
            Try = "run again when that has ended; nothing was done",
            ExitCode = Protocol.ExitCode.Failed,
        };
    }

    /// <summary>The cache for oneself.</summary>
    /// <exception cref="VoxException">A run is at work, or it cannot be told whether one is: the message says where.</exception>
    public static CacheHold Take(Workspace space)
    {
        space.Disk.CreateFolder(space.Cache);
        var held = FileLock.Try(PathOf(space));
        try
        {
            var works = WhoWorks(space) ?? (held is null ? "a run is at work" : null);
            if (works is not null) throw new VoxException($"{space.Cache}: nothing was removed, since {works}") { Try = "try again when it has ended", ExitCode = Protocol.ExitCode.Failed };
            return new CacheHold(held!);
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    /// <summary>Who uses the cache right now, in words; null if nobody does. It changes nothing.</summary>
    /// <exception cref="VoxException">A folder that uses the cache cannot be read.</exception>
    public static string? WhoWorks(Workspace space)
    {
        foreach (var root in space.Roots.All().Append(space.Root).Distinct())
            foreach (var state in StatesOf(space, root))
            {
                var path = Path.Combine(state, "lock");
                if (space.Disk.Stat(path) is null) continue;
                using var free = FileLock.Try(path);
                if (free is null) return $"a run works on {Path.GetFileName(state)} in {root}: {Holder.Describe(space.Disk, state)}";
                if (space.LogOf(state)?.OpenChildren.FirstOrDefault(child => new ProcessMark(child.Pid, child.StartTicks, child.Boot).Runs) is { } orphan)
                    return $"process {orphan.Pid} ({orphan.Tool} for {orphan.Stage}) is left over from a run of {Path.GetFileName(state)} in {root} that was killed";
            }
        return null;
    }

    /// <summary>A root's state folders. One that is gone has none.</summary>
    /// <exception cref="VoxException">It cannot be read.</exception>
    internal static IReadOnlyList<string> StatesOf(Workspace space, string root)
    {
        try { return [.. space.Roots.StatesOf(root)]; }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new VoxException($"{root}: it uses the cache, and cannot be read ({error.Message})") { Try = $"make it readable; if it is gone for good: --gc --forget={root}" };
        }
    }

    private static string PathOf(Workspace space) => Path.Combine(space.Cache, "lock");

    public void Dispose() => _held.Dispose();
}
