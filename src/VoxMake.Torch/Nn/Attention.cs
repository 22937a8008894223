using VoxMake.Torch.Native;

namespace VoxMake.Torch.Nn;

/// <summary>Scaled dot-product attention (Vaswani and others, "Attention Is All You Need", 3.2.1), also with fewer heads of keys and values than of queries (Ainslie and others, "GQA").</summary>
public static unsafe class Attention
{
    /// <summary>torch.nn.functional.scaled_dot_product_attention, which is there from PyTorch 2.0 on; asked once.</summary>
    private static readonly Lazy<(nint Handle, bool Grouped)> Fused = new(() =>
    {
        var handle = Operator.FindOrNone("aten::scaled_dot_product_attention", "");
        return (handle, handle != 0 && Operator.Schema(handle).Contains("enable_gqa", StringComparison.Ordinal));
    });

    /// <summary>Whether libtorch has one operator for all of it; without it, it is put together of products and softmax.</summary>
    public static bool IsFused => Fused.Value.Handle != 0;

    /// <summary>Each query's mean of the values, weighted with the softmax of its products with the keys.</summary>
    /// <param name="q">Queries, <c>[batch, heads, time, head_dim]</c>.</param>
    /// <param name="k">Keys, <c>[batch, kv_heads, keys, head_dim]</c>.</param>
    /// <param name="v">Values, <c>[batch, kv_heads, keys, value_dim]</c>.</param>
    /// <param name="mask">
    /// To be broadcast to <c>[batch, heads, time, keys]</c>: of bool, true where a query sees a key; else added to the products. A query that sees no key at all has no defined result.
    /// </param>
    /// <param name="causal">
    /// Whether a query sees only the keys up to its own time. The last query stands at the last key, so that keys of a cache may come before; together with a mask both hold.
    /// </param>
    /// <param name="scale">What products are multiplied by; 1/√head_dim unless given.</param>
    /// <param name="groupedQuery">Whether each head of keys and values serves heads/kv_heads queries that follow one another; else there must be as many of both.</param>
    /// <returns><c>[batch, heads, time, value_dim]</c>.</returns>
    public static Tensor ScaledDotProduct(Tensor q, Tensor k, Tensor v, Tensor? mask = null, bool causal = false, double? scale = null, bool groupedQuery = false)
    {
        Check(q, k, v, causal, groupedQuery);
        if (!IsFused) return Composed(q, k, v, mask, causal, scale);
        if (scale is { } given) q *= given * Math.Sqrt(q.Size(-1)); // 2.0 takes no scale
        var plainCausal = causal && mask is null && q.Size(2) == k.Size(2); // the operator's own causality counts from the first key
        if (!plainCausal) mask = Bias(q, k, mask, causal);
        // The operator's kernels that know of groups want bf16 or half and no mask; any other call would fall back to all products in memory, while repeated keys keep it fused.
        var grouped = Fused.Value.Grouped && mask is null && q.Type is ScalarType.BFloat16 or ScalarType.Half && q.Size(1) != k.Size(1);
        if (!grouped) (k, v) = (Repeated(k, q.Size(1)), Repeated(v, q.Size(1)));
        var (seen, groups) = (mask is null ? Value.None : Value.Of(mask), grouped ? Value.Of(true) : Value.Default);
        var arguments = stackalloc Value[8] { Value.Of(q), Value.Of(k), Value.Of(v), seen, Value.Default, Value.Of(plainCausal), Value.Default, groups };
        Value result;
        Operator.Call(Fused.Value.Handle, arguments, 8, &result, 1);
        return result.TakeTensor();
    }

    private static void Check(Tensor q, Tensor k, Tensor v, bool causal, bool groupedQuery)
    {
        if (q.Shape.Length != 4 || k.Shape.Length != 4 || v.Shape.Length != 4) throw new ArgumentException($"attention wants [batch, heads, time, head_dim], not {q}, {k}, {v}");
        var (heads, groups) = (q.Size(1), k.Size(1));
        if (groupedQuery ? groups == 0 || heads % groups != 0 : heads != groups)
            throw new ArgumentException($"{heads} heads of queries do not go with {groups} of keys{(groupedQuery ? "" : "; set groupedQuery if each serves several")}");
        if (causal && q.Size(2) > k.Size(2)) throw new ArgumentException($"{q.Size(2)} queries cannot be causal over {k.Size(2)} keys");
    }

    /// <summary>
    /// By two products and a softmax. libtorch 1.13 has an operator under a private name, which does just this on the CPU, but has no groups: measured there on one thread against this, forward
    /// and backward of a training step take the same time (0.96 to 1.0 of it), and one query over a cache of 1,000 keys with three queries to a key a quarter, since keys need not be repeated. So
    /// it is not used.
    /// </summary>
    internal static Tensor Composed(Tensor q, Tensor k, Tensor v, Tensor? mask, bool causal, double? scale)
    {
        var (batch, heads, time, width) = (q.Size(0), q.Size(1), q.Size(2), q.Size(3));
        var (groups, keys) = (k.Size(1), k.Size(2));
        var share = heads / groups;
        var factor = scale ?? 1 / Math.Sqrt(width);
        // The queries that share a key are more rows of one product.
        var rows = q.reshape([batch * groups, share * time, width]);
        var columns = k.reshape([batch * groups, keys, width]).transpose(1, 2);
        var bias = Bias(q, k, mask, causal);
        Tensor scores;
        if (bias is null) scores = (rows * factor).matmul(columns);
        else if (bias.Count == time * keys) scores = bias.reshape([time, keys]).repeat([share, 1]).baddbmm(rows, columns, 1, factor);
        else scores = ((rows * factor).matmul(columns).view([batch, heads, time, keys]) + bias).view([batch * groups, share * time, keys]);
        var weights = q.Type is ScalarType.BFloat16 or ScalarType.Half ? scores.softmax(-1, ScalarType.Float).to(q.Type) : scores.softmax(-1);
        return weights.matmul(v.reshape([batch * groups, keys, v.Size(3)])).view([batch, heads, time, v.Size(3)]);
    }

    /// <summary>Mask and causality as what is added to the products, in the type of the queries; null where all queries see all keys.</summary>
    private static Tensor? Bias(Tensor q, Tensor k, Tensor? mask, bool causal)
    {
        var (time, keys) = (q.Size(2), k.Size(2));
        var hidden = mask is { Type: ScalarType.Bool } ? mask.logical_not() : null;
        var added = hidden is null ? mask?.to(q.Type) : null;
        if (causal && time > 1)
        {
            Tensor From(long start) => Ops.arange(start, keys, 1, ScalarType.Long, null, q.Device);
            var later = From(keys - time).unsqueeze(1).lt(From(0));
            hidden = hidden is null ? later : hidden.logical_or(later);
        }
        if (hidden is null) return added;
        if (added is not null) return added.masked_fill(hidden, double.NegativeInfinity);
        return Ops.zeros(hidden.Shape, q.Type, null, q.Device).masked_fill(hidden, double.NegativeInfinity);
    }

    /// <summary>Each head as often, one after the other, as there are queries for it.</summary>
    private static Tensor Repeated(Tensor x, long heads)
    {
        var share = heads / x.Size(1);
        return share == 1 ? x : x.unsqueeze(2).expand([x.Size(0), x.Size(1), share, x.Size(2), x.Size(3)]).reshape([x.Size(0), heads, x.Size(2), x.Size(3)]);
    }
}
