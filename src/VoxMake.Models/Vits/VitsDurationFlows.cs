using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Vits;

/// <summary>A step of the stochastic duration predictor's flow on two channels.</summary>
internal abstract class VitsDurationFlow : Module
{
    /// <summary>From durations to noise; also the logarithm of the determinant, [batch].</summary>
    /// <param name="x">[batch, 2, tokens]</param>
    /// <param name="mask">[batch, 1, tokens]</param>
    /// <param name="condition">[batch, hidden, tokens]</param>
    public abstract (Tensor Y, Tensor LogDeterminant) Forward(Tensor x, Tensor mask, Tensor condition);

    /// <summary>The way back.</summary>
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

    public override (Tensor Y, Tensor LogDeterminant) Forward(Tensor x, Tensor mask, Tensor condition) =>
        ((_translate + _logScale.exp() * x) * mask, (_logScale * mask).sum([1, 2]));

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
        _project = Part("conv_proj", new Conv1d(config.HiddenSize, _half * (3 * _bins - 1), 1, zero: true));
    }

    public override (Tensor Y, Tensor LogDeterminant) Forward(Tensor x, Tensor mask, Tensor condition)
    {
        var (kept, bent) = (x.narrow(1, 0, _half), x.narrow(1, _half, _half));
        var (widths, heights, slopes) = Spline(kept, mask, condition);
        var (y, logSlope) = RationalQuadraticSpline.Forward(bent, widths, heights, slopes, _bound);
        return (Ops.cat([kept, y], 1) * mask, (logSlope * mask).sum([1, 2]));
    }

    public override Tensor Reverse(Tensor y, Tensor mask, Tensor condition)
    {
        var (kept, bent) = (y.narrow(1, 0, _half), y.narrow(1, _half, _half));
        var (widths, heights, slopes) = Spline(kept, mask, condition);
        return Ops.cat([kept, RationalQuadraticSpline.Reverse(bent, widths, heights, slopes, _bound)], 1) * mask;
    }

    private (Tensor Widths, Tensor Heights, Tensor Slopes) Spline(Tensor kept, Tensor mask, Tensor condition)
    {
        var all = _project.Forward(_convolutions.Forward(_pre.Forward(kept), mask, condition)) * mask;
        all = all.reshape([kept.Size(0), _half, 3 * _bins - 1, kept.Size(2)]).transpose(2, 3); // knots last
        return (all.narrow(3, 0, _bins) * _scale, all.narrow(3, _bins, _bins) * _scale, all.narrow(3, 2 * _bins, _bins - 1));
    }
}
