using System.Buffers.Binary;
using System.Text;

namespace VoxMake.Torch.Tests.Weights;

/// <summary>A record of a zip, with what can be wrong in it.</summary>
/// <param name="Method">0 is stored, 8 deflated.</param>
/// <param name="ClaimedLength">What the directory says instead of the data's length.</param>
/// <param name="LocalName">What the local header says instead of the name.</param>
/// <param name="LocalAt">Where the directory says it begins, instead of where it does.</param>
/// <param name="Wide">Whether sizes and place stand in the extra field of 64 bits, as for files above 4 GB.</param>
internal sealed record ZipRecord(string Name, byte[] Data, int Method = 0, int Flags = 0, uint? ClaimedLength = null, string? LocalName = null, uint? LocalAt = null, bool Wide = false);

/// <summary>Zips byte by byte, as torch.save writes them or broken.</summary>
internal static class ZipBytes
{
    public static byte[] Of(params ZipRecord[] records)
    {
        var (file, directory) = (new List<byte>(), new List<byte>());
        foreach (var record in records)
        {
            var at = (uint)file.Count;
            var (name, local) = (Encoding.UTF8.GetBytes(record.Name), Encoding.UTF8.GetBytes(record.LocalName ?? record.Name));
            var length = record.ClaimedLength ?? (uint)record.Data.Length;
            Add(file, 4, 0x04034b50);
            AddCommon(file, record, length, local.Length, record.Wide ? 20 : 0);
            file.AddRange(local);
            if (record.Wide) AddWide(file, length, length);
            file.AddRange(record.Data);
            Add(directory, 4, 0x02014b50);
            Add(directory, 2, 0);
            AddCommon(directory, record, length, name.Length, record.Wide ? 28 : 0);
            Add(directory, 10, 0);
            Add(directory, 4, record.Wide ? uint.MaxValue : record.LocalAt ?? at);
            directory.AddRange(name);
            if (record.Wide) AddWide(directory, length, length, at);
        }
        var start = (uint)file.Count;
        file.AddRange(directory);
        Add(file, 4, 0x06054b50);
        Add(file, 4, 0);
        Add(file, 2, (uint)records.Length);
        Add(file, 2, (uint)records.Length);
        Add(file, 4, (uint)directory.Count);
        Add(file, 4, start);
        Add(file, 2, 0);
        return [.. file];
    }

    private static void AddWide(List<byte> to, params uint[] values)
    {
        Add(to, 2, 1);
        Add(to, 2, (uint)values.Length * 8);
        foreach (var value in values) Add(to, 8, value);
    }

    private static void AddCommon(List<byte> to, ZipRecord record, uint length, int nameLength, int extraLength)
    {
        Add(to, 2, 0);
        Add(to, 2, (uint)record.Flags);
        Add(to, 2, (uint)record.Method);
        Add(to, 4, 0);
        Add(to, 4, 0);
        Add(to, 4, record.Wide ? uint.MaxValue : length);
        Add(to, 4, record.Wide ? uint.MaxValue : length);
        Add(to, 2, (uint)nameLength);
        Add(to, 2, (uint)extraLength);
    }

    private static void Add(List<byte> to, int size, uint value)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        to.AddRange(bytes[..size]);
    }
}
