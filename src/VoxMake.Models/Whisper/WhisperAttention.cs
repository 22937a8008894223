using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Whisper;

/// <summary>Is shown a layer's products of queries and keys, before the softmax: [rows, heads, tokens, keys]. The tensor dies when it returns.</summary>
public delegate void AttentionLooker(int layer, Tensor scores);

/// <summary>Attention with several heads (Vaswani et al. 2017); keys have no bias.</summary>
internal sealed class WhisperAttention : Module
{
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
        var q = _q.Forward(x);
        var seen = bias is null && look is null && Attention.IsFused ? Attention.ScaledDotProduct(Heads(q, rows), held.Keys, held.Values) : Composed(Heads(q * _scale, rows), held.Keys, held.Values, bias, look);
        return _out.Forward(seen.transpose(1, 2).reshape([x.Size(0), _heads * _width]));
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
