using FsCheck;
using FsCheck.Fluent;
using VoxMake.Tests;

namespace VoxMake.Audio.Tests;

public class WavHeaderTests
{
    /// <summary>Reads all samples; false if it is rejected. Anything but the audio format exception comes through.</summary>
    private static bool TryReadAll(string path, float[] block)
    {
        try
        {
            using var reader = WavReader.TryOpen(path);
            if (reader is null) return false;
            while (reader.Read(block.AsSpan(0, block.Length / reader.Format.Channels * reader.Format.Channels)) > 0) { }
            return true;
        }
        catch (AudioFormatException)
        {
            return false;
        }
    }

    /// <summary>A good file with some bytes of its header changed, and perhaps cut.</summary>
    private static Gen<byte[]> Mutated =>
        from fmt in Gen.Elements(16, 18, 40)
        from changes in Gen.ListOf(from at in Gen.Choose(0, 70) from value in Gen.Elements<byte>(0, 1, 2, 3, 0x7F, 0x80, 0xFE, 0xFF, (byte)'d', (byte)'f') select (at, value))
        from cut in Gen.Frequency((3, Gen.Constant(int.MaxValue)), (1, Gen.Choose(0, 300)))
        select Changed(new WavBytes { FmtSize = fmt }.With(WavBytes.Tone(100)), changes, cut);

    private static byte[] Changed(byte[] file, IEnumerable<(int At, byte Value)> changes, int cut)
    {
        foreach (var (at, value) in changes.Where(change => change.At < file.Length)) file[at] = value;
        return file[..Math.Min(cut, file.Length)];
    }

    [Fact]
    public void A_mutated_header_is_read_or_rejected_and_never_believed_for_memory()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("clip.wav");
        var block = new float[4096];
        var (read, rejected) = (0, 0);
        File.WriteAllBytes(path, new WavBytes().With(WavBytes.Tone(100)));
        Assert.True(TryReadAll(path, block)); // and the thread's block exists from here on
        Prop.ForAll(Mutated.ToArbitrary(), bytes =>
        {
            File.WriteAllBytes(path, bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            if (TryReadAll(path, block)) read++;
            else rejected++;
            return GC.GetAllocatedBytesForCurrentThread() - before < 64_000;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1500));
        Assert.True(read > 20 && rejected > 20, $"the mutations are too {(read > 20 ? "mild" : "wild")}: {read} read, {rejected} rejected");
    }

    [Fact]
    public void A_file_of_empty_chunks_does_not_keep_us_walking()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("clip.wav");
        File.WriteAllBytes(path, [.. "RIFF\0\0\0\0WAVE"u8, .. new byte[80_000]]);
        Assert.Equal(Reject.LyingHeader, Assert.Throws<AudioFormatException>(() => WavReader.TryOpen(path)).Reason);
    }

    [Fact]
    public void An_rf64_file_is_read_by_its_64_bit_size()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("clip.wav");
        var plain = new WavBytes { Riff = "RF64", DataSize = uint.MaxValue }.With(WavBytes.Tone(100));
        byte[] ds64 = [.. "ds64"u8, 28, 0, 0, 0, .. new byte[8], 200, 0, 0, 0, 0, 0, 0, 0, .. new byte[12]];
        File.WriteAllBytes(path, [.. plain[..12], .. ds64, .. plain[12..]]);
        using var reader = WavReader.TryOpen(path)!;
        Assert.Equal(100, reader.Frames);
    }
}
