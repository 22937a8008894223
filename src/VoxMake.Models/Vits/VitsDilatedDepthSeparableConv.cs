using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Vits;

/// <summary>Convolutions over ever wider spans, each channel by itself, then across channels; each layer added to what came in.</summary>
internal sealed class VitsDilatedDepthSeparableConv : Module
{
    private readonly IReadOnlyList<Conv1d> _dilated, _pointwise;
    private readonly IReadOnlyList<LayerNorm> _firstNorms, _secondNorms;
    private readonly double _dropout;

    public VitsDilatedDepthSeparableConv(VitsConfig config, double dropout)
    {
        _dropout = dropout;
        var (channels, kernel) = (config.HiddenSize, config.DurationPredictorKernelSize);
        var layers = Enumerable.Range(0, config.DepthSeparableNumLayers).ToList();
        _dilated = Parts("convs_dilated", layers.Select(layer =>
        {
            var dilation = (long)Math.Pow(kernel, layer);
            return new Conv1d(channels, channels, kernel, padding: (kernel - 1) * dilation / 2, dilation: dilation, groups: channels);
        }));
        _pointwise = Parts("convs_pointwise", layers.Select(_ => new Conv1d(channels, channels, 1)));
        _firstNorms = Parts("norms_1", layers.Select(_ => new LayerNorm(channels)));
        _secondNorms = Parts("norms_2", layers.Select(_ => new LayerNorm(channels)));
    }

    /// <param name="x">[batch, hidden, tokens]</param>
    /// <param name="mask">[batch, 1, tokens]</param>
    /// <param name="condition">Added first; null for nothing.</param>
    public Tensor Forward(Tensor x, Tensor mask, Tensor? condition = null)
    {
        if (condition is not null) x += condition;
        for (var layer = 0; layer < _dilated.Count; layer++)
        {
            var y = Activated(_dilated[layer].Forward(x * mask), _firstNorms[layer]);
            x += Activated(_pointwise[layer].Forward(y), _secondNorms[layer]).dropout(_dropout, Training);
        }
        return x * mask;
    }

    private static Tensor Activated(Tensor x, LayerNorm norm) => norm.Forward(x.transpose(1, 2)).transpose(1, 2).gelu();
}
