using VoxMake.Torch.Nn;
using VoxMake.Torch.Optim;

namespace VoxMake.Torch.Tests;

[Collection("libtorch")]
public class OptimTests
{
    public OptimTests() => NeedsTorch.OrSkip();

    [SkippableFact]
    public void Clipping_scales_all_gradients_to_the_norm_and_returns_what_it_was()
    {
        using var scope = new TensorScope();
        var (a, b) = (Tensor.From<float>([0, 0], 2), Tensor.From<float>([0], 1));
        a.RequiresGrad = b.RequiresGrad = true;
        (a * Tensor.From<float>([3, 0], 2)).sum().Backward();
        (b * 4).sum().Backward();
        List<(string, Tensor)> parameters = [("a", a), ("b", b)];
        Assert.Equal(5, Gradients.Clip(parameters, 1), 1e-6);
        Assert.Equal(1, Gradients.Norm(parameters), 1e-5);
        Assert.Equal(1, Gradients.Clip(parameters, 10), 1e-5); // smaller ones are left alone
    }

    private sealed class Small : Module
    {
        private readonly Linear _first, _second;
        private readonly IReadOnlyList<LayerNorm> _norms;

        public Small()
        {
            _first = Part("first", new Linear(3, 8));
            _norms = Parts("norms", [new LayerNorm(8), new LayerNorm(8)]);
            _second = Part("second", new Linear(8, 1, bias: false));
        }

        public Tensor Forward(Tensor x) => _second.Forward(_norms[1].Forward(_norms[0].Forward(_first.Forward(x)).relu()));
    }

    [SkippableFact]
    public void Parameters_have_the_names_of_checkpoints_and_live_until_the_module_ends()
    {
        var before = Tensor.Live;
        using (new TensorScope())
        {
            using var network = new Small();
            Assert.Equal(["first.weight", "first.bias", "norms.0.weight", "norms.0.bias", "norms.1.weight", "norms.1.bias", "second.weight"], network.NamedParameters().Select(parameter => parameter.Name));
        }
        Assert.Equal(before, Tensor.Live);
    }

    [SkippableFact]
    public void A_small_network_learns()
    {
        Libtorch.ManualSeed(1);
        using var network = new Small();
        using var adam = new AdamW(network.NamedParameters(), 1e-2);
        double first = 0, last = 0;
        for (var step = 0; step < 100; step++)
        {
            using var scope = new TensorScope();
            var x = Ops.randn(16, 3);
            var loss = (network.Forward(x) - x.sum([1L], true)).pow(2).mean();
            network.ZeroGrad();
            loss.Backward();
            adam.Step();
            if (step == 0) first = loss.Item();
            last = loss.Item();
        }
        Assert.True(last < first / 4, $"{first} → {last}");
    }

    [SkippableFact]
    public void Weights_written_and_read_are_the_same_and_what_does_not_fit_is_said_at_once()
    {
        using var folder = new TemporaryFolder();
        using var network = new Small();
        using var other = new Small();
        Checkpoint.Save(network, folder.File("model.safetensors"), new Dictionary<string, string> { ["format"] = "pt" });
        using (var file = SafetensorsFile.Open(folder.File("model.safetensors"))) Checkpoint.Load(other, file.Tensors, "model.safetensors");
        foreach (var ((name, a), (_, b)) in network.NamedTensors().Zip(other.NamedTensors())) Assert.True(a.equal(b), name);
        Assert.All(other.NamedParameters(), parameter => Assert.True(parameter.Tensor.RequiresGrad));

        using var layer = new Linear(3, 4);
        using var wrong = SafetensorsFile.Open(folder.File("model.safetensors"));
        var some = wrong.Tensors.Where(tensor => tensor.Key.StartsWith("first.", StringComparison.Ordinal)).ToDictionary(tensor => tensor.Key == "first.weight" ? "weight" : tensor.Key, tensor => tensor.Value);
        var error = Assert.Throws<VoxMake.Torch.Native.TorchException>(() => Checkpoint.Load(layer, some, "small.safetensors"));
        Assert.Equal("small.safetensors does not fit Linear: weight has the shape [8, 3], not [4, 3]; bias is missing; first.bias is left over", error.Message);
    }

    [SkippableFact]
    public void Weight_decay_is_of_the_group_and_the_learning_rate_of_each_step()
    {
        using var scope = new TensorScope();
        var (decayed, plain) = (Ops.ones([1], ScalarType.Double), Ops.ones([1], ScalarType.Double));
        using var adam = new AdamW([new ParameterGroup([("decayed", decayed)], 0.5), new ParameterGroup([("plain", plain)], 0)], learningRate: 0.1);
        decayed.Grad = plain.Grad = Ops.zeros([1], ScalarType.Double);
        adam.Step();
        adam.LearningRate = 0.2;
        adam.Step();
        Assert.Equal((1 - 0.1 * 0.5) * (1 - 0.2 * 0.5), decayed.Item(), 1e-12);
        Assert.Equal(1, plain.Item());
        var group = new ParameterGroup([("plain", plain)], 0);
        Assert.Contains("plain is given twice", Assert.Throws<ArgumentException>(() => new AdamW([group, group], 0.1)).Message);
    }

    [SkippableFact]
    public void Small_steps_of_bf16_weights_add_up_in_master_weights_and_are_lost_without()
    {
        using var scope = new TensorScope();
        double After(ScalarType type, bool masterWeights)
        {
            var w = Ops.ones([4], type);
            using var adam = new AdamW([new ParameterGroup([("w", w)], 0.01)], 1e-4, masterWeights: masterWeights);
            for (var step = 0; step < 200; step++)
            {
                w.Grad = Ops.full([4], 0.125, type);
                adam.Step();
            }
            Assert.All(adam.NamedState(), state => Assert.Equal(ScalarType.Float, state.Tensor.Type));
            return w.to(ScalarType.Float).mean().Item();
        }

        var exact = After(ScalarType.Float, false);
        Assert.Equal(0.98, exact, 1e-3);
        Assert.Equal(exact, After(ScalarType.BFloat16, true), 1 / 512.0); // the rounding of the last one only
        Assert.Equal(1, After(ScalarType.BFloat16, false));
    }

    [SkippableFact]
    public void Training_in_bf16_taken_up_from_a_checkpoint_goes_on_to_the_bit()
    {
        using var scope = new TensorScope();
        using var folder = new TemporaryFolder();
        AdamW Make(Tensor w) => new([new ParameterGroup([("w", w)], 0.01)], 1e-3, masterWeights: true);
        void Train(Tensor w, AdamW adam, int from, int to)
        {
            for (var step = from; step < to; step++)
            {
                w.Grad = Tensor.From<float>([step, 1, -step], 3).to(ScalarType.BFloat16);
                adam.Step();
            }
        }

        var straight = Ops.ones([3], ScalarType.BFloat16);
        using var whole = Make(straight);
        Train(straight, whole, 0, 5);
        Checkpoint.Save([("w", straight), .. whole.NamedState()], folder.File("state.safetensors"));
        var taken = Ops.zeros([3], ScalarType.BFloat16);
        using var other = Make(taken);
        using (var file = SafetensorsFile.Open(folder.File("state.safetensors"))) Checkpoint.Load([("w", taken), .. other.NamedState()], "the state", file.Tensors, file.Path);
        other.Steps = whole.Steps;
        Train(straight, whole, 5, 10);
        Train(taken, other, 5, 10);
        Assert.True(straight.equal(taken));
        foreach (var (a, b) in whole.NamedState().Zip(other.NamedState())) Assert.True(a.Tensor.equal(b.Tensor), a.Name);
    }
}
