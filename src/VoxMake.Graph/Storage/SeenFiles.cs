using System.Buffers.Binary;
using System.Text;
using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>
/// Digests of files outside the cache, remembered by path, size, mtime, ctime and inode, so that a file is read again only if one of them has moved. As in git's index an entry
/// is "racy" when the file had changed only just before it was read: a second change within one tick of the clock could leave all of these as they are, so it is
/// read again next time.
/// </summary>
public sealed class SeenFiles
{
    /// <summary>The coarsest clock tick of the file systems that people use (FAT, HFS+, some network mounts).</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);

    private static readonly byte[] Head = "voxmake seen 1\n"u8.ToArray();
    private readonly IDisk _disk;
    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly HashSet<string> _looked = [];
    private bool _changed;

    private sealed record Entry(FileStat Stat, Digest Digest, bool Racy);

    public SeenFiles(IDisk disk, string path, TimeProvider clock)
    {
        (_disk, _path, _clock) = (disk, path, clock);
        Load();
    }

    /// <summary>The digest of a file that is known not to have changed since it was read, or null.</summary>
    public Digest? Find(string path, in FileStat stat)
    {
        lock (_entries)
        {
            if (!_entries.TryGetValue(path, out var entry) || entry.Racy || entry.Stat != stat) return null;
            _looked.Add(path);
            return entry.Digest;
        }
    }

    /// <summary>Whether a file still is as it was when it was last looked at, with this digest.</summary>
    public bool Unchanged(string path, in FileStat stat, Digest digest)
    {
        lock (_entries) return _entries.TryGetValue(path, out var entry) && entry.Stat == stat && entry.Digest == digest;
    }

    /// <summary>The digest of a file, read if need be. Safe to call from several threads.</summary>
    /// <exception cref="VoxException">It is missing, may not be read, or changes while it is being read.</exception>
    public (Digest Digest, FileStat Stat) Look(string path) => TryLook(path) ?? throw new VoxException($"{path}: there is no such file");

    /// <summary>The same; null where no file stands: nothing, a link that leads nowhere, or a pipe, which would be waited on for ever.</summary>
    /// <exception cref="VoxException">It may not be read, or changes while it is being read.</exception>
    public (Digest Digest, FileStat Stat)? TryLook(string path)
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if (_disk.Stat(path) is not { IsFile: true } before) return null;
            if (Find(path, before) is { } known) return (known, before);
            Digest digest;
            try
            {
                using var file = _disk.OpenRead(path);
                digest = Digest.Of(file);
            }
            catch (UnauthorizedAccessException) { throw new VoxException($"{path}: this file may not be read") { Try = "allow it (chmod u+r), or take the file out of the folder" }; }
            var now = _clock.GetUtcNow();
            if (_disk.Stat(path) is not { } after || after != before) continue;
            var newest = Math.Max(after.ModifiedNs, after.ChangedNs) / 100;
            var racy = now.UtcTicks - DateTime.UnixEpoch.Ticks - newest < Tick.Ticks; // also when the clock was set back
            lock (_entries)
            {
                _entries[path] = new Entry(after, digest, racy);
                _looked.Add(path);
                _changed = true;
            }
            return (digest, after);
        }
        throw new VoxException($"{path}: the file changes while it is being read") { Try = "wait until whatever writes it is done, then run again" };
    }

    /// <summary>Writes what was learned, if anything. What nobody asked for in this run is dropped: files that are gone, and tools of other targets, which are soon read again.</summary>
    public void Save()
    {
        lock (_entries)
        {
            if (!_changed) return;
            using var bytes = new MemoryStream(_entries.Count * 200);
            bytes.Write(Head);
            Span<byte> fixedPart = stackalloc byte[Digest.Size + 6 * 8];
            Span<byte> number = stackalloc byte[4];
            foreach (var (path, entry) in _entries)
            {
                if (!_looked.Contains(path)) continue;
                var name = Encoding.UTF8.GetBytes(path);
                BinaryPrimitives.WriteInt32LittleEndian(number, name.Length);
                bytes.Write(number);
                bytes.Write(name);
                entry.Digest.CopyTo(fixedPart);
                var numbers = fixedPart[Digest.Size..];
                BinaryPrimitives.WriteInt64LittleEndian(numbers, entry.Stat.Size);
                BinaryPrimitives.WriteInt64LittleEndian(numbers[8..], entry.Stat.ModifiedNs);
                BinaryPrimitives.WriteInt64LittleEndian(numbers[16..], entry.Stat.ChangedNs);
                BinaryPrimitives.WriteUInt64LittleEndian(numbers[24..], entry.Stat.Inode);
                BinaryPrimitives.WriteUInt64LittleEndian(numbers[32..], entry.Stat.Device);
                BinaryPrimitives.WriteInt64LittleEndian(numbers[40..], entry.Racy ? 1 : 0);
                bytes.Write(fixedPart);
            }
            bytes.Write(Digest.Of(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)) is var check ? Bytes(check) : []);
            _disk.WriteWhole(_path, bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
            _changed = false;
        }
    }

    /// <summary>A file that is not whole is as good as none: everything is read again.</summary>
    private void Load()
    {
        var bytes = _disk.ReadWhole(_path);
        if (bytes is null || bytes.Length < Head.Length + Digest.Size || !bytes.AsSpan(0, Head.Length).SequenceEqual(Head)) return;
        var body = bytes.AsSpan(0, bytes.Length - Digest.Size);
        if (Digest.Of(body) != Digest.FromBytes(bytes.AsSpan(body.Length))) return;
        _entries.EnsureCapacity(body.Length / 128); // about what a path and its numbers take
        for (var at = Head.Length; at < body.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(body[at..]);
            var path = Encoding.UTF8.GetString(body.Slice(at + 4, length));
            at += 4 + length;
            var digest = Digest.FromBytes(body.Slice(at, Digest.Size));
            var numbers = body[(at + Digest.Size)..];
            var stat = new FileStat(
                BinaryPrimitives.ReadInt64LittleEndian(numbers), BinaryPrimitives.ReadInt64LittleEndian(numbers[8..]), BinaryPrimitives.ReadInt64LittleEndian(numbers[16..]),
                BinaryPrimitives.ReadUInt64LittleEndian(numbers[24..]), BinaryPrimitives.ReadUInt64LittleEndian(numbers[32..]), IsFolder: false, IsFile: true);
            _entries[path] = new Entry(stat, digest, BinaryPrimitives.ReadInt64LittleEndian(numbers[40..]) != 0);
            at += Digest.Size + 48;
        }
    }

    private static byte[] Bytes(Digest digest)
    {
        var bytes = new byte[Digest.Size];
        digest.CopyTo(bytes);
        return bytes;
    }
}
