using System.Buffers.Binary;
using System.Numerics;
using Microsoft.Win32.SafeHandles;

namespace VoxMake.Graph.Storage;

/// <summary>
/// Reads rows of an <see cref="AppendedFile"/> at any offset, through a window: rows that follow each other cost one read of many. It takes the file as it is at that moment, so
/// it sees rows that are added meanwhile.
/// </summary>
internal sealed class RowReader(SafeFileHandle file, int window)
{
    /// <summary>A window for many rows in their order.</summary>
    public const int Wide = 1 << 20;

    /// <summary>A window for one row: nearly every row fits in, so that one read brings it whole.</summary>
    public const int Narrow = 1 << 10;

    /// <summary>Before each row: its length and its checksum, four bytes each.</summary>
    public const int HeadSize = 8;

    private const int LargestRow = 1 << 28;
    private byte[] _window = [];
    private long _start;
    private int _length;

    /// <summary>The head of the row that was read last, as one number.</summary>
    public ulong Head { get; private set; }

    /// <summary>The row at an offset; false where no whole row stands. It holds until the next call.</summary>
    public bool TryRead(long at, out ReadOnlyMemory<byte> row)
    {
        row = default;
        if (Size(at) is not { } size || !Have(at, HeadSize + size)) return false;
        var begin = (int)(at - _start);
        row = _window.AsMemory(begin + HeadSize, size);
        Head = BinaryPrimitives.ReadUInt64LittleEndian(_window.AsSpan(begin));
        return (uint)(Head >> 32) == Checksum(row.Span);
    }

    /// <summary>Bytes of the row at an offset without its head, as its head says; null where no row can stand.</summary>
    public int? Size(long at)
    {
        if (!Have(at, HeadSize)) return null;
        var size = BinaryPrimitives.ReadInt32LittleEndian(_window.AsSpan((int)(at - _start)));
        return size is >= 0 and <= LargestRow ? size : null;
    }

    /// <summary>Writes a row with its head.</summary>
    public static void Write(Stream file, ReadOnlySpan<byte> row)
    {
        Span<byte> head = stackalloc byte[HeadSize];
        BinaryPrimitives.WriteUInt64LittleEndian(head, HeadOf(row));
        file.Write(head);
        file.Write(row);
    }

    /// <summary>The head of a row.</summary>
    public static ulong HeadOf(ReadOnlySpan<byte> row) => (ulong)Checksum(row) << 32 | (uint)row.Length;

    /// <summary>CRC-32C.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
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

    /// <summary>Brings bytes into the window; false if the file ends before.</summary>
    private bool Have(long at, int count)
    {
        if (at >= _start && at + count <= _start + _length) return true;
        if (count > window && RandomAccess.GetLength(file) - at < count) return false; // a damaged length must not make us ask for memory that no row needs
        if (_window.Length < count) _window = new byte[Math.Max(count, window)];
        (_start, _length) = (at, 0);
        while (_length < _window.Length && RandomAccess.Read(file, _window.AsSpan(_length), at + _length) is var read and > 0) _length += read;
        return count <= _length;
    }
}
