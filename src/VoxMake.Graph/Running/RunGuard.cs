using System.Text.Json;
using VoxMake.Graph.Storage;

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
    public static RunGuard Take(Workspace space, TimeProvider clock, string command, Action<ChildLine> found)
    {
        var path = Path.Combine(space.State, "lock");
        var held = FileLock.Try(path) ?? throw new VoxException($"another run works on {space.Out}: {Describe(space)}")
        {
            Try = "wait until it has ended, or stop it; nothing was done",
            ExitCode = Protocol.ExitCode.Failed,
        };
        try
        {
            var holder = new Holder(Environment.ProcessId, Environment.MachineName, clock.GetUtcNow(), ProcessMark.ThisBoot, command);
            space.Disk.WriteWhole(HolderPath(space), JsonSerializer.SerializeToUtf8Bytes(holder, StorageJson.Default.Holder));
            foreach (var child in space.Log.OpenChildren.ToList())
            {
                var mark = new ProcessMark(child.Pid, child.StartTicks, child.Boot);
                if (mark.Runs)
                {
                    found(child);
                    mark.Stop(ProcessExecutor.Patience);
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
        try
        {
            var bytes = space.Disk.ReadWhole(HolderPath(space));
            if (bytes is { Length: > 0 } && JsonSerializer.Deserialize(bytes, StorageJson.Default.Holder) is { } holder)
                return $"process {holder.Pid} on {holder.Host}, since {holder.Since.ToLocalTime():yyyy-MM-dd HH:mm:ss} ({holder.Command})";
        }
        catch (Exception error) when (error is IOException or JsonException) { }
        return "it has only just begun";
    }

    public void Dispose() => _lock.Dispose();
}
