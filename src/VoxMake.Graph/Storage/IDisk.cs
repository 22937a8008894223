using Microsoft.Win32.SafeHandles;
using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>
/// Every disk operation of the graph goes through here, so that a test can make the N-th one fail (DESIGN 4, users.md 3.1). Paths are absolute.
/// Faults are <see cref="IOException"/>s.
/// </summary>
public interface IDisk
{
    /// <summary>What stands at a path (links followed), or null if nothing does.</summary>
    FileStat? Stat(string path);

    /// <summary>The same for a path in UTF-8: who asks about a million files makes no string of each.</summary>
    FileStat? Stat(ReadOnlySpan<byte> path);

    /// <summary>The names in a folder, in no order; empty if there is no such folder.</summary>
    IReadOnlyList<FolderEntry> List(string folder);

    /// <summary>The same for folders that may hold millions: some hundreds of names at a time, as the file system has them.</summary>
    IEnumerable<FolderNames> ListNames(string folder);

    /// <summary>Opens a file for reading from its start.</summary>
    Stream OpenRead(string path);

    /// <summary>The digest of a file's content.</summary>
    /// <param name="after">What the kernel says of the file that was read, once it was.</param>
    Digest DigestOf(string path, out FileStat after);

    /// <summary>Opens a file for reading at any place, by several threads at once. What it holds stays readable after the file was replaced or removed.</summary>
    SafeFileHandle OpenRandom(string path);

    /// <summary>Makes a new file; what was there is gone.</summary>
    Stream Create(string path);

    /// <summary>Opens a file for writing at its end; makes it if need be. Others can read it meanwhile.</summary>
    Stream OpenAppend(string path);

    /// <summary>Waits until a file's content is on the disk itself.</summary>
    void Flush(Stream file);

    /// <summary>Waits until everything written to the file system that holds a folder is on the disk itself: one call for many files.</summary>
    void FlushAll(string folder);

    /// <summary>Waits until a folder's names are on the disk itself.</summary>
    void FlushFolder(string folder);

    /// <summary>Gives a file another name, in one step, in place of what stands there.</summary>
    void Rename(string from, string to);

    /// <summary>Cuts a file.</summary>
    void Truncate(string path, long length);

    /// <summary>Removes a file, if it is there.</summary>
    void Delete(string path);

    /// <summary>Removes a folder and all in it, if it is there.</summary>
    void DeleteFolder(string path);

    /// <summary>Makes a folder and those above it.</summary>
    void CreateFolder(string path);

    /// <summary>Shows a file under a second name without copying where the file system can: reflink, else hard link, else copy.</summary>
    void Link(string from, string to);

    /// <summary>Takes away the right to write.</summary>
    void MakeReadOnly(string path);

    /// <summary>Sets the mtime of a file or folder, nanoseconds since 1970, as exactly as the file system can.</summary>
    void SetModified(string path, long ns);

    /// <summary>Bytes that an ordinary user can still write to the file system of a folder.</summary>
    long FreeSpace(string folder);
}

/// <summary>What the kernel knows of a file without reading it: enough to notice nearly every change (git's index holds the same).</summary>
/// <param name="Size">Bytes.</param>
/// <param name="ModifiedNs">mtime, nanoseconds since 1970.</param>
/// <param name="ChangedNs">ctime, which nobody can set back.</param>
/// <param name="Inode">The file's number.</param>
/// <param name="Device">The file system's number.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
/// <param name="IsFile">Whether it is a regular file.</param>
public readonly record struct FileStat(long Size, long ModifiedNs, long ChangedNs, ulong Inode, ulong Device, bool IsFolder, bool IsFile);

/// <summary>A name in a folder. A class: lists of structs of our own are compiled anew at every start, and folders are listed at every start.</summary>
public sealed record FolderEntry(string Name, bool IsFolder, bool IsLink);

/// <summary>What a folder says of a name without being asked about the file.</summary>
public enum NameKind : byte
{
    /// <summary>A link, a pipe, or the file system does not say.</summary>
    Other,
    File,
    Folder,
}

/// <summary>Some of the names in a folder, in one array: for each its kind, its length (two bytes) and its bytes, which are UTF-8 if whoever gave the name cared.</summary>
public sealed class FolderNames(byte[] packed)
{
    /// <summary>Bytes of the longest name: file systems that count in UTF-16 allow 255 of its units.</summary>
    public const int LongestName = 3 * 255;

    private const int NameHead = 3; // bytes that come before each name

    /// <summary>The name at <paramref name="at"/>, which moves to the next; false behind the last.</summary>
    public bool Next(ref int at, out NameKind kind, out ReadOnlySpan<byte> name)
    {
        if (at == packed.Length)
        {
            kind = default;
            name = default;
            return false;
        }
        kind = (NameKind)packed[at];
        name = packed.AsSpan(at + NameHead, packed[at + 1] | (packed[at + 2] << 8));
        at += NameHead + name.Length;
        return true;
    }

    /// <summary>Adds a name to an array that holds <paramref name="length"/> bytes of them, and says how many it holds then.</summary>
    public static int Pack(Span<byte> packed, int length, NameKind kind, ReadOnlySpan<byte> name)
    {
        (packed[length], packed[length + 1], packed[length + 2]) = ((byte)kind, (byte)name.Length, (byte)(name.Length >> 8));
        name.CopyTo(packed[(length + NameHead)..]);
        return length + NameHead + name.Length;
    }
}

/// <summary>Ways of writing that keep a file whole whatever happens.</summary>
public static class WholeFiles
{
    /// <summary>Writes a file so that after a crash it is there whole or as it was before: temporary name, flush, rename, flush of the folder.</summary>
    public static void WriteWhole(this IDisk disk, string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".tmp";
        using (var file = disk.Create(temporary))
        {
            file.Write(content);
            disk.Flush(file);
        }
        disk.Rename(temporary, path);
        disk.FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>The same for what does not fit into memory. Where the disk fails, nothing of it is left.</summary>
    public static void WriteWhole(this IDisk disk, string path, Action<Stream> content)
    {
        var temporary = path + ".tmp";
        try
        {
            using (var file = disk.Create(temporary))
            {
                content(file);
                disk.Flush(file);
            }
            disk.Rename(temporary, path);
        }
        catch
        {
            try { disk.Delete(temporary); }
            catch (IOException) { } // the first fault says more
            throw;
        }
        disk.FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>All of a file, or null if it is not there.</summary>
    public static byte[]? ReadWhole(this IDisk disk, string path)
    {
        if (disk.Stat(path) is not { IsFile: true } stat) return null;
        using var file = disk.OpenRead(path);
        var content = GC.AllocateUninitializedArray<byte>(checked((int)stat.Size));
        var length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return length == content.Length ? content : content[..length];
    }
}
