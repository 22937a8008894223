using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Whisper;

/// <summary>Is shown a layer's products of queries and keys, before the softmax: [rows, heads, tokens, keys]. The tensor dies when it returns.</summary>
public delegate void AttentionLooker(int layer, Tensor scores);

/// <summary>Attention with several heads (Vaswani et al. 2017); keys have no bias.</summary>
internal sealed class WhisperAttention : Module
{
    private const long MostBytes = 16 << 20;

    private readonly WhisperLinear _q, _k, _v, _out;
    private readonly long _heads, _width;
    private readonly double _scale;

    public WhisperAttention(string name, long hidden, long heads, WeightSource weights)
    {
        (_heads, _width, _scale) = (heads, hidden / heads, 1 / Math.Sqrt(hidden / heads));
        WhisperLinear Projection(string part, bool bias = true) => Part(part, new WhisperLinear($"{name}.{part}", hidden, hidden, weights, bias));
        _k = Projection("k_proj", bias: false);
        _v = Projection("v_proj");
        _q = Projection("q_proj");
        _out = Projection("out_proj");
    }

    /// <summary>Keys and values of <paramref name="x"/> [rows · time, hidden]: [rows, heads, time, head_dim] each, views of [rows, time, heads, head_dim].</summary>
    public (Tensor Keys, Tensor Values) KeysValues(Tensor x, long rows) => (Heads(_k.Forward(x), rows), Heads(_v.Forward(x), rows));

    /// <summary>Queries of <paramref name="x"/> [rows · time, hidden] over given keys and values.</summary>
    /// <param name="rows">Rows of keys; queries may be a multiple of them, which follow one another.</param>
    /// <param name="bias">Added to the products, [time, keys]; null for none.</param>
    /// <returns>[rows · time, hidden]</returns>
    public Tensor Forward(Tensor x, long rows, (Tensor Keys, Tensor Values) held, Tensor? bias, Action<Tensor>? look)
    {
        var q = Heads(_q.Forward(x), rows);
        var bytes = 4 * rows * _heads * q.Size(2) * held.Keys.Size(2);
        var seen = bias is null && look is null && Attention.IsFused ? Attention.ScaledDotProduct(q, held.Keys, held.Values).transpose(1, 2)
            : bias is null && look is null && bytes > MostBytes && x.Device == Device.Cpu ? HeadByHead(q * _scale, held.Keys, held.Values)
            : Composed(q * _scale, held.Keys, held.Values, bias, look).transpose(1, 2);
        return _out.Forward(seen.reshape([x.Size(0), _heads * _width]));
    }

    /// <summary>
    /// A window's products of 1,500 positions are 9 MB a head. All heads at once would be memory that the allocator takes from the system and gives back each time (above 32 MB), page by page; one
    /// head's comes from what the last one left.
    /// </summary>
    /// <returns>[rows, time, heads, head_dim]</returns>
    private Tensor HeadByHead(Tensor q, Tensor keys, Tensor values)
    {
        var seen = Ops.empty([q.Size(0), q.Size(2), _heads, _width], q.Type, null, q.Device);
        for (var row = 0; row < q.Size(0); row++)
            for (var head = 0; head < _heads; head++)
            {
                using var scope = new TensorScope();
                Tensor One(Tensor x) => x.select(0, row).select(0, head);
                seen.select(0, row).select(1, head).copy_(One(q).matmul(One(keys).transpose(0, 1)).softmax(-1).matmul(One(values)));
            }
        return seen;
    }

    private static Tensor Composed(Tensor q, Tensor keys, Tensor values, Tensor? bias, Action<Tensor>? look)
    {
        var scores = q.matmul(keys.transpose(2, 3));
        if (bias is not null) scores = scores.add_(bias);
        look?.Invoke(scores);
        var weights = q.Type is ScalarType.BFloat16 or ScalarType.Half ? scores.softmax(-1, ScalarType.Float).to(q.Type) : scores.softmax(-1);
        return weights.matmul(values);
    }

    private Tensor Heads(Tensor x, long rows) => x.view([rows, x.Size(0) / rows, _heads, _width]).transpose(1, 2);
}
