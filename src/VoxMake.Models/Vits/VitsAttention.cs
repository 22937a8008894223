using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Vits;

/// <summary>
/// Self-attention with learned relative positions within a window (Shaw et al. 2018): a key that lies r tokens from its query, |r| ≤ window, adds <c>q · emb_rel_k[r]</c> to its score and
/// <c>emb_rel_v[r]</c> to its value.
/// </summary>
internal sealed class VitsAttention : Module
{
    private readonly Linear _k, _v, _q, _out;
    private readonly Tensor? _relativeKeys, _relativeValues; // [1, 2 window + 1, width of a head]
    private readonly int _heads, _width, _window;
    private readonly double _dropout;

    public VitsAttention(VitsConfig config)
    {
        (_heads, _width, _window, _dropout) = (config.NumAttentionHeads, config.HiddenSize / config.NumAttentionHeads, config.WindowSize, config.AttentionDropout);
        Linear Projection(string name, double? bound) => Part(name, new Linear(config.HiddenSize, config.HiddenSize, config.UseBias, bound));
        var xavier = Math.Sqrt(6.0 / (config.HiddenSize + config.HiddenSize)); // torch.nn.init.xavier_uniform_
        (_k, _v, _q, _out) = (Projection("k_proj", xavier), Projection("v_proj", xavier), Projection("q_proj", xavier), Projection("out_proj", null));
        if (_window == 0) return;
        Tensor Positions() => Ops.empty([1, 2 * _window + 1, _width]).normal_(0, 1 / Math.Sqrt(_width));
        _relativeKeys = Parameter("emb_rel_k", Positions);
        _relativeValues = Parameter("emb_rel_v", Positions);
    }

    /// <param name="x">[batch, tokens, hidden]</param>
    /// <param name="padding">[batch, 1, 1, tokens] bool, true where a token is padding and must not be looked at; null if there is none.</param>
    /// <returns>[batch, tokens, hidden], and the weights [batch, heads, tokens, tokens] before dropout.</returns>
    public (Tensor Output, Tensor Weights) Forward(Tensor x, Tensor? padding)
    {
        var (batch, tokens) = (x.Size(0), x.Size(1));
        Tensor Heads(Tensor all) => all.view([batch, tokens, _heads, _width]).transpose(1, 2);
        var (q, k, v) = (Heads(_q.Forward(x) * (1 / Math.Sqrt(_width))), Heads(_k.Forward(x)), Heads(_v.Forward(x)));

        var scores = q.matmul(k.transpose(2, 3));
        if (_relativeKeys is not null) scores += FromOffsets(q.matmul(_relativeKeys.transpose(1, 2)));
        if (padding is not null) scores = scores.masked_fill(padding, -1e30); // beyond any score, and a number in bf16 too
        var weights = scores.softmax(-1);
        var dropped = weights.dropout(_dropout, Training);
        var seen = dropped.matmul(v);
        if (_relativeValues is not null) seen += ToOffsets(dropped).matmul(_relativeValues);
        return (_out.Forward(seen.transpose(1, 2).reshape([batch, tokens, _heads * _width])), weights);
    }

    /// <summary>[batch, heads, tokens, 2 window + 1] by offset → [batch, heads, tokens, tokens] by key; 0 beyond the window.</summary>
    private Tensor FromOffsets(Tensor byOffset)
    {
        var tokens = byOffset.Size(2);
        var positions = Positions(tokens, byOffset.Device);
        var offset = positions.unsqueeze(0) - positions.unsqueeze(1);
        var column = (offset.clamp(-_window, _window) + _window).expand([byOffset.Size(0), _heads, tokens, tokens]);
        return byOffset.gather(3, column).masked_fill(offset.abs().gt(_window), 0);
    }

    /// <summary>[batch, heads, tokens, tokens] by key → [batch, heads, tokens, 2 window + 1] by offset; 0 where the offset leads out of the text.</summary>
    private Tensor ToOffsets(Tensor byKey)
    {
        var tokens = byKey.Size(2);
        var key = Positions(tokens, byKey.Device).unsqueeze(1) + (Positions(2 * _window + 1, byKey.Device).unsqueeze(0) - _window);
        var inside = key.clamp(0, tokens - 1);
        return byKey.gather(3, inside.expand([byKey.Size(0), _heads, tokens, 2 * _window + 1])).masked_fill(key.eq(inside).logical_not(), 0);
    }

    private static Tensor Positions(long count, Device device) => Ops.arange(0, count, 1, ScalarType.Long, null, device);
}
