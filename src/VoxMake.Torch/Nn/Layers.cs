namespace VoxMake.Torch.Nn;

/// <summary>torch.nn.Linear: [*, in] → [*, out]. Starts as PyTorch's: uniform within ±1/√in.</summary>
public sealed class Linear : Module
{
    private readonly Tensor _weight;
    private readonly Tensor? _bias;

    public Linear(long inFeatures, long outFeatures, bool bias = true)
    {
        var bound = 1 / Math.Sqrt(inFeatures);
        _weight = Parameter("weight", () => Ops.empty([outFeatures, inFeatures]).uniform_(-bound, bound));
        _bias = bias ? Parameter("bias", () => Ops.empty([outFeatures]).uniform_(-bound, bound)) : null;
    }

    public Tensor Forward(Tensor x) => x.linear(_weight, _bias);
}

/// <summary>torch.nn.Conv1d: [batch, in, time] → [batch, out, time']. Starts as PyTorch's: uniform within ±1/√(in / groups · kernel).</summary>
public sealed class Conv1d : Module
{
    private readonly Tensor _weight;
    private readonly Tensor? _bias;
    private readonly long[] _stride, _padding, _dilation;
    private readonly long _groups;

    public Conv1d(long inChannels, long outChannels, long kernelSize, long stride = 1, long padding = 0, long dilation = 1, long groups = 1, bool bias = true)
    {
        (_stride, _padding, _dilation, _groups) = ([stride], [padding], [dilation], groups);
        var bound = 1 / Math.Sqrt(inChannels / groups * kernelSize);
        _weight = Parameter("weight", () => Ops.empty([outChannels, inChannels / groups, kernelSize]).uniform_(-bound, bound));
        _bias = bias ? Parameter("bias", () => Ops.empty([outChannels]).uniform_(-bound, bound)) : null;
    }

    public Tensor Forward(Tensor x) => x.conv1d(_weight, _bias, _stride, _padding, _dilation, _groups);
}

/// <summary>torch.nn.ConvTranspose1d: [batch, in, time] → [batch, out, (time − 1) · stride − 2 · padding + kernel]. Starts as PyTorch's: uniform within ±1/√(out · kernel).</summary>
public sealed class ConvTranspose1d : Module
{
    private readonly Tensor _weight, _bias;
    private readonly long[] _stride, _padding;

    public ConvTranspose1d(long inChannels, long outChannels, long kernelSize, long stride = 1, long padding = 0)
    {
        (_stride, _padding) = ([stride], [padding]);
        var bound = 1 / Math.Sqrt(outChannels * kernelSize);
        _weight = Parameter("weight", () => Ops.empty([inChannels, outChannels, kernelSize]).uniform_(-bound, bound));
        _bias = Parameter("bias", () => Ops.empty([outChannels]).uniform_(-bound, bound));
    }

    public Tensor Forward(Tensor x) => x.conv_transpose1d(_weight, _bias, _stride, _padding);
}

/// <summary>torch.nn.Embedding: ids [*] → [*, width]. Starts normal(0, 1).</summary>
public sealed class Embedding : Module
{
    private readonly Tensor _weight;

    public Embedding(long count, long width) => _weight = Parameter("weight", () => Ops.empty([count, width]).normal_());

    public Tensor Forward(Tensor ids) => _weight.embedding(ids);
}

/// <summary>torch.nn.LayerNorm over the last dimension.</summary>
public sealed class LayerNorm : Module
{
    private readonly Tensor _weight, _bias;
    private readonly long[] _width;
    private readonly double _eps;

    public LayerNorm(long width, double eps = 1e-5)
    {
        (_width, _eps) = ([width], eps);
        _weight = Parameter("weight", () => Ops.ones([width]));
        _bias = Parameter("bias", () => Ops.zeros([width]));
    }

    public Tensor Forward(Tensor x) => x.layer_norm(_width, _weight, _bias, _eps);
}
