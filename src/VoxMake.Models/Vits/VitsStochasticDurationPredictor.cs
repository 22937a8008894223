using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Vits;

/// <summary>
/// Noise to durations by a flow that reads the text, so that each drawing speaks in another rhythm (VITS, section 2.2.2). Here is the direction of synthesis; what only training needs (the
/// <c>post_</c> parts) is held, so that checkpoints load and save whole, and is not used yet.
/// </summary>
public sealed class VitsStochasticDurationPredictor : Module
{
    private readonly Conv1d _pre, _project;
    private readonly Conv1d? _condition;
    private readonly VitsDilatedDepthSeparableConv _convolutions;
    private readonly IReadOnlyList<VitsDurationFlow> _flows;

    public VitsStochasticDurationPredictor(VitsConfig config)
    {
        var hidden = config.HiddenSize;
        _pre = Part("conv_pre", new Conv1d(hidden, hidden, 1));
        _project = Part("conv_proj", new Conv1d(hidden, hidden, 1));
        _convolutions = Part("conv_dds", new VitsDilatedDepthSeparableConv(config, config.DurationPredictorDropout));
        if (config.SpeakerEmbeddingSize > 0) _condition = Part("cond", new Conv1d(config.SpeakerEmbeddingSize, hidden, 1));
        _flows = Parts("flows", Flows(config));

        Part("post_conv_pre", new Conv1d(1, hidden, 1));
        Part("post_conv_proj", new Conv1d(hidden, hidden, 1));
        Part("post_conv_dds", new VitsDilatedDepthSeparableConv(config, config.DurationPredictorDropout));
        Parts("post_flows", Flows(config));
    }

    /// <param name="hidden">[batch, hidden, tokens], of the text encoder.</param>
    /// <param name="mask">[batch, 1, tokens]</param>
    /// <param name="noise">[batch, 2, tokens], normal, already scaled.</param>
    /// <param name="speaker">[batch or 1, speaker_embedding_size, 1]; null without speakers.</param>
    /// <returns>[batch, 1, tokens]: logarithms of frames.</returns>
    public Tensor Reverse(Tensor hidden, Tensor mask, Tensor noise, Tensor? speaker = null)
    {
        var x = _pre.Forward(hidden.detach());
        if (_condition is not null && speaker is not null) x += _condition.Forward(speaker.detach());
        var condition = _project.Forward(_convolutions.Forward(x, mask)) * mask;

        var latents = noise;
        for (var i = _flows.Count - 1; i >= 0; i--)
        {
            if (i == 1) continue; // it would only change the channel that is thrown away
            latents = _flows[i].Reverse(latents.flip([1]), mask, condition);
        }
        return latents.narrow(1, 0, 1);
    }

    private static IEnumerable<VitsDurationFlow> Flows(VitsConfig config) =>
        Enumerable.Range(0, config.DurationPredictorNumFlows).Select(_ => (VitsDurationFlow)new VitsConvFlow(config)).Prepend(new VitsElementwiseAffine(config));
}
