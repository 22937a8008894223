using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Lora;

/// <summary>torch.nn.Linear, [*, in] → [*, out], beside which an adapter can be laid (LoRA: Hu et al. 2021): <c>x Wᵀ + b + scaling · dropout(x) Aᵀ Bᵀ</c>.</summary>
public sealed class LoraLinear : Module
{
    private readonly Tensor? _bias;
    private Adapter? _adapter;

    /// <param name="name">Its full name in the network.</param>
    public LoraLinear(string name, long inFeatures, long outFeatures, bool bias, WeightSource weights)
    {
        (Name, InFeatures, OutFeatures) = (name, inFeatures, outFeatures);
        Weight = Parameter("weight", () => weights($"{name}.weight", [outFeatures, inFeatures]));
        if (bias) _bias = Parameter("bias", () => weights($"{name}.bias", [outFeatures]));
    }

    /// <summary>Its full name in the network, such as <c>model.layers.0.self_attn.q_proj</c>.</summary>
    public string Name { get; }

    public long InFeatures { get; }
    public long OutFeatures { get; }

    /// <summary>Lays an adapter beside the weight.</summary>
    /// <param name="a">[rank, in]</param>
    /// <param name="b">[out, rank]</param>
    /// <param name="dropout">Of what goes into the adapter while training.</param>
    public void Attach(Func<Tensor> a, Func<Tensor> b, double scaling, double dropout)
    {
        if (_adapter is not null) throw new InvalidOperationException($"{Name} has an adapter already");
        _adapter = new Adapter(Parameter("lora_A.weight", a), Parameter("lora_B.weight", b), scaling, dropout);
    }

    /// <summary>[out, in]</summary>
    public Tensor Weight { get; }

    /// <summary>[rank, in] of the adapter; null without one.</summary>
    public Tensor? LoraA => _adapter?.A;

    /// <summary>[out, rank] of the adapter; null without one.</summary>
    public Tensor? LoraB => _adapter?.B;

    public Tensor Forward(Tensor x)
    {
        var result = RowLinear.Forward(x, Weight, _bias);
        if (_adapter is null) return result;
        // In the type of what comes in, as under autocast: the adapter's own float32 is for the optimizer.
        var given = x.dropout(_adapter.Dropout, Training && _adapter.Dropout > 0);
        return result + RowLinear.Forward(RowLinear.Forward(given, _adapter.A.to(x.Type)), _adapter.B.to(x.Type)) * _adapter.Scaling;
    }

    private sealed record Adapter(Tensor A, Tensor B, double Scaling, double Dropout);
}
