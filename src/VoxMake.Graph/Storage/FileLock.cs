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
    public static FileStream? Try(string path) => Open(path, FileAccess.ReadWrite, FileShare.None);

    /// <summary>The lock together with others who ask for it so, or null if a process has it for itself.</summary>
    public static FileStream? TryShared(string path) => Open(path, FileAccess.Read, FileShare.Read);

    private static FileStream? Open(string path, FileAccess access, FileShare share)
    {
        try { return new FileStream(path, FileMode.OpenOrCreate, access, share, 1); }
        catch (IOException error) when ((error.HResult & 0xFFFF) == 11) { return null; } // EWOULDBLOCK: flock is held
    }
}
