using System.Buffers.Binary;
using System.Numerics;

namespace VoxMake.Graph.Storage;

/// <summary>
/// A file that only ever grows, by whole rows: a version line, then for each row its length, a checksum (CRC-32C) and its bytes. Cut at any byte, it loads up
/// to the last whole row and the next append goes on from there. Several processes may append: each takes the lock beside the file.
/// </summary>
internal sealed class AppendedFile
{
    private const int RowHead = 8;
    private const int LargestRow = 1 << 28;
    private readonly IDisk _disk;
    private readonly string _path;
    private readonly byte[] _versionLine;
    private long _end;

    public AppendedFile(IDisk disk, string path, string kind, int version)
    {
        (_disk, _path) = (disk, path);
        _versionLine = System.Text.Encoding.ASCII.GetBytes($"voxmake {kind} {version}\n");
    }

    /// <summary>Hands every row that was not handed out yet to <paramref name="row"/>; true if something after the last whole row was left out.</summary>
    /// <exception cref="VoxException">The file is of another version.</exception>
    public bool ReadNew(Action<ReadOnlyMemory<byte>> row)
    {
        if (_disk.Stat(_path) is not { } stat || stat.Size <= _end) return false;
        using var file = _disk.OpenRead(_path);
        file.Seek(_end, SeekOrigin.Begin);
        var bytes = new byte[stat.Size - _end];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var at = 0;
        if (_end == 0)
        {
            var head = Math.Min(length, _versionLine.Length);
            if (!bytes.AsSpan(0, head).SequenceEqual(_versionLine.AsSpan(0, head)))
                throw new VoxException($"{_path}: it is not '{System.Text.Encoding.ASCII.GetString(_versionLine).Trim()}'") { Try = "it was written by another version of VoxMake; move it away to start anew (results in the cache are then looked at again)" };
            if (head < _versionLine.Length) return true;
            at = head;
        }
        while (length - at >= RowHead)
        {
            var size = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
            if (size is < 0 or > LargestRow || length - at - RowHead < size) break;
            var content = bytes.AsMemory(at + RowHead, size);
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 4)) != Checksum(content.Span)) break;
            row(content);
            at += RowHead + size;
        }
        _end += at;
        return at < length;
    }

    /// <summary>Adds rows and waits until they are on the disk. <paramref name="others"/> gets rows that other processes added meanwhile.</summary>
    public void Append(IReadOnlyList<ReadOnlyMemory<byte>> rows, Action<ReadOnlyMemory<byte>> others)
    {
        using var _ = FileLock.Wait(_path + ".lock");
        if (ReadNew(others)) _disk.Truncate(_path, _end);
        var fresh = _end == 0;
        long added = 0;
        using (var file = _disk.OpenAppend(_path))
        {
            if (fresh)
            {
                file.Write(_versionLine);
                added += _versionLine.Length;
            }
            Span<byte> head = stackalloc byte[RowHead];
            foreach (var row in rows)
            {
                BinaryPrimitives.WriteInt32LittleEndian(head, row.Length);
                BinaryPrimitives.WriteUInt32LittleEndian(head[4..], Checksum(row.Span));
                file.Write(head);
                file.Write(row.Span);
                added += RowHead + row.Length;
            }
            _disk.Flush(file);
        }
        if (fresh) _disk.FlushFolder(Path.GetDirectoryName(_path)!);
        _end += added;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFFu;
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }
        foreach (var value in bytes) crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}
