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

    [SkippableTheory, InlineData(true), InlineData(false)]
    public void Weight_norm_is_folded_or_unfolded_as_the_module_has_it(bool folded)
    {
        using var scope = new TensorScope();
        using var from = new ConvTranspose1d(3, 2, 4, weightNorm: folded);
        using var to = new ConvTranspose1d(3, 2, 4, weightNorm: !folded);
        using (Libtorch.NoGrad())
            foreach (var (name, tensor) in from.NamedParameters().Where(named => named.Name.EndsWith('g'))) tensor.mul_(1.5);
        Checkpoint.Copy(from, to);
        var x = Ops.rand(1, 3, 5);
        Assert.InRange((from.Forward(x) - to.Forward(x)).abs().max().Item(), 0, 1e-5);
        using var folder = new TemporaryFolder();
        Checkpoint.Save(from, folder.File("a.safetensors"));
        using var file = SafetensorsFile.Open(folder.File("a.safetensors"));
        using var loaded = new ConvTranspose1d(3, 2, 4, weightNorm: !folded);
        Checkpoint.Load(loaded, file.Tensors, "a");
        Assert.True(to.Forward(x).equal(loaded.Forward(x)));
        using var narrower = new ConvTranspose1d(3, 1, 4, weightNorm: !folded);
        Assert.Contains("has the shape", Assert.Throws<TorchException>(() => Checkpoint.Load(narrower, file.Tensors, "a")).Message);
    }

    [SkippableFact]
    public void Through_a_frozen_layer_gradients_pass_but_do_not_reach_its_parameters()
    {
        using var scope = new TensorScope();
        using var layer = new Conv1d(2, 2, 3, weightNorm: true);
        var x = Ops.rand(1, 2, 9);
        x.RequiresGrad = true;
        layer.Forward(x).sum().Backward();
        var wanted = x.Grad!;
        layer.ZeroGrad();
        x.Grad = null;
        var before = Tensor.Live;
        using (layer.Freeze())
        {
            Assert.Throws<InvalidOperationException>(() => layer.Freeze());
            using var inner = new TensorScope();
            layer.Forward(x).sum().Backward();
        }
        Assert.Equal(before, Tensor.Live);
        Assert.True(wanted.equal(x.Grad!));
        Assert.All(layer.NamedParameters(), named => Assert.True(named.Tensor.Grad is null && named.Tensor.RequiresGrad));
    }

    [SkippableFact]
    public void A_convolution_over_columns_is_a_convolution_of_each_column()
    {
        using var scope = new TensorScope();
        using var layer = new ColumnConv2d(1, 2, 3, stride: 2, padding: 1);
        var tensors = layer.NamedParameters().ToDictionary(named => named.Name, named => named.Tensor);
        var x = Ops.rand(1, 1, 8, 5);
        var y = layer.Forward(x);
        Assert.Equal([1, 2, 4, 5], y.Shape);
        var column = x.select(3, 4).conv1d(tensors["weight"].select(3, 0), tensors["bias"], [2], [1]);
        Assert.InRange((y.select(3, 4) - column).abs().max().Item(), 0, 1e-6);
    }
}
