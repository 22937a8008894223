using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Vits;

/// <summary>
/// Latents to a waveform: HiFi-GAN's generator (Kong et al. 2020). While it is trained, its upsampling and residual convolutions are under weight norm; Hugging Face's checkpoints have it folded.
/// </summary>
public sealed class VitsHifiGan : Module
{
    private readonly Conv1d _pre, _post;
    private readonly Conv1d? _condition;
    private readonly IReadOnlyList<ConvTranspose1d> _upsamplers;
    private readonly IReadOnlyList<HifiGanResidualBlock> _blocks;
    private readonly int _kernels;
    private readonly double _slope;

    /// <param name="weightNorm">Whether weight norm is unfolded: the form for training.</param>
    public VitsHifiGan(VitsConfig config, bool weightNorm = false)
    {
        (_kernels, _slope) = (config.ResblockKernelSizes.Length, config.LeakyReluSlope);
        int Channels(int step) => config.UpsampleInitialChannel >> step;
        var steps = Enumerable.Range(0, config.UpsampleRates.Length).ToList();
        _pre = Part("conv_pre", new Conv1d(config.FlowSize, Channels(0), 7, padding: 3));
        _upsamplers = Parts("upsampler", steps.Select(step => new ConvTranspose1d(Channels(step), Channels(step + 1), config.UpsampleKernelSizes[step], config.UpsampleRates[step],
            (config.UpsampleKernelSizes[step] - config.UpsampleRates[step]) / 2, weightNorm)));
        _blocks = Parts("resblocks", steps.SelectMany(step => config.ResblockKernelSizes.Zip(config.ResblockDilationSizes,
            (kernel, dilations) => new HifiGanResidualBlock(Channels(step + 1), kernel, dilations, _slope, weightNorm))));
        _post = Part("conv_post", new Conv1d(Channels(steps.Count), 1, 7, padding: 3, bias: false));
        if (config.SpeakerEmbeddingSize > 0) _condition = Part("cond", new Conv1d(config.SpeakerEmbeddingSize, Channels(0), 1));
    }

    /// <param name="latents">[batch, flow_size, frames]</param>
    /// <param name="speaker">[batch or 1, speaker_embedding_size, 1]; null without speakers.</param>
    /// <returns>[batch, 1, frames · hop length], within ±1.</returns>
    public Tensor Forward(Tensor latents, Tensor? speaker = null)
    {
        var x = _pre.Forward(latents);
        if (_condition is not null && speaker is not null) x += _condition.Forward(speaker);
        for (var step = 0; step < _upsamplers.Count; step++)
        {
            using var scope = new TensorScope(); // what only this step needs dies with it, unless gradients want it
            x = _upsamplers[step].Forward(x.leaky_relu(_slope));
            var sum = _blocks[step * _kernels].Forward(x);
            for (var kernel = 1; kernel < _kernels; kernel++) sum += _blocks[step * _kernels + kernel].Forward(x);
            x = scope.Keep(sum / _kernels);
        }
        return _post.Forward(x.leaky_relu(0.01)).tanh(); // here the slope is torch's default, not the configuration's
    }
}

/// <summary>Pairs of convolutions, the first of each dilated, each pair added to what came in.</summary>
internal sealed class HifiGanResidualBlock : Module
{
    private readonly IReadOnlyList<Conv1d> _dilated, _plain;
    private readonly double _slope;

    public HifiGanResidualBlock(int channels, int kernel, int[] dilations, double slope, bool weightNorm)
    {
        _slope = slope;
        Conv1d Convolution(int dilation) => new(channels, channels, kernel, padding: (kernel - 1) * dilation / 2, dilation: dilation, weightNorm: weightNorm);
        _dilated = Parts("convs1", dilations.Select(Convolution));
        _plain = Parts("convs2", dilations.Select(_ => Convolution(1)));
    }

    /// <param name="x">[batch, channels, time]</param>
    public Tensor Forward(Tensor x)
    {
        for (var i = 0; i < _dilated.Count; i++)
        {
            using var scope = new TensorScope();
            x = scope.Keep(x + _plain[i].Forward(_dilated[i].Forward(x.leaky_relu(_slope)).leaky_relu(_slope)));
        }
        return x;
    }
}
