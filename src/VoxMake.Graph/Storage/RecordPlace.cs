using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>
/// Where the record of a key lies, in 16 bytes: 80 bits of the key and 48 of the offset. Keys are SHA-256 digests, so that among a thousand million of them two agree in 80 bits with a chance of
/// one in a million or so; the later one then replaces the earlier, which is done again. That a row is of the key that is asked for, its reader makes sure.
/// </summary>
/// <param name="Key">The first 64 bits of the key: evenly spread, so that they say where in a table it belongs.</param>
/// <param name="Rest">16 more of the key, and the offset. Never 0, since no row begins at 0.</param>
internal readonly record struct RecordPlace(ulong Key, ulong Rest) : IComparable<RecordPlace>
{
    /// <summary>Bytes of a place in a file.</summary>
    public const int Size = 16;

    private const int OffsetBits = 48;

    /// <summary>The place of a key, or with no offset the key alone, to be looked up.</summary>
    public static RecordPlace Of(Digest key, long offset = 0) => new(key.A, key.B << OffsetBits | (ulong)offset);

    public long Offset => (long)(Rest & ((1UL << OffsetBits) - 1));

    public bool IsNone => Rest == 0;

    public bool IsOf(RecordPlace key) => Key == key.Key && (Rest ^ key.Rest) >> OffsetBits == 0;

    /// <summary>Where in a table of so many slots it belongs; in the order of the keys.</summary>
    public long Home(long slots) => (long)Math.BigMul(Key, (ulong)slots, out _);

    public int CompareTo(RecordPlace other) => Key.CompareTo(other.Key);
}
