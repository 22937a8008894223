using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Vits;

/// <summary>A layer of the text encoder: attention, then two convolutions over time, each added to what came in and normalised.</summary>
internal sealed class VitsEncoderLayer : Module
{
    private readonly VitsAttention _attention;
    private readonly VitsFeedForward _feedForward;
    private readonly LayerNorm _norm, _finalNorm;
    private readonly double _dropout;

    public VitsEncoderLayer(VitsConfig config)
    {
        _dropout = config.HiddenDropout;
        _attention = Part("attention", new VitsAttention(config));
        _norm = Part("layer_norm", new LayerNorm(config.HiddenSize, config.LayerNormEps));
        _feedForward = Part("feed_forward", new VitsFeedForward(config));
        _finalNorm = Part("final_layer_norm", new LayerNorm(config.HiddenSize, config.LayerNormEps));
    }

    /// <param name="x">[batch, tokens, hidden]</param>
    /// <param name="mask">[batch, tokens, 1], 1 for a token and 0 for padding.</param>
    /// <param name="padding">As <see cref="VitsAttention.Forward"/>'s.</param>
    public (Tensor Output, Tensor Attention) Forward(Tensor x, Tensor mask, Tensor? padding)
    {
        var (seen, weights) = _attention.Forward(x, padding);
        x = _norm.Forward(x + seen.dropout(_dropout, Training));
        x = _finalNorm.Forward(x + _feedForward.Forward(x, mask).dropout(_dropout, Training));
        return (x, weights);
    }
}

/// <summary>Two convolutions over time with an activation between them; the length stays.</summary>
internal sealed class VitsFeedForward : Module
{
    private readonly Conv1d _first, _second;
    private readonly long[] _padding;
    private readonly bool _gelu;
    private readonly double _dropout;

    public VitsFeedForward(VitsConfig config)
    {
        _padding = [(config.FfnKernelSize - 1) / 2, config.FfnKernelSize / 2]; // an even kernel reaches one further to the right
        (_gelu, _dropout) = (config.HiddenAct == "gelu", config.ActivationDropout);
        _first = Part("conv_1", new Conv1d(config.HiddenSize, config.FfnDim, config.FfnKernelSize));
        _second = Part("conv_2", new Conv1d(config.FfnDim, config.HiddenSize, config.FfnKernelSize));
    }

    /// <param name="x">[batch, tokens, hidden]</param>
    /// <param name="mask">[batch, tokens, 1]</param>
    public Tensor Forward(Tensor x, Tensor mask)
    {
        var inner = _first.Forward((x * mask).transpose(1, 2).constant_pad_nd(_padding));
        inner = (_gelu ? inner.gelu() : inner.relu()).dropout(_dropout, Training);
        return _second.Forward((inner * mask.transpose(1, 2)).constant_pad_nd(_padding)).transpose(1, 2) * mask;
    }
}
