using System.Text.Json;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>
/// Makes sure that one run at a time works on an output, that nothing of a killed run still does, and that nobody removes from the cache meanwhile. The lock is the kernel's (flock), so it ends with its holder and
/// never outlives a reboot; a second file beside it only says who it is.
/// </summary>
public sealed class RunGuard : IDisposable
{
    private readonly IDisposable _lock, _cache;

    private RunGuard(IDisposable held, IDisposable cache) => (_lock, _cache) = (held, cache);

    /// <summary>Takes the lock, then stops orphans of earlier runs.</summary>
    /// <param name="found">Told each orphan before it is stopped.</param>
    /// <exception cref="VoxException">Another run holds it: the message says which.</exception>
    public static RunGuard Take(Workspace space, TimeProvider clock, string command, string lockFile, Action<ChildLine> found)
    {
        var path = Path.Combine(space.State, "lock");
        var held = FileLock.Try(path) ?? throw new VoxException($"another run works on {space.Out}: {Holder.Describe(space.Disk, space.State)}")
        {
            Try = "wait until it has ended, or stop it; nothing was done",
            ExitCode = Protocol.ExitCode.Failed,
        };
        IDisposable? cache = null;
        try
        {
            cache = CacheHold.Join(space);
            if (Holder.Read(space.Disk, space.State) is { LockFile: not null } before && before.LockFile != lockFile && File.Exists(Path.Combine(Path.GetDirectoryName(before.LockFile)!, space.Name + ".yaml")))
                throw new VoxException($"{space.Out} is that of another configuration called {space.Name}, in {Path.GetDirectoryName(before.LockFile)}") { Try = "rename one of the two files, or work in another folder" };
            var holder = new Holder(Environment.ProcessId, Environment.MachineName, clock.GetUtcNow(), ProcessMark.ThisBoot, command, lockFile);
            space.Disk.WriteWhole(Holder.PathIn(space.State), JsonSerializer.SerializeToUtf8Bytes(holder, StorageJson.Default.Holder));
            foreach (var child in space.Log.OpenChildren.ToList())
            {
                var mark = new ProcessMark(child.Pid, child.StartTicks, child.Boot);
                if (mark.Runs)
                {
                    found(child);
                    mark.Stop(HostLink.Patience(child.KeepsState));
                }
                space.Log.Add(new ChildEndLine(child.Pid));
            }
            return new RunGuard(held, cache);
        }
        catch
        {
            cache?.Dispose();
            held.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _cache.Dispose();
        _lock.Dispose();
    }
}
