using System.Text.Json;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>
/// Makes sure that one run at a time works on an output, and that nothing of a killed run still does. The lock is the kernel's (flock), so it ends with its holder and
/// never outlives a reboot; a second file beside it only says who it is.
/// </summary>
public sealed class RunGuard : IDisposable
{
    private readonly FileStream _lock;

    private RunGuard(FileStream held) => _lock = held;

    /// <summary>Takes the lock, then stops orphans of earlier runs.</summary>
    /// <param name="found">Told each orphan before it is stopped.</param>
    /// <exception cref="VoxException">Another run holds it: the message says which.</exception>
    public static RunGuard Take(Workspace space, TimeProvider clock, string command, string lockFile, Action<ChildLine> found)
    {
        var path = Path.Combine(space.State, "lock");
        var held = FileLock.Try(path) ?? throw new VoxException($"another run works on {space.Out}: {Describe(space)}")
        {
            Try = "wait until it has ended, or stop it; nothing was done",
            ExitCode = Protocol.ExitCode.Failed,
        };
        try
        {
            if (Last(space) is { LockFile: not null } before && before.LockFile != lockFile && File.Exists(Path.Combine(Path.GetDirectoryName(before.LockFile)!, space.Name + ".yaml")))
                throw new VoxException($"{space.Out} is that of another configuration called {space.Name}, in {Path.GetDirectoryName(before.LockFile)}") { Try = "rename one of the two files, or work in another folder" };
            var holder = new Holder(Environment.ProcessId, Environment.MachineName, clock.GetUtcNow(), ProcessMark.ThisBoot, command, lockFile);
            space.Disk.WriteWhole(HolderPath(space), JsonSerializer.SerializeToUtf8Bytes(holder, StorageJson.Default.Holder));
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
            return new RunGuard(held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static string HolderPath(Workspace space) => Path.Combine(space.State, "holder");

    private static string Describe(Workspace space)
    {
        return Last(space) is { } holder ? $"process {holder.Pid} on {holder.Host}, since {holder.Since.ToLocalTime():yyyy-MM-dd HH:mm:ss} ({holder.Command})" : "it has only just begun";
    }

    /// <summary>Who last held an output.</summary>
    private static Holder? Last(Workspace space)
    {
        try { return space.Disk.ReadWhole(HolderPath(space)) is { Length: > 0 } bytes ? JsonSerializer.Deserialize(bytes, StorageJson.Default.Holder) : null; }
        catch (JsonException) { return null; }
    }

    public void Dispose() => _lock.Dispose();
}
