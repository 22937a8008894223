using System.Text.Json;

namespace VoxMake.Graph.Storage;

/// <summary>Who holds an output, as written beside the lock for others to read.</summary>
/// <param name="LockFile">The vox.lock beside its configuration: which configuration of this name it is, and what it keeps in the cache.</param>
public sealed record Holder(int Pid, string Host, DateTimeOffset Since, string Boot, string Command, string LockFile)
{
    /// <summary>Where it is written.</summary>
    internal static string PathIn(string state) => Path.Combine(state, "holder");

    /// <summary>Who last held an output; null if nobody is known.</summary>
    /// <param name="state">Its <c>.vox/&lt;config&gt;</c>.</param>
    internal static Holder? Read(IDisk disk, string state)
    {
        try { return disk.ReadWhole(PathIn(state)) is { Length: > 0 } bytes ? JsonSerializer.Deserialize(bytes, StorageJson.Default.Holder) : null; }
        catch (JsonException) { return null; }
    }

    /// <summary>The same in words.</summary>
    internal static string Describe(IDisk disk, string state) =>
        Read(disk, state) is { } holder ? $"process {holder.Pid} on {holder.Host}, since {holder.Since.ToLocalTime():yyyy-MM-dd HH:mm:ss} ({holder.Command})" : "it has only just begun";
}
