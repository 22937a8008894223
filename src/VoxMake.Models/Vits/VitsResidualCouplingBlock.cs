using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Vits;

/// <summary>The flow between the latents of speech and the simple prior of text: coupling layers, channels turned round after each (VITS, section 2.1.2).</summary>
public sealed class VitsResidualCouplingBlock : Module
{
    private readonly IReadOnlyList<VitsResidualCouplingLayer> _flows;

    public VitsResidualCouplingBlock(VitsConfig config) => _flows = Parts("flows", Enumerable.Range(0, config.PriorEncoderNumFlows).Select(_ => new VitsResidualCouplingLayer(config)));

    /// <summary>Latents of speech to those of the prior.</summary>
    /// <param name="latents">[batch, flow_size, frames]</param>
    /// <param name="mask">[batch, 1, frames]</param>
    /// <param name="speaker">[batch or 1, speaker_embedding_size, 1]; null without speakers.</param>
    public Tensor Forward(Tensor latents, Tensor mask, Tensor? speaker = null)
    {
        foreach (var flow in _flows) latents = flow.Forward(latents, mask, speaker).flip([1]);
        return latents;
    }

    /// <summary>The way back, for synthesis; shapes as of <see cref="Forward"/>.</summary>
    public Tensor Reverse(Tensor latents, Tensor mask, Tensor? speaker = null)
    {
        foreach (var flow in _flows.Reverse()) latents = flow.Reverse(latents.flip([1]), mask, speaker);
        return latents;
    }
}
