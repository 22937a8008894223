using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Vits;

/// <summary>Two convolutions that say how long each token lasts; deterministic. Its loss does not reach the text encoder, so that only it learns from it.</summary>
public sealed class VitsDurationPredictor : Module
{
    private readonly Conv1d _first, _second, _project;
    private readonly Conv1d? _condition;
    private readonly LayerNorm _firstNorm, _secondNorm;
    private readonly double _dropout;

    public VitsDurationPredictor(VitsConfig config)
    {
        var (channels, kernel) = (config.DurationPredictorFilterChannels, config.DurationPredictorKernelSize);
        _dropout = config.DurationPredictorDropout;
        _first = Part("conv_1", new Conv1d(config.HiddenSize, channels, kernel, padding: kernel / 2));
        _firstNorm = Part("norm_1", new LayerNorm(channels, config.LayerNormEps));
        _second = Part("conv_2", new Conv1d(channels, channels, kernel, padding: kernel / 2));
        _secondNorm = Part("norm_2", new LayerNorm(channels, config.LayerNormEps));
        _project = Part("proj", new Conv1d(channels, 1, 1));
        if (config.SpeakerEmbeddingSize > 0) _condition = Part("cond", new Conv1d(config.SpeakerEmbeddingSize, config.HiddenSize, 1));
    }

    /// <param name="hidden">[batch, hidden, tokens], of the text encoder.</param>
    /// <param name="mask">[batch, 1, tokens]</param>
    /// <param name="speaker">[batch or 1, speaker_embedding_size, 1]; null without speakers.</param>
    /// <returns>[batch, 1, tokens]: logarithms of frames.</returns>
    public Tensor Forward(Tensor hidden, Tensor mask, Tensor? speaker = null)
    {
        var x = hidden.detach();
        if (_condition is not null && speaker is not null) x += _condition.Forward(speaker.detach());
        x = Normalised(_first.Forward(x * mask), _firstNorm);
        x = Normalised(_second.Forward(x * mask), _secondNorm);
        return _project.Forward(x * mask) * mask;
    }

    private Tensor Normalised(Tensor x, LayerNorm norm) => norm.Forward(x.relu().transpose(1, 2)).transpose(1, 2).dropout(_dropout, Training);
}
