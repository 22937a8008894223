using System.Runtime.InteropServices;
using VoxMake.Models.Orpheus;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Tests.Orpheus;

/// <summary>A clip's codes in a file: what was written is read, and what holds no codes is refused by file and field.</summary>
public sealed class AudioFramesFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Codes => _folder.File("clip.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Frames_are_read_as_they_were_written()
    {
        int[] slots = [.. Enumerable.Range(0, 21)];
        var written = new AudioFramesFile(AudioFrames.OfSlots(slots), 64, 24000, 2048);
        File.WriteAllBytes(Codes, written.ToBytes());
        Assert.Equal(written.ToBytes(), File.ReadAllBytes(Codes));
        var read = AudioFramesFile.Read(Codes);
        Assert.Equal((3, 64, 24000, 2048), (read.Frames.Count, read.CodebookSize, read.SamplingRate, read.FrameSamples));
        Assert.Equal(slots, Enumerable.Range(0, 3).SelectMany(frame => read.Frames[frame].ToArray()));
    }

    [Theory]
    [InlineData("format", "voxmake-orpheus-1", "format voxmake-orpheus-1; expected voxmake-snac-1")]
    [InlineData("codebook_size", null, "codebook_size is not there; expected a whole number")]
    [InlineData("codebook_size", "6", "the code 6 in frame 0, slot 6 is out of range; codebook_size is 6")]
    [InlineData("codebook_size", "9999999", "codebook_size is 9999999")]
    [InlineData("sampling_rate", "-1", "sampling_rate is -1")]
    [InlineData("frame_samples", "0", "frame_samples is 0")]
    public void Metadata_that_make_no_sense_are_refused(string name, string? value, string part)
    {
        var metadata = new Dictionary<string, string> { ["format"] = AudioFramesFile.Format, ["codebook_size"] = "64", ["sampling_rate"] = "24000", ["frame_samples"] = "2048" };
        if (value is null) metadata.Remove(name);
        else metadata[name] = value;
        Write(metadata, DType.I32, [2, 7], 14);
        Refused(part);
    }

    [Theory]
    [InlineData(new long[] { 14 }, 14, "I32 [14]; expected I32 [frames, 7]")]
    [InlineData(new long[] { 7, 2 }, 14, "I32 [7, 2]")]
    [InlineData(new long[] { 1L << 40, 0 }, 0, "I32 [1099511627776, 0]")]
    public void Codes_of_another_shape_are_refused(long[] shape, int count, string part)
    {
        Write(new() { ["format"] = AudioFramesFile.Format, ["codebook_size"] = "64", ["sampling_rate"] = "24000", ["frame_samples"] = "2048" }, DType.I32, shape, count);
        Refused(part);
    }

    private void Write(Dictionary<string, string> metadata, DType type, long[] shape, int count)
    {
        int[] codes = [.. Enumerable.Range(0, count)];
        SafetensorsWriter.Write(Codes, [TensorSource.Of("codes", type, shape, MemoryMarshal.AsBytes<int>(codes).ToArray())], metadata);
    }

    private void Refused(string part)
    {
        var error = Assert.Throws<WeightsException>(() => AudioFramesFile.Read(Codes));
        Assert.Contains(part, error.Message);
        Assert.Contains(Codes, error.Message);
    }
}
