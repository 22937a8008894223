using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Whisper;

/// <summary>Log-mel frames to what the decoder attends to: two convolutions, of which the second halves the frames, then blocks of attention over the whole window.</summary>
internal sealed class WhisperEncoder : Module
{
    private readonly WhisperConfig _config;
    private readonly WhisperConv _first, _second;
    private readonly WhisperTable _positions;
    private readonly IReadOnlyList<WhisperEncoderLayer> _layers;
    private readonly WhisperNorm _norm;

    public WhisperEncoder(string name, WhisperConfig config, WeightSource weights)
    {
        _config = config;
        _first = Part("conv1", new WhisperConv($"{name}.conv1", config.NumMelBins, config.DModel, 1, weights));
        _second = Part("conv2", new WhisperConv($"{name}.conv2", config.DModel, config.DModel, 2, weights));
        _positions = Part("embed_positions", new WhisperTable($"{name}.embed_positions", config.MaxSourcePositions, config.DModel, weights));
        _layers = Parts("layers", Enumerable.Range(0, config.EncoderLayers).Select(layer => new WhisperEncoderLayer($"{name}.layers.{layer}", config, weights)));
        _norm = Part("layer_norm", new WhisperNorm($"{name}.layer_norm", config.DModel, weights));
    }

    /// <param name="mel">[windows, mels, frames]</param>
    /// <returns>[windows, positions, hidden]</returns>
    public Tensor Forward(Tensor mel, CancellationToken cancel)
    {
        var (windows, expected) = (mel.Size(0), (long)_config.Frames);
        if (mel.Shape is not [_, var mels, var frames] || mels != _config.NumMelBins || frames != expected)
            throw new ArgumentException($"{mel} is no window of {_config.NumMelBins} mels and {expected} frames");
        using var scope = new TensorScope();
        var x = Start(mel);
        foreach (var layer in _layers)
        {
            cancel.ThrowIfCancellationRequested();
            var next = layer.Forward(x, windows);
            x.Dispose();
            x = next;
        }
        return scope.Keep(_norm.Forward(x).view([windows, _config.MaxSourcePositions, _config.DModel]));
    }

    private Tensor Start(Tensor mel)
    {
        using var scope = new TensorScope();
        var x = _second.Forward(_first.Forward(mel).gelu()).gelu().permute([0, 2, 1]);
        return scope.Keep((x + _positions.Weight).reshape([mel.Size(0) * _config.MaxSourcePositions, _config.DModel]));
    }
}

/// <summary>One block of the encoder: attention and the feed-forward part, each behind a norm and around a residual.</summary>
internal sealed class WhisperEncoderLayer : Module
{
    private readonly WhisperAttention _attention;
    private readonly WhisperNorm _before;
    private readonly WhisperFeedForward _feedForward;

    public WhisperEncoderLayer(string name, WhisperConfig config, WeightSource weights)
    {
        _attention = Part("self_attn", new WhisperAttention($"{name}.self_attn", config.DModel, config.EncoderAttentionHeads, weights));
        _before = Part("self_attn_layer_norm", new WhisperNorm($"{name}.self_attn_layer_norm", config.DModel, weights));
        var widen = Part("fc1", new WhisperLinear($"{name}.fc1", config.DModel, config.EncoderFfnDim, weights));
        var narrow = Part("fc2", new WhisperLinear($"{name}.fc2", config.EncoderFfnDim, config.DModel, weights));
        _feedForward = new WhisperFeedForward(Part("final_layer_norm", new WhisperNorm($"{name}.final_layer_norm", config.DModel, weights)), widen, narrow);
    }

    /// <param name="x">[windows · positions, hidden]</param>
    public Tensor Forward(Tensor x, long windows)
    {
        using var scope = new TensorScope();
        x += Attend(x, windows);
        return scope.Keep(x + _feedForward.Forward(x));
    }

    private Tensor Attend(Tensor x, long windows)
    {
        using var scope = new TensorScope();
        var normed = _before.Forward(x);
        return scope.Keep(_attention.Forward(normed, windows, _attention.KeysValues(normed, windows), null, null));
    }
}
