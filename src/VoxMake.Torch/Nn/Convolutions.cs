namespace VoxMake.Torch.Nn;

/// <summary>
/// What convolutions share: a kernel and a bias. The kernel is the parameter <c>weight</c>, or under weight norm <c>weight_g · weight_v / ‖weight_v‖</c>, one norm for each index of its first
/// dimension (torch.nn.utils.weight_norm with dim 0; Salimans and Kingma 2016). Starts as PyTorch's: uniform within ±1/√fan-in, weight_g as the norm of weight_v; or all zero.
/// </summary>
public abstract class Convolution : Module
{
    private readonly Tensor _kernel;
    private readonly Tensor? _norm;
    private Tensor? _frozen;

    private protected Convolution(long[] shape, long outChannels, bool bias, bool weightNorm, bool zero)
    {
        if (zero && weightNorm) throw new ArgumentException("a kernel of zeros has no direction for weight norm");
        var bound = zero ? 0 : 1 / Math.Sqrt(shape[1..].Aggregate(1L, (product, size) => product * size)); // torch's fan-in, for transposed ones too
        Tensor Start(params long[] size) => zero ? Ops.zeros(size) : Ops.empty(size).uniform_(-bound, bound);
        _kernel = Parameter(weightNorm ? "weight_v" : "weight", () => Start(shape));
        if (weightNorm) _norm = Parameter("weight_g", () => WeightNorm.Norm(_kernel.detach()));
        if (bias) Bias = Parameter("bias", () => Start(outChannels));
    }

    private protected Tensor? Bias { get; }

    /// <summary>The kernel to convolve with; computed once while the module is frozen.</summary>
    private protected Tensor Kernel => _norm is null ? _kernel : Frozen ? _frozen ??= TensorScope.Outside(Normed) : Normed();

    private Tensor Normed() => _kernel._weight_norm(_norm!, 0);

    private protected override void Thaw()
    {
        _frozen?.Dispose();
        _frozen = null;
    }
}

/// <summary>torch.nn.Conv1d: [batch, in, time] → [batch, out, time'].</summary>
public sealed class Conv1d(long inChannels, long outChannels, long kernelSize, long stride = 1, long padding = 0, long dilation = 1, long groups = 1, bool bias = true, bool weightNorm = false, bool zero = false)
    : Convolution([outChannels, inChannels / groups, kernelSize], outChannels, bias, weightNorm, zero)
{
    private readonly long[] _stride = [stride], _padding = [padding], _dilation = [dilation];

    public Tensor Forward(Tensor x) => x.conv1d(Kernel, Bias, _stride, _padding, _dilation, groups);
}

/// <summary>torch.nn.Conv2d over columns: [batch, in, height, width] → [batch, out, height', width]; stride and padding go along the height, kernels are one wide.</summary>
public sealed class ColumnConv2d(long inChannels, long outChannels, long kernelSize, long stride = 1, long padding = 0, bool weightNorm = false)
    : Convolution([outChannels, inChannels, kernelSize, 1], outChannels, true, weightNorm, false)
{
    private readonly long[] _stride = [stride, 1], _padding = [padding, 0];

    public Tensor Forward(Tensor x) => x.conv2d(Kernel, Bias, _stride, _padding);
}

/// <summary>torch.nn.ConvTranspose1d: [batch, in, time] → [batch, out, (time − 1) · stride − 2 · padding + kernel].</summary>
public sealed class ConvTranspose1d(long inChannels, long outChannels, long kernelSize, long stride = 1, long padding = 0, bool weightNorm = false)
    : Convolution([inChannels, outChannels, kernelSize], outChannels, true, weightNorm, false)
{
    private readonly long[] _stride = [stride], _padding = [padding];

    public Tensor Forward(Tensor x) => x.conv_transpose1d(Kernel, Bias, _stride, _padding);
}
