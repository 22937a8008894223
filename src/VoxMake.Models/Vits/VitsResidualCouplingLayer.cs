using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Vits;

/// <summary>Shifts one half of the channels by what a WaveNet reads in the other: undone by the same network (volume stays, so there is no determinant).</summary>
internal sealed class VitsResidualCouplingLayer : Module
{
    private readonly Conv1d _pre, _post;
    private readonly VitsWaveNet _wavenet;
    private readonly int _half;

    public VitsResidualCouplingLayer(VitsConfig config)
    {
        _half = config.FlowSize / 2;
        _pre = Part("conv_pre", new Conv1d(_half, config.HiddenSize, 1));
        _wavenet = Part("wavenet", new VitsWaveNet(config, config.PriorEncoderNumWavenetLayers));
        _post = Part("conv_post", new Conv1d(config.HiddenSize, _half, 1, zero: true));
    }

    public Tensor Forward(Tensor x, Tensor mask, Tensor? speaker) => Shift(x, mask, speaker, +1);

    public Tensor Reverse(Tensor y, Tensor mask, Tensor? speaker) => Shift(y, mask, speaker, -1);

    private Tensor Shift(Tensor x, Tensor mask, Tensor? speaker, int sign)
    {
        var (kept, moved) = (x.narrow(1, 0, _half), x.narrow(1, _half, _half));
        var mean = _post.Forward(_wavenet.Forward(_pre.Forward(kept) * mask, mask, speaker)) * mask;
        return Ops.cat([kept, sign > 0 ? mean + moved * mask : (moved - mean) * mask], 1);
    }
}
