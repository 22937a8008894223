namespace VoxMake.Graph.Storage;

/// <summary>Who holds an output, as written beside the lock for others to read.</summary>
public sealed record Holder(int Pid, string Host, DateTimeOffset Since, string Boot, string Command);
