using Microsoft.Win32.SafeHandles;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Tests;

/// <summary>A disk whose N-th operation fails, once or from then on (SQLite's way of testing).</summary>
internal sealed class FaultyDisk(IDisk disk) : IDisk
{
    /// <summary>The operation that fails, counted from 1; 0: none.</summary>
    public int FailAt { get; set; }

    /// <summary>Whether every later one fails too.</summary>
    public bool Lasting { get; set; }

    /// <summary>How seldom its clock ticks, nanoseconds.</summary>
    public long TickNs { get; set; } = 1;

    /// <summary>Operations so far.</summary>
    public int Count { get; private set; }

    /// <summary>Files that were read for their digests.</summary>
    public List<string> Read { get; } = [];

    /// <summary>The name of a file that cannot be read, or null.</summary>
    public string? FailsToRead { get; set; }

    public void Start(int failAt, bool lasting) => (FailAt, Lasting, Count) = (failAt, lasting, 0);

    private IDisk Next()
    {
        lock (this)
        {
            Count++;
            return FailAt > 0 && (Count == FailAt || (Lasting && Count > FailAt)) ? throw new IOException("the disk fails", 5) : disk;
        }
    }

    public FileStat? Stat(ReadOnlySpan<byte> path) => Next().Stat(path);
    public IEnumerable<FolderNames> ListNames(string folder) => Next().ListNames(folder);
    /// <summary>What stands at a path, its times as a disk with this tick has them.</summary>
    public FileStat? Stat(string path) => Next().Stat(path) is { } stat ? stat with { ModifiedNs = stat.ModifiedNs / TickNs * TickNs, ChangedNs = stat.ChangedNs / TickNs * TickNs } : null;

    public IReadOnlyList<FolderEntry> List(string folder) => Next().List(folder);
    public Stream OpenRead(string path) => Next().OpenRead(path);

    public Digest DigestOf(string path)
    {
        lock (Read) Read.Add(path);
        return Path.GetFileName(path) == FailsToRead ? throw new IOException("the disk fails", 5) : Next().DigestOf(path);
    }

    public SafeFileHandle OpenRandom(string path) => Next().OpenRandom(path);
    public Stream Create(string path) => Next().Create(path);
    public Stream OpenAppend(string path) => Next().OpenAppend(path);
    public void Flush(Stream file) => Next().Flush(file);
    public void FlushAll(string folder) => Next().FlushAll(folder);
    public void FlushFolder(string folder) => Next().FlushFolder(folder);
    public void Rename(string from, string to) => Next().Rename(from, to);
    public void Truncate(string path, long length) => Next().Truncate(path, length);
    public void Delete(string path) => Next().Delete(path);
    public void DeleteFolder(string path) => Next().DeleteFolder(path);
    public void CreateFolder(string path) => Next().CreateFolder(path);
    public void Link(string from, string to) => Next().Link(from, to);
    public void MakeReadOnly(string path) => Next().MakeReadOnly(path);
    public void SetModified(string path, long ns) => Next().SetModified(path, ns);
    public long FreeSpace(string folder) => Next().FreeSpace(folder);
}
