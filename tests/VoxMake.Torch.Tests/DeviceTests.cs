using VoxMake.Torch.Native;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Optim;

namespace VoxMake.Torch.Tests;

/// <summary>
/// What must hold on every kind of device: each test runs on the CPU, and on the first GPU where there is one (skipped, and said, where there is none). <c>--filter Gpu=yes</c> runs these and what
/// other projects have of the kind.
/// </summary>
[Collection("libtorch")]
[Trait("Gpu", "yes")]
public class DeviceTests
{
    [SkippableTheory, InlineData("cpu"), InlineData("cuda")]
    public void Operators_give_the_CPUs_numbers(string name)
    {
        var device = NeedsTorch.OnOrSkip(name);
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        var (x, w) = (Ops.randn([2, 3, 50], generator), Ops.randn([4, 3, 5], generator));
        Tensor Compute(Tensor x, Tensor w)
        {
            var y = x.conv1d(w, null, [2], [2]).leaky_relu(0.1);
            var spectrum = x.reshape([6, 50]).stft(16, 4, null, Ops.hann_window(16, true, null, null, x.Device), false, true, true).view_as_real().pow(2).sum([-1]);
            return y.softmax(-1).sum() + spectrum.sqrt().mean() + Ops.cat([y, y.flip([1])], 1).cumsum(2).abs().mean() + x.gather(2, Ops.arange(0, 5, 1, ScalarType.Long, null, x.Device).expand([2, 3, 5])).sum();
        }

        var there = Compute(x.to(device), w.to(device));
        Assert.Equal(device.Type, there.Device.Type);
        Assert.Equal(Compute(x, w).Item(), there.Item(), 1e-4);
    }

    [SkippableTheory, InlineData("cpu"), InlineData("cuda")]
    public void Backward_leaves_the_derivative_on_the_device(string name)
    {
        var device = NeedsTorch.OnOrSkip(name);
        using var scope = new TensorScope();
        var x = Tensor.From<double>([1, 2, 3], 3).to(device);
        x.RequiresGrad = true;
        (x * x * x).sum().Backward();
        Assert.Equal(device.Type, x.Grad!.Device.Type);
        Assert.Equal([3.0, 12.0, 27.0], x.Grad.ToArray<double>());
    }

    [SkippableTheory, InlineData("cpu"), InlineData("cuda")]
    public void AdamW_steps_as_PyTorchs_does(string name)
    {
        var device = NeedsTorch.OnOrSkip(name);
        using var scope = new TensorScope();
        var w = Tensor.From<double>([0.5, -0.5, 1], 3).to(device);
        w.RequiresGrad = true;
        var x = Tensor.From<double>([1, 2, 3], 3).to(device);
        using var adam = new AdamW([("w", w)], 0.1, 0.8, 0.99, 1e-9, 0.01);
        foreach (var expected in AdamWReference.Steps)
        {
            w.Grad = null;
            ((w * x).sum() - 1).pow(2).Backward();
            adam.Step();
            var now = w.ToArray<double>();
            for (var i = 0; i < 3; i++) Assert.Equal(expected[i], now[i], 1e-12);
        }
        Assert.All(adam.NamedState(), state => Assert.Equal(device.Type, state.Tensor.Device.Type));
    }

    [SkippableTheory, InlineData("cpu"), InlineData("cuda")]
    public void Gradients_of_any_device_are_clipped_to_a_norm(string name)
    {
        var device = NeedsTorch.OnOrSkip(name);
        using var scope = new TensorScope();
        var a = Tensor.From<float>([0, 0], 2).to(device);
        a.RequiresGrad = true;
        (a * Tensor.From<float>([3, 4], 2).to(device)).sum().Backward();
        Assert.Equal(5, Gradients.Clip([("a", a)], 1), 1e-6);
        Assert.Equal(1, Gradients.Norm([("a", a)]), 1e-5);
    }

    [SkippableTheory, InlineData("cpu"), InlineData("cuda")]
    public void Autocast_runs_products_in_bf16_and_leaves_parameters_and_their_gradients_in_float32(string name)
    {
        var device = NeedsTorch.OnOrSkip(name);
        using var scope = new TensorScope();
        using var layer = new Linear(8, 8);
        layer.MoveTo(device);
        var x = Ops.ones([4, 8], null, null, device);
        Tensor loss;
        using (Libtorch.Autocast(device, ScalarType.BFloat16))
        {
            var y = layer.Forward(x);
            Assert.Equal(ScalarType.BFloat16, y.Type);
            loss = y.to(ScalarType.Float).pow(2).mean();
        }
        Assert.Equal(ScalarType.Float, layer.Forward(x).Type);
        loss.Backward();
        Assert.All(layer.NamedParameters(), parameter => Assert.Equal(ScalarType.Float, parameter.Tensor.Grad!.Type));
        Assert.True(Gradients.Norm(layer.NamedParameters()) > 0);
    }

    [SkippableTheory, InlineData("cpu"), InlineData("cuda")]
    public void A_stream_of_random_numbers_can_be_taken_up_where_it_stood(string name)
    {
        var device = NeedsTorch.OnOrSkip(name);
        using var scope = new TensorScope();
        using var generator = new Generator(7, device);
        float[] Draw() => Ops.randn([5], generator, null, null, device).ToArray<float>();
        var first = Draw();
        var state = generator.State;
        var next = Draw();
        Assert.NotEqual(first, next);
        generator.State = state;
        Assert.Equal(next, Draw());
        generator.Seed(7);
        Assert.Equal(first, Draw());

        Libtorch.ManualSeed(3); // the process's own streams, of every device
        var own = Ops.randn([4], null, null, null, device).ToArray<float>();
        Libtorch.ManualSeed(3);
        Assert.Equal(own, Ops.randn([4], null, null, null, device).ToArray<float>());
    }

    [SkippableTheory, InlineData("cpu"), InlineData("cuda")]
    public void Weights_are_written_from_a_device_and_read_into_it(string name)
    {
        var device = NeedsTorch.OnOrSkip(name);
        using var scope = new TensorScope();
        using var folder = new TemporaryFolder();
        using var layer = new Linear(3, 4);
        var before = layer.NamedParameters().Select(parameter => parameter.Tensor.ToArray<float>()).ToList();
        layer.MoveTo(device);
        Assert.All(layer.NamedParameters(), parameter => Assert.True(parameter.Tensor.Device.Type == device.Type && parameter.Tensor.RequiresGrad));
        Checkpoint.Save(layer, folder.File("layer.safetensors"));
        using var other = new Linear(3, 4);
        other.MoveTo(device);
        using (var file = SafetensorsFile.Open(folder.File("layer.safetensors"))) Checkpoint.Load(other, file.Tensors, "layer.safetensors");
        Assert.Equal(before, other.NamedParameters().Select(parameter => parameter.Tensor.ToArray<float>()));
        Assert.All(other.NamedParameters(), parameter => Assert.Equal(device.Type, parameter.Tensor.Device.Type));
    }

    [SkippableTheory, InlineData("cpu"), InlineData("cuda")]
    public void Memory_that_runs_out_is_an_exception_of_its_own(string name)
    {
        var device = NeedsTorch.OnOrSkip(name);
        using var scope = new TensorScope();
        var before = Tensor.Live;
        var error = Assert.Throws<TorchOutOfMemoryException>(() => Ops.empty([1L << 48], null, null, device));
        Assert.Contains("allocate", error.Message);
        Assert.DoesNotContain("\n   at ", error.Message);
        Assert.Equal(before, Tensor.Live);
        Assert.Equal(4, Ops.ones([4], null, null, device).sum().Item()); // it goes on
        Assert.IsNotType<TorchOutOfMemoryException>(Assert.Throws<TorchException>(() => Ops.ones([2], null, null, device).view([3])));
    }

    [SkippableFact]
    public void The_memory_of_a_GPU_is_counted()
    {
        var device = NeedsTorch.OnOrSkip("cuda");
        using var scope = new TensorScope();
        const long bytes = 64L << 20;
        var before = Cuda.Memory();
        Assert.InRange(before.Free!.Value, 1, before.Total!.Value);
        Skip.If(before.Allocated is null, "this libtorch was opened without CUDA's headers: only free and total are known");
        using (new TensorScope())
        {
            Ops.zeros([bytes], ScalarType.Byte, null, device);
            Cuda.Synchronize();
            Assert.Equal(before.Allocated + bytes, Cuda.Memory().Allocated);
        }
        var after = Cuda.Memory();
        Assert.Equal(before.Allocated, after.Allocated);
        Assert.True(after.Peak >= before.Allocated + bytes && after.Reserved >= bytes);
        Cuda.EmptyCache();
        Assert.True(Cuda.Memory().Reserved < after.Reserved);
        Cuda.ResetPeak();
        Assert.True(Cuda.Memory().Peak < after.Peak);
    }

    [SkippableFact]
    public void A_GPU_has_a_name()
    {
        NeedsTorch.OnOrSkip("cuda");
        Assert.NotEqual("CUDA device", Cuda.Name());
        Assert.Contains(Cuda.Name(), Libtorch.Describe());
    }
}
