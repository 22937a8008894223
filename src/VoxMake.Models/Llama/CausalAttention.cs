using VoxMake.Torch;

namespace VoxMake.Models.Llama;

/// <summary>Attention in which each query sees keys up to its own position; where there are more keys than queries, the queries are the last ones.</summary>
internal static class CausalAttention
{
    /// <param name="q">[batch, heads, queries, head_dim]</param>
    /// <param name="k">[batch, kv_heads, keys, head_dim]; values are the same.</param>
    /// <returns>[batch, heads, queries, head_dim]</returns>
    public static Tensor Of(Tensor q, Tensor k, Tensor v)
    {
        var (batch, heads, queries, width, shared, keys) = (q.Size(0), q.Size(1), q.Size(2), q.Size(3), k.Size(1), k.Size(2));
        if (queries == 1)
        {
            // All heads that share keys see the same ones: they are as well several queries of one head, and no key is copied.
            return Plain(q.reshape([batch, shared, heads / shared, width]), k, v, null).reshape([batch, heads, 1, width]);
        }
        var row = Ops.arange(keys - queries, keys, 1, ScalarType.Long, null, q.Device).unsqueeze(1);
        var later = Ops.arange(0, keys, 1, ScalarType.Long, null, q.Device).unsqueeze(0).gt(row);
        Tensor Each(Tensor x) => shared == heads ? x : x.unsqueeze(2).expand([batch, shared, heads / shared, keys, width]).reshape([batch, heads, keys, width]);
        return Plain(q, Each(k), Each(v), later);
    }

    private static Tensor Plain(Tensor q, Tensor k, Tensor v, Tensor? hidden)
    {
        var scores = q.matmul(k.transpose(-2, -1)) * (1 / Math.Sqrt(q.Size(-1)));
        if (hidden is not null) scores = scores.masked_fill(hidden, double.NegativeInfinity);
        return scores.softmax(-1, ScalarType.Float).to(q.Type).matmul(v);
    }
}
