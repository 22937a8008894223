using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Vits;

/// <summary>Gated convolutions over time with residual and skip connections (WaveNet's block, not causal), under weight norm; a speaker is added before each gate.</summary>
internal sealed class VitsWaveNet : Module
{
    private readonly Conv1d? _condition;
    private readonly IReadOnlyList<Conv1d> _in, _residualAndSkip;
    private readonly int _hidden;
    private readonly double _dropout;

    public VitsWaveNet(VitsConfig config, int layers)
    {
        (_hidden, _dropout) = (config.HiddenSize, config.WavenetDropout);
        if (config.SpeakerEmbeddingSize > 0) _condition = Part("cond_layer", new Conv1d(config.SpeakerEmbeddingSize, 2 * _hidden * layers, 1, weightNorm: true));
        _in = Parts("in_layers", Enumerable.Range(0, layers).Select(layer =>
        {
            var dilation = (long)Math.Pow(config.WavenetDilationRate, layer);
            return new Conv1d(_hidden, 2 * _hidden, config.WavenetKernelSize, padding: (config.WavenetKernelSize - 1) * dilation / 2, dilation: dilation, weightNorm: true);
        }));
        _residualAndSkip = Parts("res_skip_layers", Enumerable.Range(0, layers).Select(layer => new Conv1d(_hidden, layer < layers - 1 ? 2 * _hidden : _hidden, 1, weightNorm: true)));
    }

    /// <param name="x">[batch, hidden, time]</param>
    /// <param name="mask">[batch, 1, time]</param>
    /// <param name="speaker">[batch or 1, speaker_embedding_size, 1]; null without speakers.</param>
    /// <returns>[batch, hidden, time], 0 where the mask is.</returns>
    public Tensor Forward(Tensor x, Tensor mask, Tensor? speaker)
    {
        var conditions = speaker is null ? null : _condition?.Forward(speaker);
        Tensor? skipped = null;
        for (var layer = 0; layer < _in.Count; layer++)
        {
            using var scope = new TensorScope(); // what only this layer needs dies with it, unless gradients want it
            var gates = _in[layer].Forward(x);
            if (conditions is not null) gates += conditions.narrow(1, layer * 2 * _hidden, 2 * _hidden);
            var gated = gates.narrow(1, 0, _hidden).tanh() * gates.narrow(1, _hidden, _hidden).sigmoid();
            var both = _residualAndSkip[layer].Forward(gated.dropout(_dropout, Training));
            var last = layer == _in.Count - 1; // nobody reads on after the last: it only skips
            if (!last) x = scope.Keep((x + both.narrow(1, 0, _hidden)) * mask);
            var skip = last ? both : both.narrow(1, _hidden, _hidden);
            skipped = scope.Keep(skipped is null ? skip : skipped + skip);
        }
        return skipped! * mask;
    }
}
