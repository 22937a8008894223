using VoxMake.Torch.Native;
using VoxMake.Torch.Nn;

namespace VoxMake.Torch.Tests;

[Collection("libtorch")]
public class ConvolutionTests
{
    public ConvolutionTests() => NeedsTorch.OrSkip();

    [SkippableFact]
    public void A_transposed_convolution_makes_time_finer()
    {
        using var scope = new TensorScope();
        using var layer = new ConvTranspose1d(3, 2, 4, stride: 2, padding: 1);
        Assert.Equal([1, 2, 20], layer.Forward(Ops.ones([1, 3, 10])).Shape);
        Assert.Equal([3, 2, 4], layer.NamedParameters().Single(named => named.Name == "weight").Tensor.Shape);
    }

    [SkippableFact]
    public void Weight_norm_starts_as_the_plain_convolution_and_scales_with_weight_g()
    {
        using var scope = new TensorScope();
        using var layer = new Conv1d(3, 2, 5, padding: 2, weightNorm: true);
        var tensors = layer.NamedParameters().ToDictionary(named => named.Name, named => named.Tensor.detach());
        var x = Ops.rand(1, 3, 7);
        var plain = x.conv1d(tensors["weight_v"], tensors["bias"], padding: [2]);
        Assert.True((layer.Forward(x) - plain).abs().max().Item() < 1e-5);
        var unbiased = plain - tensors["bias"].view([1, 2, 1]);
        tensors["weight_g"].mul_(2);
        Assert.True((layer.Forward(x) - plain - unbiased).abs().max().Item() < 1e-5);
    }

    [SkippableFact]
    public void The_newer_spelling_of_weight_norm_loads_and_both_at_once_are_refused()
    {
        using var scope = new TensorScope();
        using var folder = new TemporaryFolder();
        using var layer = new Conv1d(2, 2, 1, weightNorm: true);
        Checkpoint.Save(layer, folder.File("a.safetensors"));
        using var file = SafetensorsFile.Open(folder.File("a.safetensors"));
        var newer = file.Tensors.ToDictionary(named => named.Key.Replace("weight_g", "parametrizations.weight.original0").Replace("weight_v", "parametrizations.weight.original1"), named => named.Value);
        using var other = new Conv1d(2, 2, 1, weightNorm: true);
        Checkpoint.Load(other, WeightNorm.OneSpelling(newer, "a"), "a");
        Assert.True(layer.NamedTensors().Zip(other.NamedTensors()).All(pair => pair.First.Tensor.equal(pair.Second.Tensor)));
        newer["weight_g"] = file["weight_g"];
        Assert.Contains("weight_g twice", Assert.Throws<TorchException>(() => WeightNorm.OneSpelling(newer, "a")).Message);
    }
}
