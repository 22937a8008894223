using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Whisper;

/// <summary>torch.nn.Linear with weights from a checkpoint: [rows, in] → [rows, out].</summary>
internal sealed class WhisperLinear : Module
{
    private readonly Tensor _weight;
    private readonly Tensor? _bias;

    public WhisperLinear(string name, long inFeatures, long outFeatures, WeightSource weights, bool bias = true)
    {
        _weight = Parameter("weight", () => weights($"{name}.weight", [outFeatures, inFeatures]));
        if (bias) _bias = Parameter("bias", () => weights($"{name}.bias", [outFeatures]));
    }

    public Tensor Forward(Tensor x) => RowLinear.Forward(x, _weight, _bias);
}

/// <summary>torch.nn.LayerNorm over the last dimension, with weights from a checkpoint.</summary>
internal sealed class WhisperNorm : Module
{
    private readonly Tensor _weight, _bias;
    private readonly long[] _width;

    public WhisperNorm(string name, long width, WeightSource weights)
    {
        _width = [width];
        _weight = Parameter("weight", () => weights($"{name}.weight", _width));
        _bias = Parameter("bias", () => weights($"{name}.bias", _width));
    }

    public Tensor Forward(Tensor x) => x.layer_norm(_width, _weight, _bias);
}

/// <summary>The feed-forward part of a layer behind its norm: <c>fc2(gelu(fc1(norm(x))))</c>. Its tensors are the layer's own.</summary>
internal sealed class WhisperFeedForward(WhisperNorm norm, WhisperLinear widen, WhisperLinear narrow)
{
    public Tensor Forward(Tensor x)
    {
        using var scope = new TensorScope();
        return scope.Keep(narrow.Forward(widen.Forward(norm.Forward(x)).gelu()));
    }
}

/// <summary>torch.nn.Conv1d of three frames with weights from a checkpoint: [batch, in, time] → [batch, out, time / stride].</summary>
internal sealed class WhisperConv : Module
{
    private readonly Tensor _weight, _bias;
    private readonly long[] _stride;

    public WhisperConv(string name, long inChannels, long outChannels, long stride, WeightSource weights)
    {
        _stride = [stride];
        _weight = Parameter("weight", () => weights($"{name}.weight", [outChannels, inChannels, 3]));
        _bias = Parameter("bias", () => weights($"{name}.bias", [outChannels]));
    }

    public Tensor Forward(Tensor x) => x.conv1d(_weight, _bias, _stride, [1]);
}

/// <summary>A row for each token or position.</summary>
internal sealed class WhisperTable : Module
{
    public WhisperTable(string name, long rows, long width, WeightSource weights) => Weight = Parameter("weight", () => weights($"{name}.weight", [rows, width]));

    public Tensor Weight { get; }
}
