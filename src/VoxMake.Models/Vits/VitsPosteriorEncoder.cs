using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Vits;

/// <summary>What the posterior encoder makes of spectrograms; each [batch, flow_size, frames].</summary>
/// <param name="Latents">Drawn from the distribution; 0 where the mask is, as are the others.</param>
public sealed record VitsPosterior(Tensor Latents, Tensor Means, Tensor LogStandardDeviations);

/// <summary>Linear spectrograms to a normal distribution of latents for each frame (VITS, section 2.1.1); needed for training, not for synthesis.</summary>
public sealed class VitsPosteriorEncoder : Module
{
    private readonly Conv1d _pre, _project;
    private readonly VitsWaveNet _wavenet;
    private readonly int _flow;

    public VitsPosteriorEncoder(VitsConfig config)
    {
        _flow = config.FlowSize;
        _pre = Part("conv_pre", new Conv1d(config.SpectrogramBins, config.HiddenSize, 1));
        _wavenet = Part("wavenet", new VitsWaveNet(config, config.PosteriorEncoderNumWavenetLayers));
        _project = Part("conv_proj", new Conv1d(config.HiddenSize, 2 * _flow, 1));
    }

    /// <param name="spectrogram">[batch, spectrogram_bins, frames], magnitudes.</param>
    /// <param name="mask">[batch, 1, frames]</param>
    /// <param name="noise">[batch, flow_size, frames], normal(0, 1).</param>
    /// <param name="speaker">[batch or 1, speaker_embedding_size, 1]; null without speakers.</param>
    public VitsPosterior Forward(Tensor spectrogram, Tensor mask, Tensor noise, Tensor? speaker = null)
    {
        var stats = (_project.Forward(_wavenet.Forward(_pre.Forward(spectrogram) * mask, mask, speaker)) * mask).split(_flow, 1);
        var (means, logs) = (stats[0], stats[1]);
        return new VitsPosterior((means + noise * logs.exp()) * mask, means, logs);
    }
}
