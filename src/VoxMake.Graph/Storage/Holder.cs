namespace VoxMake.Graph.Storage;

/// <summary>Who holds an output, as written beside the lock for others to read.</summary>
/// <param name="LockFile">The vox.lock beside its configuration: which configuration of this name it is, and what it keeps in the cache.</param>
public sealed record Holder(int Pid, string Host, DateTimeOffset Since, string Boot, string Command, string LockFile);
