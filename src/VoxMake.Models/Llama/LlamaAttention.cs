using VoxMake.Models.Lora;
using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Llama;

/// <summary>Causal self-attention in which several heads of queries share one of keys and values (Ainslie et al., "GQA", 2023), within each sequence of a batch only.</summary>
internal sealed class LlamaAttention : Module
{
    private readonly LlamaConfig _config;
    private readonly int _layer;

    public LlamaAttention(string name, int layer, LlamaConfig config, WeightSource weights)
    {
        (_config, _layer) = (config, layer);
        LoraLinear Projection(string part, long from, long to, bool bias) => Part(part, new LoraLinear($"{name}.{part}", from, to, bias, weights));
        var (queries, shared) = ((long)config.NumAttentionHeads * config.HeadDim, (long)config.NumKeyValueHeads * config.HeadDim);
        Q = Projection("q_proj", config.HiddenSize, queries, config.QkvBias);
        K = Projection("k_proj", config.HiddenSize, shared, config.QkvBias);
        V = Projection("v_proj", config.HiddenSize, shared, config.QkvBias);
        O = Projection("o_proj", queries, config.HiddenSize, config.OutputBias);
    }

    public LoraLinear Q { get; }
    public LoraLinear K { get; }
    public LoraLinear V { get; }
    public LoraLinear O { get; }

    /// <param name="x">[tokens, hidden]</param>
    /// <param name="angles">Of each token's position: [tokens, 1, head_dim].</param>
    /// <param name="caches">One for each sequence; null where nothing is kept.</param>
    /// <returns>[tokens, hidden]</returns>
    public Tensor Forward(Tensor x, TokenBatch batch, (Tensor Cos, Tensor Sin) angles, IReadOnlyList<KvCache>? caches)
    {
        var tokens = x.Size(0);
        Tensor Heads(LoraLinear projection, int heads) => projection.Forward(x).view([tokens, heads, _config.HeadDim]);
        var q = RotaryEmbedding.Turn(Heads(Q, _config.NumAttentionHeads), angles);
        var k = RotaryEmbedding.Turn(Heads(K, _config.NumKeyValueHeads), angles);
        var v = Heads(V, _config.NumKeyValueHeads);
        var seen = caches is null ? WithinEach(q, k, v, batch.Lengths) : WithCaches(q, k, v, batch.Lengths, caches);
        return O.Forward(seen.reshape([tokens, (long)_config.NumAttentionHeads * _config.HeadDim]));
    }

    /// <summary>[tokens, heads, head_dim] → the same; sequences of one length go together.</summary>
    private static Tensor WithinEach(Tensor q, Tensor k, Tensor v, IReadOnlyList<int> lengths)
    {
        if (lengths.All(length => length == lengths[0]))
        {
            Tensor Batch(Tensor x) => x.view([lengths.Count, lengths[0], x.Size(1), x.Size(2)]).transpose(1, 2);
            return Seen(Batch(q), Batch(k), Batch(v)).transpose(1, 2);
        }
        var (at, seen) = (0L, new List<Tensor>(lengths.Count));
        foreach (var length in lengths)
        {
            Tensor One(Tensor x) => x.narrow(0, at, length).transpose(0, 1).unsqueeze(0);
            seen.Add(Seen(One(q), One(k), One(v)).squeeze(0).transpose(0, 1));
            at += length;
        }
        return Ops.cat(seen);
    }

    private Tensor WithCaches(Tensor q, Tensor k, Tensor v, IReadOnlyList<int> lengths, IReadOnlyList<KvCache> caches)
    {
        if (!Attention.IsFused && q.Type == ScalarType.Float && lengths.All(length => length == 1)) return NextOfEach(q, k, v, caches);
        var (at, seen) = (0L, new List<Tensor>(lengths.Count));
        for (var i = 0; i < lengths.Count; i++)
        {
            Tensor One(Tensor x) => x.narrow(0, at, lengths[i]).transpose(0, 1);
            var (keys, values) = caches[i].Add(_layer, One(k), One(v));
            seen.Add(Seen(One(q).unsqueeze(0), keys.unsqueeze(0), values.unsqueeze(0)).squeeze(0).transpose(0, 1));
            at += lengths[i];
        }
        return Ops.cat(seen);
    }

    /// <summary>One new token of each sequence, as running generations have: the same as the composed attention with half as many operators, which at such sizes is what counts.</summary>
    private Tensor NextOfEach(Tensor q, Tensor k, Tensor v, IReadOnlyList<KvCache> caches)
    {
        long shared = _config.NumKeyValueHeads, share = _config.NumAttentionHeads / shared;
        var (rows, seen) = ((q * (1 / Math.Sqrt(_config.HeadDim))).view([caches.Count, shared, share, _config.HeadDim]), new List<Tensor>(caches.Count));
        for (var i = 0; i < caches.Count; i++)
        {
            var (keys, values) = caches[i].Add(_layer, k.select(0, i), v.select(0, i));
            seen.Add(rows.select(0, i).bmm(keys.transpose(1, 2)).softmax(-1).bmm(values));
        }
        return Ops.stack(seen);
    }

    /// <summary>Queries are the last ones of the keys: [batch, heads, tokens, head_dim].</summary>
    private static Tensor Seen(Tensor q, Tensor k, Tensor v) => Attention.ScaledDotProduct(q, k, v, causal: true, groupedQuery: true);
}
