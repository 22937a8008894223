namespace VoxMake.Graph.Storage;

/// <summary>A lock that the kernel lets go of when its holder dies, however it dies (flock).</summary>
internal static class FileLock
{
    /// <summary>Waits for the lock.</summary>
    public static FileStream Wait(string path)
    {
        for (var pause = 1; ; pause = Math.Min(pause * 2, 100))
        {
            if (Try(path) is { } held) return held;
            Thread.Sleep(pause);
        }
    }

    /// <summary>The lock, or null if another process has it.</summary>
    public static FileStream? Try(string path)
    {
        try { return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1); }
        catch (IOException error) when ((error.HResult & 0xFFFF) == 11) { return null; } // EWOULDBLOCK: flock is held
    }
}
