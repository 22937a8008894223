using VoxMake.Models.Lora;
using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Llama;

/// <summary>The gated feed-forward part (SwiGLU: Shazeer 2020): <c>down(silu(gate(x)) · up(x))</c>.</summary>
internal sealed class LlamaMlp : Module
{
    public LlamaMlp(string name, LlamaConfig config, WeightSource weights)
    {
        LoraLinear Projection(string part, int from, int to) => Part(part, new LoraLinear($"{name}.{part}", from, to, config.MlpBias, weights));
        Gate = Projection("gate_proj", config.HiddenSize, config.IntermediateSize);
        Up = Projection("up_proj", config.HiddenSize, config.IntermediateSize);
        Down = Projection("down_proj", config.IntermediateSize, config.HiddenSize);
    }

    public LoraLinear Gate { get; }
    public LoraLinear Up { get; }
    public LoraLinear Down { get; }

    public Tensor Forward(Tensor x) => Down.Forward(Gate.Forward(x).silu() * Up.Forward(x));
}
