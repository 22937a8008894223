using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Snac;

/// <summary>The snake activation, x + sin²(αx) / α with a trained α for each channel (Ziyin, Hartwig and Ueda 2020).</summary>
public sealed class Snake : Module
{
    private readonly Tensor _alpha;

    public Snake(long channels) => _alpha = Parameter("alpha", () => Ops.ones([1, channels, 1]));

    /// <param name="x">[batch, channels, time]</param>
    public Tensor Forward(Tensor x)
    {
        using var scope = new TensorScope();
        return scope.Keep(x + (_alpha * x).sin().pow(2) / (_alpha + 1e-9));
    }
}

/// <summary>A dilated convolution in each channel by itself and one across the channels, added to what came in.</summary>
public sealed class SnacResidualUnit : Module
{
    private readonly Snake _before, _between;
    private readonly Conv1d _dilated, _mix;

    public SnacResidualUnit(long channels, long dilation, bool weightNorm)
    {
        _before = Part("block.0", new Snake(channels));
        _dilated = Part("block.1", new Conv1d(channels, channels, 7, padding: 3 * dilation, dilation: dilation, groups: channels, weightNorm: weightNorm));
        _between = Part("block.2", new Snake(channels));
        _mix = Part("block.3", new Conv1d(channels, channels, 1, weightNorm: weightNorm));
    }

    /// <param name="x">[batch, channels, time]</param>
    public Tensor Forward(Tensor x)
    {
        using var scope = new TensorScope();
        return scope.Keep(x + _mix.Forward(_between.Forward(_dilated.Forward(_before.Forward(x)))));
    }
}
