using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Llama;

/// <summary>Root mean square norm over the last dimension (Zhang and Sennrich 2019), computed in float32 whatever the weights are, as transformers' LlamaRMSNorm.</summary>
internal sealed class RmsNorm : Module
{
    private readonly Tensor _weight;
    private readonly double _eps;

    public RmsNorm(string name, long width, double eps, WeightSource weights)
    {
        _eps = eps;
        _weight = Parameter("weight", () => weights($"{name}.weight", [width]));
    }

    public Tensor Forward(Tensor x)
    {
        var wide = x.to(ScalarType.Float);
        var scale = (wide.pow(2).mean([-1], true) + _eps).rsqrt();
        return _weight * (wide * scale).to(x.Type);
    }
}
