using System.Buffers.Binary;
using System.Text;
using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>
/// Digests of single files outside the cache (tools' assemblies, transcripts), remembered by path, size, mtime, ctime and inode, so that a file is read again only if one of them has moved.
/// Whole folders are remembered by <see cref="TreeIndex"/>.
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

    /// <summary>The digest of a file, read if need be. Safe to call from several threads.</summary>
    /// <exception cref="VoxException">It is missing, is no file (a pipe would be waited on for ever), may not be read, or changes while it is being read.</exception>
    public (Digest Digest, FileStat Stat) Look(string path)
    {
        var stat = _disk.Stat(path);
        if (stat is { IsFile: true } && Find(path, stat.Value) is { } known) return (known, stat.Value);
        if (stat is not { IsFile: true } || SteadyFile.TryRead(_disk, path, stat.Value, _clock) is not { } read) throw new VoxException($"{path}: there is no such file");
        lock (_entries)
        {
            _entries[path] = new Entry(read.Stat, read.Digest, read.Racy);
            _looked.Add(path);
            _changed = true;
        }
        return (read.Digest, read.Stat);
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
