using VoxMake.Torch.Autograd;
using VoxMake.Torch.Native;
using VoxMake.Torch.Nn;

namespace VoxMake.Torch.Tests;

[Collection("libtorch")]
[Trait("Gpu", "yes")]
public class RecomputeTests
{
    public RecomputeTests() => NeedsTorch.OrSkip();

    private sealed class Block : Module
    {
        private readonly Linear _up, _down;
        private readonly LayerNorm _norm;

        public Block(long width)
        {
            _norm = Part("norm", new LayerNorm(width));
            _up = Part("up", new Linear(width, 2 * width));
            _down = Part("down", new Linear(2 * width, width));
        }

        public int Runs { get; private set; }

        public Tensor Forward(Tensor x)
        {
            Runs++;
            return x + _down.Forward(_up.Forward(_norm.Forward(x)).gelu()).dropout(0.5, Training);
        }
    }

    private static List<float[]> GradientsOf(Module module, Tensor x) =>
        [.. module.NamedParameters().Select(parameter => parameter.Tensor.Grad!.to(ScalarType.Float).ToArray<float>()), x.Grad!.ToArray<float>()];

    private static Tensor Input(Device device, params long[] shape)
    {
        var x = Ops.randn(shape).to(device);
        x.RequiresGrad = true;
        return x;
    }

    [SkippableTheory, InlineData("cpu", false), InlineData("cuda", false), InlineData("cpu", true), InlineData("cuda", true)]
    public void A_recomputed_part_with_dropout_has_the_values_and_gradients_of_a_plain_one_also_nested_and_in_mixed_precision(string name, bool mixed)
    {
        var device = NeedsTorch.OnOrSkip(name);
        using var scope = new TensorScope();
        using var block = new Block(8);
        block.MoveTo(device);
        var x = Input(device, 4, 8);

        (double Loss, List<float[]> Gradients, int Runs, byte[] Streams) Train(Func<Tensor, Tensor> forward)
        {
            using var inner = new TensorScope();
            block.ZeroGrad();
            x.Grad = null;
            var runs = block.Runs;
            Libtorch.ManualSeed(5);
            Tensor loss;
            using (mixed ? Libtorch.Autocast(device, ScalarType.BFloat16) : null) loss = (forward(x) + Ops.randn([4, 8], null, null, null, device)).to(ScalarType.Float).pow(2).mean();
            loss.Backward(); // outside autocast: the second run has to bring it back
            return (loss.Item(), GradientsOf(block, x), block.Runs - runs, Libtorch.RandomStateOf(device));
        }

        var plain = Train(input => block.Forward(block.Forward(input)));
        var recomputed = Train(input => Recompute.Run(given => block.Forward(given[0]), Recompute.Run(given => block.Forward(given[0]), input)));
        var nested = Train(input => Recompute.Run(given => block.Forward(Recompute.Run(more => block.Forward(more[0]), given[0])), input));
        Assert.Equal((2, 4, 5), (plain.Runs, recomputed.Runs, nested.Runs));
        foreach (var other in new[] { recomputed, nested })
        {
            Assert.Equal(plain.Loss, other.Loss);
            Assert.Equal(plain.Streams, other.Streams); // what is drawn afterwards is the same, too
            foreach (var (expected, actual) in plain.Gradients.Zip(other.Gradients))
                for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], mixed ? 1e-2f * (Math.Abs(expected[i]) + 0.1f) : 1e-6f);
        }
    }

    [SkippableFact]
    public void Without_autocasts_cache_being_cleared_a_weight_used_before_would_lose_its_gradient()
    {
        using var scope = new TensorScope();
        using var layer = new Linear(4, 4, bias: false);
        var x = Input(Device.Cpu, 2, 4);
        using (Libtorch.Autocast(Device.Cpu, ScalarType.BFloat16))
        {
            var first = Recompute.Run(given => layer.Forward(given[0]), x);
            layer.Forward(first.detach()).to(ScalarType.Float).sum().Backward(); // only the plain use reaches the weight
        }
        Assert.NotNull(layer.NamedParameters().Single().Tensor.Grad);
    }

    [SkippableFact]
    public void A_stream_of_ones_own_draws_the_same_in_both_runs_when_it_is_named()
    {
        using var scope = new TensorScope();
        using var stream = new Generator(3);
        var x = Input(Device.Cpu, 50);
        var y = Recompute.Run(given => [given[0] * Ops.rand([50], stream)], [x], stream)[0];
        var after = stream.State;
        y.sum().Backward();
        Assert.Equal(after, stream.State);
        Assert.True((x.detach() * x.Grad!).equal(y.detach()));
    }

    [SkippableFact]
    public void Parameters_get_gradients_even_if_no_input_wants_one_and_several_results_of_any_type_come_back()
    {
        using var scope = new TensorScope();
        using var layer = new Linear(3, 3);
        var x = Ops.ones([2, 3]);
        var results = Recompute.Run(given => [layer.Forward(given[0]), Tensor.From<long>([7], 1), given[0]], [x]);
        Assert.Equal([true, false], results.Take(2).Select(result => result.RequiresGrad));
        Assert.Equal([7L], results[1].ToArray<long>());
        (results[0].sum() + results[2].sum()).Backward();
        Assert.Equal([2f, 2f, 2f], layer.NamedParameters().Last().Tensor.Grad!.ToArray<float>());
        Assert.Null(x.Grad);
        using (Libtorch.NoGrad()) Assert.False(Recompute.Run(given => layer.Forward(given[0]), x).RequiresGrad);
    }

    [SkippableTheory, InlineData("cpu"), InlineData("cuda")]
    public void What_the_body_throws_comes_out_of_backward_as_it_was_through_two_levels_and_nothing_is_left(string name)
    {
        var device = NeedsTorch.OnOrSkip(name);
        var before = Tensor.Live;
        using (new TensorScope())
        {
            var x = Input(device, 3);
            var runs = 0;
            Tensor Body(Tensor[] given) => runs++ < 2 ? given[0] * 2 : throw new KeyNotFoundException("in the body");
            var y = Recompute.Run(given => Recompute.Run(Body, given[0]), x); // run 1 records nothing; run 2 is the second of the outer; run 3 fails
            var error = Assert.Throws<KeyNotFoundException>(() => y.sum().Backward());
            Assert.Equal("in the body", error.Message);
            Assert.Contains(nameof(Body), error.StackTrace);
            Assert.Null(x.Grad);
            (x * 2).sum().Backward(); // it goes on
            Assert.Equal([2f, 2f, 2f], x.Grad!.ToArray<float>());
        }
        Assert.Equal(before, Tensor.Live);
    }

    [SkippableFact]
    public void A_graph_can_be_gone_through_again_only_if_it_was_kept_and_has_no_second_derivative()
    {
        using var scope = new TensorScope();
        var x = Input(Device.Cpu, 3);
        Tensor Make() => Recompute.Run(given => given[0] * given[0], x).sum();
        var kept = Make();
        kept.Backward(retainGraph: true);
        kept.Backward();
        Assert.True((x.detach() * 4).equal(x.Grad!));
        Assert.Contains("retainGraph", Assert.Throws<TorchException>(() => kept.Backward()).Message);
        Assert.Contains("no second derivative", Assert.Throws<TorchException>(() => Make().Backward(createGraph: true)).Message);
    }

    [SkippableFact]
    public void An_input_that_was_changed_in_place_is_refused_instead_of_giving_wrong_gradients()
    {
        using var scope = new TensorScope();
        var x = Input(Device.Cpu, 3);
        var between = x * 1;
        var y = Recompute.Run(given => given[0] * given[0], between).sum();
        between.add_(1);
        Assert.Contains("changed in place", Assert.Throws<TorchException>(() => y.Backward()).Message);
    }

    [SkippableFact]
    public void Seventy_levels_go_deeper_than_autograd_stays_on_one_thread()
    {
        using var scope = new TensorScope();
        var x = Input(Device.Cpu, 2);
        var threads = new HashSet<int>();
        Tensor Level(Tensor given, int left)
        {
            threads.Add(Environment.CurrentManagedThreadId);
            return left == 0 ? given * 1.5 : Recompute.Run(more => Level(more[0], left - 1), given);
        }

        Level(x, 70).sum().Backward();
        Assert.Equal([1.5f, 1.5f], x.Grad!.ToArray<float>());
        Assert.True(threads.Count > 1, "backward was called back on one thread only, so this shows nothing");
    }

    [SkippableTheory, InlineData("cpu"), InlineData("cuda")]
    public void Two_hundred_recomputed_steps_leave_live_handles_flat_whether_or_not_backward_is_called(string name)
    {
        var device = NeedsTorch.OnOrSkip(name);
        using var block = new Block(16);
        block.MoveTo(device);
        long handles = 0;
        for (var step = 0; step < 200; step++)
        {
            using (new TensorScope())
            {
                var x = Input(device, 8, 16);
                var loss = Recompute.Run(given => block.Forward(Recompute.Run(more => block.Forward(more[0]), given[0])), x).pow(2).mean();
                block.ZeroGrad();
                if (step % 3 > 0) loss.Backward();
            }
            block.ZeroGrad();
            if (step == 20) handles = Tensor.Live;
        }
        Assert.Equal(handles, Tensor.Live);
    }

    [SkippableFact]
    public void Only_inputs_are_kept_between_forward_and_backward()
    {
        using var block = new Block(64);
        using var scope = new TensorScope();
        var x = Input(Device.Cpu, 8, 64);
        var before = Tensor.Live;
        var freed = 0;
        unsafe Tensor Watched(Tensor given) // a view of foreign memory says when nobody holds it
        {
            var memory = System.Runtime.InteropServices.NativeMemory.AllocZeroed(8 * 64 * 4);
            return block.Forward(given) * Tensor.Over(memory, ScalarType.Float, [8, 64], () => { freed++; System.Runtime.InteropServices.NativeMemory.Free(memory); });
        }

        var y = Recompute.Run(given => Watched(given[0]), x);
        Assert.Equal(1, freed); // plain multiplication would have kept it for backward
        Assert.Equal(2, Tensor.Live - before); // the result and the kept input
        y.sum().Backward();
        Assert.Equal(2, freed);
    }
}
