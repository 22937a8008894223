using Microsoft.Win32.SafeHandles;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Tests;

/// <summary>Passes every operation on to another disk. Those that do something else with some of them derive from it.</summary>
internal abstract class PassingDisk(IDisk disk) : IDisk
{
    /// <summary>The disk below; called once for each operation.</summary>
    protected virtual IDisk Below => disk;

    public virtual FileStat? Stat(string path) => Below.Stat(path);
    public virtual FileStat? Stat(ReadOnlySpan<byte> path) => Below.Stat(path);
    public virtual IReadOnlyList<FolderEntry> List(string folder) => Below.List(folder);
    public virtual IEnumerable<FolderNames> ListNames(string folder) => Below.ListNames(folder);
    public virtual Stream OpenRead(string path) => Below.OpenRead(path);
    public virtual Digest DigestOf(string path, out FileStat after) => Below.DigestOf(path, out after);
    public virtual SafeFileHandle OpenRandom(string path) => Below.OpenRandom(path);
    public virtual Stream Create(string path) => Below.Create(path);
    public virtual Stream OpenAppend(string path) => Below.OpenAppend(path);
    public virtual void Flush(Stream file) => Below.Flush(file);
    public virtual void FlushAll(string folder) => Below.FlushAll(folder);
    public virtual void FlushFolder(string folder) => Below.FlushFolder(folder);
    public virtual void Rename(string from, string to) => Below.Rename(from, to);
    public virtual void Truncate(string path, long length) => Below.Truncate(path, length);
    public virtual void Delete(string path) => Below.Delete(path);
    public virtual void DeleteFolder(string path) => Below.DeleteFolder(path);
    public virtual void CreateFolder(string path) => Below.CreateFolder(path);
    public virtual void Link(string from, string to) => Below.Link(from, to);
    public virtual void MakeReadOnly(string path) => Below.MakeReadOnly(path);
    public virtual void SetModified(string path, long ns) => Below.SetModified(path, ns);
    public virtual long FreeSpace(string folder) => Below.FreeSpace(folder);
}

/// <summary>Waits for nothing: what matters to a test is what is written, and flushing is what takes the time.</summary>
internal sealed class HastyDisk(IDisk disk) : PassingDisk(disk)
{
    public override void Flush(Stream file) => file.Flush();
    public override void FlushAll(string folder) { }
    public override void FlushFolder(string folder) { }
}
