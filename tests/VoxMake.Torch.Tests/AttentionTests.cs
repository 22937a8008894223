using VoxMake.Torch.Nn;

namespace VoxMake.Torch.Tests;

[Collection("libtorch")]
[Trait("Gpu", "yes")]
public class AttentionTests
{
    public AttentionTests() => NeedsTorch.OrSkip();

    /// <summary>The formula as it is written, head by head: softmax(q·kᵀ·scale + bias)·v.</summary>
    private static Tensor Written(Tensor q, Tensor k, Tensor v, Tensor? bias, double scale)
    {
        var share = q.Size(1) / k.Size(1);
        var heads = new List<Tensor>();
        for (var head = 0L; head < q.Size(1); head++)
        {
            var scores = q.select(1, head).matmul(k.select(1, head / share).transpose(1, 2)) * scale;
            if (bias is not null) scores += bias.expand([q.Size(0), q.Size(1), q.Size(2), k.Size(2)]).select(1, head);
            heads.Add(scores.softmax(-1).matmul(v.select(1, head / share)));
        }
        return Ops.stack(heads, 1);
    }

    /// <summary>0 where a query sees a key, −∞ elsewhere, written out in loops.</summary>
    private static Tensor BiasOf(long[] shape, Func<long, long, long, long, bool> sees)
    {
        var values = new List<float>();
        for (var b = 0L; b < shape[0]; b++)
            for (var h = 0L; h < shape[1]; h++)
                for (var t = 0L; t < shape[2]; t++)
                    for (var key = 0L; key < shape[3]; key++) values.Add(sees(b, h, t, key) ? 0 : float.NegativeInfinity);
        return Tensor.From<float>(values.ToArray(), shape);
    }

    public static TheoryData<string, int, int, int, bool, string, bool> Cases()
    {
        var cases = new TheoryData<string, int, int, int, bool, string, bool>();
        foreach (var device in new[] { "cpu", "cuda" })
            foreach (var (heads, groups) in new[] { (4, 4), (6, 2), (3, 1) })
                foreach (var (time, keys) in new[] { (7, 7), (1, 9), (4, 9) })
                    foreach (var (causal, mask) in new[] { (false, "none"), (true, "none"), (true, "padding"), (false, "padding"), (false, "added"), (true, "added") })
                        foreach (var scaled in new[] { false, true }) cases.Add($"{device}", heads * 10 + groups, time, keys, causal, mask, scaled);
        return cases;
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void It_is_the_formula_as_written_and_so_are_its_gradients(string name, int headsAndGroups, int time, int keys, bool causal, string mask, bool scaled)
    {
        var device = NeedsTorch.OnOrSkip(name);
        var (heads, groups) = (headsAndGroups / 10, headsAndGroups % 10);
        using var scope = new TensorScope();
        using var stream = new Generator(11);
        Tensor Draw(params long[] shape)
        {
            var x = Ops.randn(shape, stream).to(device);
            x.RequiresGrad = true;
            return x;
        }

        var (q, k, v) = (Draw(2, heads, time, 8), Draw(2, groups, keys, 8), Draw(2, groups, keys, 5));
        var added = Ops.randn([1, heads, time, keys], stream).to(device);
        long[] seen = [9, 5]; // of each clip, keys that are no padding
        Tensor? given = mask switch
        {
            "padding" => Tensor.From<bool>([.. seen.SelectMany(count => Enumerable.Range(0, keys).Select(key => key < count))], 2, 1, 1, keys).to(device),
            "added" => added,
            _ => null,
        };
        if (mask == "padding" && causal && time == keys) seen = [7, 5];
        var bias = BiasOf([2, heads, time, keys], (b, _, t, key) => (mask != "padding" || key < seen[b]) && (!causal || key <= t + keys - time)).to(device);
        if (mask == "added") bias += added;
        var weights = Ops.randn([2, heads, time, 5], stream).to(device);

        (Tensor Value, Tensor[] Gradients) Of(Tensor value)
        {
            (value * weights).sum().Backward();
            Tensor[] gradients = [.. new[] { q, k, v }.Select(x => x.Grad!)];
            q.Grad = k.Grad = v.Grad = null;
            return (value.detach(), gradients);
        }

        var scale = scaled ? 0.3 : 1 / Math.Sqrt(8);
        var expected = Of(Written(q, k, v, bias, scale));
        var actual = Of(Attention.ScaledDotProduct(q, k, v, given, causal, scaled ? scale : null, groupedQuery: heads != groups));
        Assert.InRange((expected.Value - actual.Value).abs().max().Item(), 0, 1e-5);
        foreach (var (wanted, got) in expected.Gradients.Zip(actual.Gradients)) Assert.InRange((wanted - got).abs().max().Item(), 0, 1e-5);
        var composed = Attention.Composed(q, k, v, given, causal, scale).detach(); // what is used where there is no operator, on every libtorch
        Assert.InRange((expected.Value - composed).abs().max().Item(), 0, 1e-5);
    }

    [SkippableTheory, InlineData("cpu"), InlineData("cuda")]
    public void In_bf16_it_is_as_near_as_bf16_is(string name)
    {
        var device = NeedsTorch.OnOrSkip(name);
        using var scope = new TensorScope();
        using var stream = new Generator(2);
        Tensor Draw(params long[] shape) => Ops.randn(shape, stream).to(device, ScalarType.BFloat16);
        var (q, k, v) = (Draw(1, 4, 6, 16), Draw(1, 2, 6, 16), Draw(1, 2, 6, 16));
        var y = Attention.ScaledDotProduct(q, k, v, causal: true, groupedQuery: true);
        Assert.Equal(ScalarType.BFloat16, y.Type);
        Tensor Wide(Tensor x) => x.to(ScalarType.Float);
        var bias = BiasOf([1, 4, 6, 6], (_, _, t, key) => key <= t).to(device);
        Assert.InRange((Wide(y) - Written(Wide(q), Wide(k), Wide(v), bias, 0.25)).abs().max().Item(), 0, 0.03);
    }

    [SkippableFact]
    public void Heads_that_do_not_fit_and_more_queries_than_causal_keys_are_refused()
    {
        using var scope = new TensorScope();
        Tensor Of(long heads, long time) => Ops.zeros([1, heads, time, 2]);
        Assert.Contains("set groupedQuery", Assert.Throws<ArgumentException>(() => Attention.ScaledDotProduct(Of(4, 3), Of(2, 3), Of(2, 3))).Message);
        Assert.Contains("4 heads of queries do not go with 3", Assert.Throws<ArgumentException>(() => Attention.ScaledDotProduct(Of(4, 3), Of(3, 3), Of(3, 3), groupedQuery: true)).Message);
        Assert.Contains("5 queries", Assert.Throws<ArgumentException>(() => Attention.ScaledDotProduct(Of(2, 5), Of(2, 3), Of(2, 3), causal: true)).Message);
        Assert.Contains("[batch, heads, time, head_dim]", Assert.Throws<ArgumentException>(() => Attention.ScaledDotProduct(Ops.zeros([2, 2]), Of(2, 3), Of(2, 3))).Message);
    }
}
