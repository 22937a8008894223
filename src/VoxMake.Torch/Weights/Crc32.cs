using System.Buffers.Binary;

namespace VoxMake.Torch.Weights;

/// <summary>
/// The checksum of zip files (APPNOTE.TXT 4.4.7): polynomial 0xEDB88320, reflected; .NET's own is in a package. Eight bytes a step by eight tables (Kounavis and Berry,
/// "A Systematic Approach to Building High Performance, Software-based, CRC Generators", 2005), since whole checkpoints go through it.
/// </summary>
internal static class Crc32
{
    /// <summary>Table[k * 256 + b]: the byte b, followed by k bytes of 0.</summary>
    private static readonly uint[] Table = MakeTable();

    /// <summary>Goes on from <paramref name="crc"/>, 0 at the beginning.</summary>
    public static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        var table = Table;
        crc = ~crc;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var next = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ crc;
            crc = 0;
            for (var i = 0; i < 8; i++) crc ^= table[(7 - i) * 256 + (byte)(next >> 8 * i)];
        }
        foreach (var b in bytes) crc = table[(byte)(crc ^ b)] ^ crc >> 8;
        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[8 * 256];
        for (var i = 0u; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xEDB88320 ^ crc >> 1 : crc >> 1;
            table[i] = crc;
        }
        for (var i = 256; i < table.Length; i++) table[i] = table[(byte)table[i - 256]] ^ table[i - 256] >> 8;
        return table;
    }
}
