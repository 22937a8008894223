namespace VoxMake.Protocol;

/// <summary>How a tool knows that a host started it, and how long each waits for the other when a run is stopped (DESIGN 5).</summary>
public static class HostLink
{
    /// <summary>The variable by which the host says that it holds this process's standard input: when that ends, the host is gone.</summary>
    public const string Variable = "VOX_HOST";

    /// <summary>How long a tool that was asked to stop (SIGTERM, or the end of standard input) may go on before it is ended.</summary>
    /// <param name="keepsState">
    /// Such a tool ends its step and writes a checkpoint: on a slow machine a step takes half a minute, and weights with an optimizer's moments are some 2 GB.
    /// </param>
    public static TimeSpan Patience(bool keepsState) => keepsState ? TimeSpan.FromMinutes(3) : TimeSpan.FromSeconds(20);
}

/// <summary>A fault of the machine that no item and no tool is to blame for.</summary>
public static class FullDisk
{
    private const int NoSpace = 28, QuotaExceeded = 122; // ENOSPC, EDQUOT

    /// <summary>Whether the disk (or the quota on it) is full.</summary>
    public static bool Caused(Exception error) => error is IOException && (error.HResult & 0xFFFF) is NoSpace or QuotaExceeded;
}
