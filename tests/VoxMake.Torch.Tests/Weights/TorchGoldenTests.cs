namespace VoxMake.Torch.Tests.Weights;

/// <summary>A checkpoint that a PyTorch 2 wrote, with what it has and 1.13 has not (byteorder, storage alignment).</summary>
public class TorchGoldenTests
{
    [SkippableFact]
    public void A_pytorch_model_bin_holds_the_tensors_of_its_safetensors()
    {
        using var pickled = TorchFile.Open(TestFiles.Shared("golden/orpheus/snac/pytorch_model.bin"));
        using var safe = SafetensorsFile.Open(TestFiles.Golden("orpheus/snac/model.safetensors"));
        pickled.VerifyChecksums();
        var state = pickled.StateDict();
        Assert.InRange(state.Count, 100, 1000);
        Assert.Equal(safe.Tensors.Keys.Order(), state.Keys.Order());
        foreach (var (name, tensor) in state)
        {
            Assert.Equal(safe[name].Shape, tensor.Shape);
            Assert.Equal(safe[name].ToArray(), tensor.ToArray());
        }
    }
}
