using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Vits;

/// <summary>A step of the stochastic duration predictor's flow on two channels; here is the way from noise to durations.</summary>
internal abstract class VitsDurationFlow : Module
{
    /// <param name="y">[batch, 2, tokens]</param>
    /// <param name="mask">[batch, 1, tokens]</param>
    /// <param name="condition">[batch, hidden, tokens]</param>
    public abstract Tensor Reverse(Tensor y, Tensor mask, Tensor condition);
}

/// <summary>Scales and moves each channel.</summary>
internal sealed class VitsElementwiseAffine : VitsDurationFlow
{
    private readonly Tensor _translate, _logScale;

    public VitsElementwiseAffine(VitsConfig config)
    {
        _translate = Parameter("translate", () => Ops.zeros([config.DepthSeparableChannels, 1]));
        _logScale = Parameter("log_scale", () => Ops.zeros([config.DepthSeparableChannels, 1]));
    }

    public override Tensor Reverse(Tensor y, Tensor mask, Tensor condition) => (y - _translate) * (-_logScale).exp() * mask;
}

/// <summary>Bends the second channel by a spline whose knots are read from the first.</summary>
internal sealed class VitsConvFlow : VitsDurationFlow
{
    private readonly Conv1d _pre, _project;
    private readonly VitsDilatedDepthSeparableConv _convolutions;
    private readonly int _half, _bins;
    private readonly double _scale, _bound;

    public VitsConvFlow(VitsConfig config)
    {
        (_half, _bins, _bound) = (config.DepthSeparableChannels / 2, config.DurationPredictorFlowBins, config.DurationPredictorTailBound);
        _scale = 1 / Math.Sqrt(config.HiddenSize);
        _pre = Part("conv_pre", new Conv1d(_half, config.HiddenSize, 1));
        _convolutions = Part("conv_dds", new VitsDilatedDepthSeparableConv(config, 0));
        _project = Part("conv_proj", new Conv1d(config.HiddenSize, _half * (3 * _bins - 1), 1));
    }

    public override Tensor Reverse(Tensor y, Tensor mask, Tensor condition)
    {
        var (kept, bent) = (y.narrow(1, 0, _half), y.narrow(1, _half, _half));
        var spline = _project.Forward(_convolutions.Forward(_pre.Forward(kept), mask, condition)) * mask;
        spline = spline.reshape([y.Size(0), _half, 3 * _bins - 1, y.Size(2)]).transpose(2, 3); // knots last
        var x = RationalQuadraticSpline.Reverse(bent, spline.narrow(3, 0, _bins) * _scale, spline.narrow(3, _bins, _bins) * _scale, spline.narrow(3, 2 * _bins, _bins - 1), _bound);
        return Ops.cat([kept, x], 1) * mask;
    }
}
