using VoxMake.Torch.Native;
using VoxMake.Torch.Weights;

namespace VoxMake.Torch.Nn;

/// <summary>
/// A Conv1d whose weight is <c>weight_g · weight_v / ‖weight_v‖</c>, one norm for each output channel (torch.nn.utils.weight_norm with dim 0; Salimans and Kingma 2016).
/// Starts as <see cref="Conv1d"/>; weight_g starts as the norm of weight_v.
/// </summary>
public sealed class WeightNormConv1d : Module
{
    private readonly Tensor _bias, _g, _v;
    private readonly long[] _padding, _dilation;

    public WeightNormConv1d(long inChannels, long outChannels, long kernelSize, long padding = 0, long dilation = 1)
    {
        (_padding, _dilation) = ([padding], [dilation]);
        var bound = 1 / Math.Sqrt(inChannels * kernelSize);
        _v = Parameter("weight_v", () => Ops.empty([outChannels, inChannels, kernelSize]).uniform_(-bound, bound));
        _g = Parameter("weight_g", () => _v.detach().linalg_vector_norm(2, [1, 2], true));
        _bias = Parameter("bias", () => Ops.empty([outChannels]).uniform_(-bound, bound));
    }

    public Tensor Forward(Tensor x) => x.conv1d(_v._weight_norm(_g, 0), _bias, [1], _padding, _dilation);
}

/// <summary>The two spellings that checkpoints have for the halves of a weight under weight norm.</summary>
public static class WeightNorm
{
    /// <summary>
    /// The same weights with <c>parametrizations.weight.original0</c> and <c>original1</c> (torch.nn.utils.parametrizations.weight_norm) called <c>weight_g</c> and <c>weight_v</c>
    /// (torch.nn.utils.weight_norm), which is what the modules here call them.
    /// </summary>
    /// <param name="file">What messages call the weights.</param>
    /// <exception cref="TorchException">A tensor is there in both spellings.</exception>
    public static IReadOnlyDictionary<string, TensorView> OneSpelling(IReadOnlyDictionary<string, TensorView> weights, string file)
    {
        var renamed = new Dictionary<string, TensorView>(weights.Count);
        foreach (var (name, view) in weights)
        {
            var spelled = name.Replace("parametrizations.weight.original0", "weight_g", StringComparison.Ordinal).Replace("parametrizations.weight.original1", "weight_v", StringComparison.Ordinal);
            if (!renamed.TryAdd(spelled, view)) throw new TorchException($"{file} holds {spelled} twice: under that name and as {name}; one of them must go");
        }
        return renamed;
    }
}
