using VoxMake.Torch;
using VoxMake.Torch.Autograd;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Llama;

/// <summary>One block: attention and the feed-forward part, each behind a norm and around a residual.</summary>
internal sealed class LlamaLayer : Module
{
    private readonly RmsNorm _before, _between;

    public LlamaLayer(string name, int layer, LlamaConfig config, WeightSource weights)
    {
        Attention = Part("self_attn", new LlamaAttention($"{name}.self_attn", layer, config, weights));
        Mlp = Part("mlp", new LlamaMlp($"{name}.mlp", config, weights));
        _before = Part("input_layernorm", new RmsNorm($"{name}.input_layernorm", config.HiddenSize, config.RmsNormEps, weights));
        _between = Part("post_attention_layernorm", new RmsNorm($"{name}.post_attention_layernorm", config.HiddenSize, config.RmsNormEps, weights));
    }

    public LlamaAttention Attention { get; }
    public LlamaMlp Mlp { get; }

    /// <param name="x">[tokens, hidden]</param>
    /// <param name="checkpointing">What is computed again for gradients instead of kept.</param>
    public Tensor Forward(Tensor x, TokenBatch batch, (Tensor Cos, Tensor Sin) angles, IReadOnlyList<KvCache>? caches, GradientCheckpointing checkpointing)
    {
        return checkpointing == GradientCheckpointing.Full ? Recompute.Run(given => Block(given[0], batch, angles, caches, false), x) : Block(x, batch, angles, caches, checkpointing == GradientCheckpointing.Selective);
    }

    private Tensor Block(Tensor x, TokenBatch batch, (Tensor Cos, Tensor Sin) angles, IReadOnlyList<KvCache>? caches, bool recompute)
    {
        // What gradients do not need dies with the scopes; without them a step would hold twice as much until its end.
        using var scope = new TensorScope();
        x += Attend(x, batch, angles, caches);
        return scope.Keep(x + (recompute ? Recompute.Run(given => FeedForward(given[0]), x) : FeedForward(x)));
    }

    private Tensor Attend(Tensor x, TokenBatch batch, (Tensor Cos, Tensor Sin) angles, IReadOnlyList<KvCache>? caches)
    {
        using var scope = new TensorScope();
        return scope.Keep(Attention.Forward(_before.Forward(x), batch, angles, caches));
    }

    private Tensor FeedForward(Tensor x)
    {
        using var scope = new TensorScope();
        return scope.Keep(Mlp.Forward(_between.Forward(x)));
    }
}
