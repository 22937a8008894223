using System.Runtime.InteropServices;

namespace VoxMake.Torch.Weights;

/// <summary>Writes a file that is there whole or not at all, also after a power cut: under another name, to the disk, renamed, and the folder to the disk.</summary>
public static partial class WholeFile
{
    /// <summary>Writes; where it fails, an older file of that name stays as it was and nothing is left behind.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var temporary = Path.Combine(folder, $".{Path.GetRandomFileName()}.tmp");
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
            FlushFolder(folder);
        }
        catch (Exception error)
        {
            if (File.Exists(temporary)) File.Delete(temporary);
            if (error is IOException or UnauthorizedAccessException) throw new WeightsException(path, null, $"cannot be written: {error.Message}", error);
            throw;
        }
    }

    /// <summary>Makes sure that names in a folder (files made, renamed, removed) are on the disk.</summary>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = open(folder, 0);
        if (handle < 0) throw new IOException($"{folder}: {Marshal.GetLastPInvokeErrorMessage()}");
        var failed = fsync(handle) != 0;
        var message = Marshal.GetLastPInvokeErrorMessage();
        close(handle);
        if (failed) throw new IOException($"{folder}: {message}");
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int handle);

    [LibraryImport("libc")]
    private static partial int close(int handle);
}
