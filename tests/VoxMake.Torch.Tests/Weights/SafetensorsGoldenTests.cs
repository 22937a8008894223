namespace VoxMake.Torch.Tests.Weights;

/// <summary>Files that the reference implementation wrote.</summary>
public class SafetensorsGoldenTests
{
    [SkippableTheory]
    [InlineData("vits/hf/single/model.safetensors", 100)]
    [InlineData("vits/hf/single/expected.safetensors", 10)]
    [InlineData("vits/train/sdp/expected_forward.safetensors", 5)]
    [InlineData("orpheus/llama/model.safetensors", 10)]
    [InlineData("orpheus/train/packing.safetensors", 3)]
    [InlineData("orpheus/snac/model.safetensors", 50)]
    [InlineData("metrics/mcd_f0_steps.safetensors", 3)]
    [InlineData("whisper/tiny80/model.safetensors", 20)]
    [InlineData("xtts/model.safetensors", 20)]
    [InlineData("audio/resample.safetensors", 2)]
    public void Written_again_it_has_the_same_bytes(string name, int leastTensors)
    {
        var golden = TestFiles.Golden(name);
        using var folder = new TemporaryFolder();
        var copy = folder.File("copy.safetensors");
        using (var file = SafetensorsFile.Open(golden))
        {
            Assert.InRange(file.Tensors.Count, leastTensors, 10_000);
            Assert.InRange(file.Metadata.Count, 0, 1);
            SafetensorsWriter.Write(copy, file.Tensors.Reverse().Select(pair => TensorSource.Of(pair.Key, pair.Value)), file.Metadata);
        }
        Assert.True(File.ReadAllBytes(golden).AsSpan().SequenceEqual(File.ReadAllBytes(copy)));
    }
}
