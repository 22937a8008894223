using FsCheck;
using FsCheck.Fluent;

namespace VoxMake.Torch.Tests.Weights;

/// <summary>Damaged copies of a file.</summary>
internal static class Mutations
{
    /// <summary>A few bytes changed, cut out or put in; or a byte range given twice.</summary>
    public static Gen<byte[]> Of(byte[] whole)
    {
        var change = from at in Gen.Choose(0, whole.Length - 1)
                     from length in Gen.Choose(0, 8)
                     from bytes in Gen.OneOf(Gen.Choose(0, 255), Gen.Elements(0, 1, 0x7F, 0x80, 0xFF, '0', '9', '[', '{', '"', '(', '.')).Select(n => (byte)n).ArrayOf(Math.Max(1, length / 2))
                     from kind in Gen.Choose(0, 3)
                     select (at, length, bytes, kind);
        return from changes in change.ListOf()
               let few = changes.Take(4).Append((at: whole.Length / 2, length: 0, bytes: [whole[whole.Length / 2]], kind: 0))
               select few.Aggregate(whole, Applied);
    }

    /// <summary>
    /// Opens a damaged file: a <see cref="WeightsException"/> is given back, any other exception fails the test, and so does memory beyond a few times what the file has.
    /// </summary>
    public static WeightsException? Open(TemporaryFolder folder, byte[] bytes, Action<string> open)
    {
        var path = folder.File("changed");
        File.WriteAllBytes(path, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        WeightsException? refusal = null;
        try { open(path); }
        catch (WeightsException error)
        {
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
            refusal = error;
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000 + 200L * bytes.Length);
        return refusal;
    }

    private static byte[] Applied(byte[] file, (int At, int Length, byte[] Bytes, int Kind) change)
    {
        var at = Math.Min(change.At, file.Length);
        var end = Math.Min(at + change.Length, file.Length);
        return change.Kind switch
        {
            0 => [.. file[..at], .. change.Bytes, .. file[Math.Min(at + change.Bytes.Length, file.Length)..]],
            1 => [.. file[..at], .. file[end..]],
            2 => [.. file[..at], .. change.Bytes, .. file[at..]],
            _ => [.. file[..end], .. file[at..]],
        };
    }
}
