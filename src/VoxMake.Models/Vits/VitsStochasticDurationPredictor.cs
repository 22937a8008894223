using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Vits;

/// <summary>
/// Noise to durations by a flow that reads the text, so that each drawing speaks in another rhythm (VITS, section 2.2.2). Training goes the other way, with a second flow (the
/// <c>post_</c> parts) that fills whole numbers of frames up to real ones.
/// </summary>
public sealed class VitsStochasticDurationPredictor : Module
{
    private readonly Conv1d _pre, _project, _postPre, _postProject;
    private readonly Conv1d? _condition;
    private readonly VitsDilatedDepthSeparableConv _convolutions, _postConvolutions;
    private readonly IReadOnlyList<VitsDurationFlow> _flows, _postFlows;

    public VitsStochasticDurationPredictor(VitsConfig config)
    {
        var hidden = config.HiddenSize;
        _pre = Part("conv_pre", new Conv1d(hidden, hidden, 1));
        _project = Part("conv_proj", new Conv1d(hidden, hidden, 1));
        _convolutions = Part("conv_dds", new VitsDilatedDepthSeparableConv(config, config.DurationPredictorDropout));
        if (config.SpeakerEmbeddingSize > 0) _condition = Part("cond", new Conv1d(config.SpeakerEmbeddingSize, hidden, 1));
        _flows = Parts("flows", Flows(config));

        _postPre = Part("post_conv_pre", new Conv1d(1, hidden, 1));
        _postProject = Part("post_conv_proj", new Conv1d(hidden, hidden, 1));
        _postConvolutions = Part("post_conv_dds", new VitsDilatedDepthSeparableConv(config, config.DurationPredictorDropout));
        _postFlows = Parts("post_flows", Flows(config));
    }

    /// <param name="hidden">[batch, hidden, tokens], of the text encoder.</param>
    /// <param name="mask">[batch, 1, tokens]</param>
    /// <param name="noise">[batch, 2, tokens], normal, already scaled.</param>
    /// <param name="speaker">[batch or 1, speaker_embedding_size, 1]; null without speakers.</param>
    /// <returns>[batch, 1, tokens]: logarithms of frames.</returns>
    public Tensor Reverse(Tensor hidden, Tensor mask, Tensor noise, Tensor? speaker = null)
    {
        var condition = Condition(hidden, mask, speaker);
        var latents = noise;
        for (var i = _flows.Count - 1; i >= 0; i--)
        {
            if (i == 1) continue; // it would only change the channel that is thrown away
            latents = _flows[i].Reverse(latents.flip([1]), mask, condition);
        }
        return latents.narrow(1, 0, 1);
    }

    /// <summary>How unlikely given durations are: the loss, as an upper bound of the negative log-likelihood of each text, summed over its tokens. Does not reach the text encoder.</summary>
    /// <param name="hidden">[batch, hidden, tokens], of the text encoder.</param>
    /// <param name="mask">[batch, 1, tokens]</param>
    /// <param name="durations">[batch, 1, tokens] whole frames.</param>
    /// <param name="noise">[batch, 2, tokens], normal(0, 1).</param>
    /// <param name="speaker">[batch or 1, speaker_embedding_size, 1]; null without speakers.</param>
    /// <returns>[batch]</returns>
    public Tensor Forward(Tensor hidden, Tensor mask, Tensor durations, Tensor noise, Tensor? speaker = null)
    {
        var condition = Condition(hidden, mask, speaker);
        var read = _postProject.Forward(_postConvolutions.Forward(_postPre.Forward(durations), mask)) * mask;
        var drawn = noise * mask;
        var (filling, postDeterminant) = Through(_postFlows, drawn, mask, condition + read);
        var (first, second) = (filling.narrow(1, 0, 1), filling.narrow(1, 1, 1));
        postDeterminant += ((first.log_sigmoid() + (-first).log_sigmoid()) * mask).sum([1, 2]);
        var logPosterior = -NegativeLogNormal(drawn, mask) - postDeterminant;

        var logs = ((durations - first.sigmoid()) * mask).clamp_min(1e-5).log() * mask;
        var (latents, determinant) = Through(_flows, Ops.cat([logs, second], 1), mask, condition);
        return NegativeLogNormal(latents, mask) - (determinant - logs.sum([1, 2])) + logPosterior;
    }

    private Tensor Condition(Tensor hidden, Tensor mask, Tensor? speaker)
    {
        var x = _pre.Forward(hidden.detach());
        if (_condition is not null && speaker is not null) x += _condition.Forward(speaker.detach());
        return _project.Forward(_convolutions.Forward(x, mask)) * mask;
    }

    /// <summary>Channels change places after each flow but the first, as in the original (transformers' module changes them there too, and gives another loss).</summary>
    private static (Tensor Latents, Tensor LogDeterminant) Through(IReadOnlyList<VitsDurationFlow> flows, Tensor x, Tensor mask, Tensor condition)
    {
        var (latents, determinant) = flows[0].Forward(x, mask, condition);
        foreach (var flow in flows.Skip(1))
        {
            (latents, var more) = flow.Forward(latents, mask, condition);
            latents = latents.flip([1]);
            determinant += more;
        }
        return (latents, determinant);
    }

    /// <summary>Negative log-density of a standard normal, summed over what the mask shows: [batch].</summary>
    private static Tensor NegativeLogNormal(Tensor x, Tensor mask) => ((x.pow(2) + Math.Log(2 * Math.PI)) * 0.5 * mask).sum([1, 2]);

    private static IEnumerable<VitsDurationFlow> Flows(VitsConfig config) =>
        Enumerable.Range(0, config.DurationPredictorNumFlows).Select(_ => (VitsDurationFlow)new VitsConvFlow(config)).Prepend(new VitsElementwiseAffine(config));
}
