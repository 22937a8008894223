using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Vits;

/// <summary>One judge among <see cref="VitsDiscriminator"/>'s.</summary>
internal abstract class SubDiscriminator : Module
{
    protected const double Slope = 0.1;

    /// <param name="sound">[batch, 1, samples]</param>
    /// <returns>The output of each layer, the last being the scores.</returns>
    public abstract IReadOnlyList<Tensor> Forward(Tensor sound);
}

/// <summary>Hears the sound as it is, in ever wider strides with ever more groups.</summary>
internal sealed class ScaleDiscriminator : SubDiscriminator
{
    private readonly IReadOnlyList<Conv1d> _convolutions;
    private readonly Conv1d _final;

    public ScaleDiscriminator(VitsDiscriminatorConfig config)
    {
        var channels = config.DiscriminatorScaleChannels;
        var last = channels[^1];
        List<Conv1d> list = [new(channels[0], channels[1], 15, padding: 7, weightNorm: true)];
        var groups = 4;
        for (var i = 1; i < channels.Length; i++, groups *= 4)
            list.Add(new Conv1d(channels[i], i + 1 < channels.Length ? channels[i + 1] : last, 41, stride: 4, padding: 20, groups: groups, weightNorm: true));
        list.Add(new Conv1d(last, last, 5, padding: 2, weightNorm: true));
        _convolutions = Parts("convs", list);
        _final = Part("final_conv", new Conv1d(last, 1, 3, padding: 1, weightNorm: true));
    }

    public override IReadOnlyList<Tensor> Forward(Tensor sound)
    {
        var layers = new List<Tensor>(_convolutions.Count + 1);
        var x = sound;
        foreach (var convolution in _convolutions) layers.Add(x = convolution.Forward(x).leaky_relu(Slope));
        layers.Add(_final.Forward(x));
        return layers;
    }
}

/// <summary>Hears every n-th sample side by side: the sound laid in rows of one period.</summary>
internal sealed class PeriodDiscriminator : SubDiscriminator
{
    private readonly IReadOnlyList<ColumnConv2d> _convolutions;
    private readonly ColumnConv2d _final;
    private readonly int _period;

    public PeriodDiscriminator(VitsDiscriminatorConfig config, int period)
    {
        _period = period;
        var (channels, kernel) = (config.DiscriminatorPeriodChannels, config.DiscriminatorKernelSize);
        var last = channels[^1];
        _convolutions = Parts("convs", channels.Zip(channels.Skip(1), (before, after) => new ColumnConv2d(before, after, kernel, config.DiscriminatorStride, kernel / 2, weightNorm: true))
            .Append(new ColumnConv2d(last, last, kernel, padding: kernel / 2, weightNorm: true)));
        _final = Part("final_conv", new ColumnConv2d(last, 1, 3, padding: 1, weightNorm: true));
    }

    public override IReadOnlyList<Tensor> Forward(Tensor sound)
    {
        var samples = sound.Size(2);
        var missing = (_period - samples % _period) % _period;
        var x = (missing > 0 ? sound.reflection_pad1d([0, missing]) : sound).view([sound.Size(0), 1, (samples + missing) / _period, _period]);
        var layers = new List<Tensor>(_convolutions.Count + 1);
        foreach (var convolution in _convolutions) layers.Add(x = convolution.Forward(x).leaky_relu(Slope));
        layers.Add(_final.Forward(x));
        return layers;
    }
}
