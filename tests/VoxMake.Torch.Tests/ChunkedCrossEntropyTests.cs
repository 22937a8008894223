using VoxMake.Torch.Native;
using VoxMake.Torch.Nn;

namespace VoxMake.Torch.Tests;

[Collection("libtorch")]
[Trait("Gpu", "yes")]
public class ChunkedCrossEntropyTests
{
    public ChunkedCrossEntropyTests() => NeedsTorch.OrSkip();

    private const int Tokens = 37, Width = 24, Vocabulary = 501;

    /// <summary>Numbers from a fixed stream: hidden, weight and labels, of which every fifth does not count.</summary>
    private static (Tensor Hidden, Tensor Weight, Tensor Labels) Draw(Device device, ScalarType type = ScalarType.Float)
    {
        using var stream = new Generator(4);
        var (hidden, weight) = (Ops.randn([Tokens, Width], stream).to(device, type), Ops.randn([Vocabulary, Width], stream).to(device, type));
        hidden.RequiresGrad = weight.RequiresGrad = true;
        return (hidden, weight, Tensor.From<long>([.. Enumerable.Range(0, Tokens).Select(i => i % 5 == 3 ? ChunkedCrossEntropy.Ignored : i * 131L % Vocabulary)], Tokens).to(device));
    }

    private static Tensor Plain(Tensor hidden, Tensor weight, Tensor labels)
    {
        var ignored = labels.eq(ChunkedCrossEntropy.Ignored);
        var all = hidden.linear(weight).to(ScalarType.Float).log_softmax(-1).gather(1, labels.masked_fill(ignored, 0).unsqueeze(1)).squeeze(1);
        return -all.masked_fill(ignored, 0).sum();
    }

    private static (double Loss, Tensor? Hidden, Tensor? Weight) Gradients(Tensor loss, Tensor hidden, Tensor weight)
    {
        (loss / 29.0).Backward();
        var all = (loss.Item(), hidden.Grad?.to(ScalarType.Float), weight.Grad?.to(ScalarType.Float));
        hidden.Grad = weight.Grad = null;
        return all;
    }

    private static double Far(Tensor expected, Tensor actual) => ((expected - actual).abs().max() / expected.abs().max()).Item();

    [SkippableTheory]
    [InlineData("cpu", 1L), InlineData("cpu", 8L), InlineData("cpu", 37L), InlineData("cpu", 1000L), InlineData("cpu", null)]
    [InlineData("cuda", 1L), InlineData("cuda", 8L), InlineData("cuda", null)]
    public void Loss_and_gradients_are_the_plain_formulas_whatever_the_chunk(string name, long? chunk)
    {
        using var scope = new TensorScope();
        var (hidden, weight, labels) = Draw(NeedsTorch.OnOrSkip(name));
        var expected = Gradients(Plain(hidden, weight, labels), hidden, weight);
        var (loss, tokens) = ChunkedCrossEntropy.Sum(hidden, weight, labels, chunk);
        Assert.Equal(30, tokens); // 7 of 37 do not count
        Assert.Equal(ScalarType.Float, loss.Type);
        var actual = Gradients(loss, hidden, weight);
        Assert.InRange(Math.Abs(actual.Loss / expected.Loss - 1), 0, 1e-6);
        Assert.InRange(Far(expected.Hidden!, actual.Hidden!), 0, 1e-5);
        Assert.InRange(Far(expected.Weight!, actual.Weight!), 0, 1e-5);
    }

    [SkippableTheory, InlineData("cpu", false), InlineData("cpu", true), InlineData("cuda", false), InlineData("cuda", true)]
    public void In_bf16_by_type_or_by_autocast_it_is_no_farther_from_the_truth_than_the_plain_formula(string name, bool autocast)
    {
        var device = NeedsTorch.OnOrSkip(name);
        using var scope = new TensorScope();
        var (hidden, weight, labels) = Draw(device, autocast ? ScalarType.Float : ScalarType.BFloat16);
        Tensor Wide(Tensor x)
        {
            var wide = x.detach().to(ScalarType.Float);
            wide.RequiresGrad = true;
            return wide;
        }

        var (trueHidden, trueWeight) = (Wide(hidden), Wide(weight));
        var truth = Gradients(Plain(trueHidden, trueWeight, labels), trueHidden, trueWeight);
        (double, Tensor?, Tensor?) Of(Func<Tensor> make)
        {
            Tensor loss;
            using (autocast ? Libtorch.Autocast(device, ScalarType.BFloat16) : null) loss = make();
            return Gradients(loss, hidden, weight);
        }

        var plain = Of(() => Plain(hidden, weight, labels));
        var chunked = Of(() => ChunkedCrossEntropy.Sum(hidden, weight, labels, 8).Loss);
        Assert.InRange(Math.Abs(chunked.Item1 / plain.Item1 - 1), 0, 1e-6);
        Assert.InRange(Far(truth.Hidden!, chunked.Item2!), 0, Far(truth.Hidden!, plain.Item2!) * 1.1 + 1e-6);
        Assert.InRange(Far(truth.Weight!, chunked.Item3!), 0, Far(truth.Weight!, plain.Item3!) * 1.1 + 1e-6);
    }

    [SkippableFact]
    public void Under_a_frozen_head_only_the_hidden_get_a_gradient_and_where_nothing_is_recorded_nobody_does()
    {
        using var scope = new TensorScope();
        var (hidden, weight, labels) = Draw(Device.Cpu);
        var whole = Gradients(ChunkedCrossEntropy.Sum(hidden, weight, labels, 10).Loss, hidden, weight);
        weight.RequiresGrad = false;
        var before = Tensor.Live;
        var loss = ChunkedCrossEntropy.Sum(hidden, weight, labels, 10).Loss;
        Assert.Equal(2, Tensor.Live - before); // the loss, and the gradient of the hidden
        var frozen = Gradients(loss, hidden, weight);
        Assert.Null(frozen.Weight);
        Assert.True(whole.Hidden!.equal(frozen.Hidden!));
        using (Libtorch.NoGrad())
        {
            var seen = ChunkedCrossEntropy.Sum(hidden, weight, labels, 10).Loss;
            Assert.False(seen.RequiresGrad);
            Assert.Equal(whole.Loss, seen.Item());
        }
    }

    [SkippableFact]
    public void Tokens_that_do_not_count_add_nothing_and_a_large_logit_does_not_overflow()
    {
        using var scope = new TensorScope();
        var (hidden, weight, _) = Draw(Device.Cpu);
        var none = Gradients(ChunkedCrossEntropy.Sum(hidden, weight, Ops.full([Tokens], ChunkedCrossEntropy.Ignored, ScalarType.Long), 8).Loss, hidden, weight);
        Assert.Equal((0, 0, 0), (none.Loss, none.Hidden!.abs().max().Item(), none.Weight!.abs().max().Item()));
        using (Libtorch.NoGrad())
        {
            var huge = ChunkedCrossEntropy.Sum(hidden * 1e4, weight, Ops.zeros([Tokens], ScalarType.Long), 8).Loss.Item();
            Assert.True(double.IsFinite(huge) && huge > 1e5);
        }
    }

    [SkippableFact]
    public void Steps_leave_live_handles_flat()
    {
        using var outer = new TensorScope();
        var (hidden, weight, labels) = Draw(Device.Cpu);
        long handles = 0;
        for (var step = 0; step < 30; step++)
        {
            using (new TensorScope())
            {
                hidden.Grad = weight.Grad = null;
                var (loss, tokens) = ChunkedCrossEntropy.Sum(hidden, weight, labels, 8);
                if (step % 3 > 0) (loss / tokens).Backward();
            }
            if (step == 3) handles = Tensor.Live;
        }
        Assert.Equal(handles, Tensor.Live);
    }

    [SkippableFact]
    public void A_second_backward_and_what_does_not_fit_are_refused()
    {
        using var scope = new TensorScope();
        var (hidden, weight, labels) = Draw(Device.Cpu);
        var loss = ChunkedCrossEntropy.Sum(hidden, weight, labels).Loss;
        loss.Backward(retainGraph: true);
        Assert.Contains("no second one", Assert.Throws<TorchException>(() => loss.Backward()).Message);
        Assert.Contains("hidden [tokens, width]", Assert.Throws<ArgumentException>(() => ChunkedCrossEntropy.Sum(hidden, weight, Ops.zeros([3], ScalarType.Long))).Message);
        Assert.Contains("type Long", Assert.Throws<ArgumentException>(() => ChunkedCrossEntropy.Sum(hidden, weight, labels.to(ScalarType.Int))).Message);
        Assert.Contains("at least one", Assert.Throws<ArgumentOutOfRangeException>(() => ChunkedCrossEntropy.Sum(hidden, weight, labels, 0)).Message);
        Assert.Throws<TorchException>(() => ChunkedCrossEntropy.Sum(hidden, weight, Ops.full([Tokens], Vocabulary, ScalarType.Long))); // no such id
    }
}
