namespace VoxMake.Torch.Nn;

/// <summary>torch.nn.Linear: [*, in] → [*, out]. Starts as PyTorch's: uniform within ±1/√in, unless another bound is given for the weight.</summary>
public sealed class Linear : Module
{
    private readonly Tensor _weight;
    private readonly Tensor? _bias;

    public Linear(long inFeatures, long outFeatures, bool bias = true, double? weightBound = null)
    {
        var bound = 1 / Math.Sqrt(inFeatures);
        var within = weightBound ?? bound;
        _weight = Parameter("weight", () => Ops.empty([outFeatures, inFeatures]).uniform_(-within, within));
        _bias = bias ? Parameter("bias", () => Ops.empty([outFeatures]).uniform_(-bound, bound)) : null;
    }

    public Tensor Forward(Tensor x) => x.linear(_weight, _bias);
}

/// <summary>torch.nn.Embedding: ids [*] → [*, width]. Starts normal(0, <c>deviation</c>).</summary>
public sealed class Embedding : Module
{
    private readonly Tensor _weight;

    public Embedding(long count, long width, double deviation = 1) => _weight = Parameter("weight", () => Ops.empty([count, width]).normal_(0, deviation));

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
