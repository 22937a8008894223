using System.Buffers.Binary;
using System.Text;

namespace VoxMake.Torch.Weights;

/// <summary>One record of a zip: bytes of the file as they are.</summary>
/// <param name="Offset">First byte, from the start of the file.</param>
/// <param name="Crc">Checksum as the zip tells it.</param>
internal sealed record StoredRecord(string Name, long Offset, long Length, uint Crc);

/// <summary>
/// The records of a zip that only stores (APPNOTE.TXT 6.3), as torch.save writes it: read by its own reader since System.IO.Compression does not tell where a record lies, and to be strict:
/// nothing before or behind the zip, nothing packed, encrypted, split, double, overlapping or told differently in its two headers.
/// </summary>
internal static class StoredZip
{
    private const uint LocalHeader = 0x04034b50, CentralHeader = 0x02014b50, End = 0x06054b50, End64 = 0x06064b50, Locator64 = 0x07064b50;
    private const int LocalLength = 30, CentralLength = 46, EndLength = 22, End64Length = 56, Locator64Length = 20;
    private const int LongestName = 1024;
    private const int HasDescriptor = 1 << 3, Utf8Names = 1 << 11;

    private sealed record Directory(long Start, long Length, long Count);

    /// <summary>The records by name; a <see cref="WeightsException"/> where the zip breaks a rule.</summary>
    public static IReadOnlyDictionary<string, StoredRecord> Read(MappedFile file, int maxRecords)
    {
        var directory = FindDirectory(file);
        // 46 bytes is the least that a record takes, so a lie about their number is found before anything is allocated by it.
        if (directory.Count > maxRecords || directory.Count > directory.Length / CentralLength) throw Fault(file, $"the zip claims {directory.Count} records; at most {maxRecords} are read, and each takes {CentralLength} bytes of its directory");
        var records = new Dictionary<string, StoredRecord>((int)directory.Count);
        var spans = new List<(long Start, StoredRecord Record)>((int)directory.Count);
        var at = directory.Start;
        for (var i = 0L; i < directory.Count; i++)
        {
            var (record, local, length) = ReadCentral(file, at, directory.Start);
            if (!records.TryAdd(record.Name, record)) throw Fault(file, $"the zip has {QuotedName.Of(record.Name)} twice");
            spans.Add((local, record));
            at += length;
        }
        if (at != directory.Start + directory.Length) throw Fault(file, "the zip's directory is longer than its records");
        var free = 0L;
        foreach (var (start, record) in spans.OrderBy(span => span.Start))
        {
            if (start < free) throw Fault(file, $"zip record {QuotedName.Of(record.Name)} overlaps the one before it");
            free = record.Offset + record.Length;
        }
        return records;
    }

    private static Directory FindDirectory(MappedFile file)
    {
        // Without a comment the end record is the last 22 bytes; torch.save writes none, and only so is nothing hidden behind the zip.
        var endAt = file.Length - EndLength;
        var end = file.Slice(endAt, EndLength);
        if (U32(end, 0) != End) throw Fault(file, "the zip's end is missing; was the download cut, or something added?");
        if (U16(end, 4) != 0 && U16(end, 4) != 0xFFFF || U16(end, 6) != 0 && U16(end, 6) != 0xFFFF) throw Fault(file, "the zip is split over several files");
        if (U16(end, 20) != 0) throw Fault(file, "the zip has a comment");
        long count = U16(end, 10), length = U32(end, 12), start = U32(end, 16);
        var behind = endAt;
        if (endAt >= Locator64Length + End64Length && U32(file.Slice(endAt - Locator64Length, 4), 0) == Locator64)
        {
            behind = endAt - Locator64Length - End64Length;
            var end64 = file.Slice(behind, End64Length);
            if (U64(file.Slice(endAt - Locator64Length, Locator64Length), 8) != behind || U32(end64, 0) != End64 || U64(end64, 4) != End64Length - 12) throw Fault(file, "the zip's 64-bit end record is not where it should be");
            if (U32(end64, 16) != 0 || U32(end64, 20) != 0) throw Fault(file, "the zip is split over several files");
            var (count64, length64, start64) = (U64(end64, 32), U64(end64, 40), U64(end64, 48));
            if (count != 0xFFFF && count != count64 || length != 0xFFFFFFFF && length != length64 || start != 0xFFFFFFFF && start != start64) throw Fault(file, "the zip's two end records contradict each other");
            (count, length, start) = (count64, length64, start64);
        }
        if (start < 0 || length < 0 || count < 0 || start > behind || length != behind - start) throw Fault(file, "the zip's directory does not end where its end record begins");
        return new Directory(start, length, count);
    }

    private static (StoredRecord Record, long Local, int Length) ReadCentral(MappedFile file, long at, long directoryStart)
    {
        var head = file.Slice(at, CentralLength);
        if (U32(head, 0) != CentralHeader) throw Fault(file, $"a record of the zip's directory was expected at byte {at}");
        int flags = U16(head, 8), method = U16(head, 10), nameLength = U16(head, 28), extraLength = U16(head, 30), commentLength = U16(head, 32);
        if (nameLength is 0 or > LongestName) throw Fault(file, $"a zip record's name has {nameLength} bytes; 1 to {LongestName} were expected");
        var name = Text(file, file.Slice(at + CentralLength, nameLength));
        long packed = U32(head, 20), length = U32(head, 24), local = U32(head, 42);
        Read64(file, name, file.Slice(at + CentralLength + nameLength, extraLength), ref length, ref packed, ref local);
        if ((flags & ~(HasDescriptor | Utf8Names)) != 0) throw Fault(file, $"zip record {QuotedName.Of(name)} is encrypted or has other flags (0x{flags:x4}) that torch.save never writes");
        if (method != 0) throw Fault(file, $"zip record {QuotedName.Of(name)} is compressed (method {method}); records must be stored. A TorchScript program has such: save its state_dict() with torch.save instead");
        if (packed != length) throw Fault(file, $"zip record {QuotedName.Of(name)} is stored, but its two sizes differ: {packed} and {length}");
        if (U16(head, 34) is not (0 or 0xFFFF)) throw Fault(file, "the zip is split over several files");
        var offset = DataOffset(file, name, local, flags, length, directoryStart);
        if (length < 0 || length > directoryStart - offset) throw Fault(file, $"zip record {QuotedName.Of(name)} claims {length} bytes, more than the zip has");
        return (new StoredRecord(name, offset, length, U32(head, 16)), local, CentralLength + nameLength + extraLength + commentLength);
    }

    /// <summary>The extra field 1 holds what does not fit into 32 bits, in this order and only what is needed.</summary>
    private static void Read64(MappedFile file, string name, ReadOnlySpan<byte> extra, ref long length, ref long packed, ref long local)
    {
        while (extra.Length >= 4)
        {
            var (id, size) = (U16(extra, 0), U16(extra, 2));
            if (size > extra.Length - 4) throw Fault(file, $"zip record {QuotedName.Of(name)} has a broken extra field");
            if (id == 1)
            {
                var field = extra.Slice(4, size);
                length = Next64(file, name, length, ref field);
                packed = Next64(file, name, packed, ref field);
                local = Next64(file, name, local, ref field);
                return;
            }
            extra = extra[(4 + size)..];
        }
    }

    private static long Next64(MappedFile file, string name, long value, ref ReadOnlySpan<byte> field)
    {
        if (value != 0xFFFFFFFF) return value;
        if (field.Length < 8) throw Fault(file, $"zip record {QuotedName.Of(name)} has a broken 64-bit size");
        value = U64(field, 0);
        field = field[8..];
        return value;
    }

    private static long DataOffset(MappedFile file, string name, long local, int flags, long length, long directoryStart)
    {
        if (local < 0 || local > directoryStart - LocalLength) throw Fault(file, $"zip record {QuotedName.Of(name)} begins outside of the zip");
        var head = file.Slice(local, LocalLength);
        int nameLength = U16(head, 26), extraLength = U16(head, 28);
        if (U32(head, 0) != LocalHeader || nameLength > directoryStart - local - LocalLength || Text(file, file.Slice(local + LocalLength, nameLength)) != name
            || U16(head, 6) != flags || U16(head, 8) != 0)
            throw Fault(file, $"zip record {QuotedName.Of(name)} is told differently in its two headers");
        // With a descriptor the sizes follow the data and are 0 here.
        if (U32(head, 22) is var told && told != length && told != 0xFFFFFFFF && !(told == 0 && (flags & HasDescriptor) != 0))
            throw Fault(file, $"zip record {QuotedName.Of(name)} has two sizes: {told} and {length}");
        var offset = local + LocalLength + nameLength + extraLength;
        return offset <= directoryStart ? offset : throw Fault(file, $"zip record {QuotedName.Of(name)} lies outside of the zip");
    }

    private static string Text(MappedFile file, ReadOnlySpan<byte> name)
    {
        try { return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(name); }
        catch (DecoderFallbackException error) { throw new WeightsException(file.Path, null, "a zip record's name is not UTF-8", error); }
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    /// <summary>Above 2^63 - 1 becomes negative, which every caller refuses.</summary>
    private static long U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    private static WeightsException Fault(MappedFile file, string rule) => new(file.Path, null, rule);
}
