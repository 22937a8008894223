using VoxMake.Models.Lora;
using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Llama;

/// <summary>
/// A causal language model of the Llama family (Touvron et al. 2023; "The Llama 3 Herd of Models", 2024). Tensors have the names of Hugging Face's LlamaForCausalLM, so that published checkpoints
/// load as they are.
/// </summary>
public sealed class LlamaModel : Module
{
    private readonly Body _body;
    private readonly Table? _head;
    private readonly Tensor _frequencies;

    /// <param name="weights">Where tensors come from; their type and device are the network's.</param>
    public LlamaModel(LlamaConfig config, WeightSource weights)
    {
        Config = config;
        _body = Part("model", new Body(config, weights));
        if (!config.TieWordEmbeddings) _head = Part("lm_head", new Table("lm_head", config, weights));
        _frequencies = TensorScope.Outside(() =>
        {
            using var scope = new TensorScope();
            return scope.Keep(RotaryEmbedding.Frequencies(config).to(Embedding.Device));
        });
    }

    public LlamaConfig Config { get; }

    /// <summary>[vocab_size, hidden] the embedding's rows.</summary>
    public Tensor Embedding => _body.Embedding;

    /// <summary>[vocab_size, hidden] what hidden states are multiplied with to give logits: the embedding where the two are tied.</summary>
    public Tensor HeadWeight => _head?.Weight ?? _body.Embedding;

    /// <summary>What is computed again for gradients instead of kept.</summary>
    public GradientCheckpointing Checkpointing { get; set; }

    public Device Device => Embedding.Device;
    public ScalarType Type => Embedding.Type;

    /// <summary>The linear layers of all blocks, in the order of the blocks; each name ends in q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj or down_proj.</summary>
    public IEnumerable<LoraLinear> Projections =>
        _body.Layers.SelectMany(layer => new[] { layer.Attention.Q, layer.Attention.K, layer.Attention.V, layer.Attention.O, layer.Mlp.Gate, layer.Mlp.Up, layer.Mlp.Down });

    /// <summary>A network with weights by chance, as transformers starts one: normal(0, 0.02), norms 1, biases 0.</summary>
    public static LlamaModel Random(LlamaConfig config, Generator? generator = null, ScalarType type = ScalarType.Float, Device? device = null) =>
        new(config, (name, shape) => Start(name, shape, generator).to(device ?? Device.Cpu, type));

    private static Tensor Start(string name, long[] shape, Generator? generator) =>
        name.EndsWith("norm.weight", StringComparison.Ordinal) ? Ops.ones(shape) : shape.Length == 1 ? Ops.zeros(shape) : Ops.empty(shape).normal_(0, 0.02, generator);

    /// <summary>Names and shapes of all tensors that a checkpoint of this shape holds, without making any.</summary>
    public static IReadOnlyList<(string Name, long[] Shape)> Tensors(LlamaConfig config)
    {
        var tensors = new List<(string, long[])>();
        long hidden = config.HiddenSize, middle = config.IntermediateSize, queries = (long)config.NumAttentionHeads * config.HeadDim, shared = (long)config.NumKeyValueHeads * config.HeadDim;
        tensors.Add(("model.embed_tokens.weight", [config.VocabSize, hidden]));
        for (var layer = 0; layer < config.NumHiddenLayers; layer++)
        {
            void Linear(string part, long to, long from, bool bias)
            {
                tensors.Add(($"model.layers.{layer}.{part}.weight", [to, from]));
                if (bias) tensors.Add(($"model.layers.{layer}.{part}.bias", [to]));
            }
            Linear("self_attn.q_proj", queries, hidden, config.QkvBias);
            Linear("self_attn.k_proj", shared, hidden, config.QkvBias);
            Linear("self_attn.v_proj", shared, hidden, config.QkvBias);
            Linear("self_attn.o_proj", hidden, queries, config.OutputBias);
            Linear("mlp.gate_proj", middle, hidden, config.MlpBias);
            Linear("mlp.up_proj", middle, hidden, config.MlpBias);
            Linear("mlp.down_proj", hidden, middle, config.MlpBias);
            tensors.Add(($"model.layers.{layer}.input_layernorm.weight", [hidden]));
            tensors.Add(($"model.layers.{layer}.post_attention_layernorm.weight", [hidden]));
        }
        tensors.Add(("model.norm.weight", [hidden]));
        if (!config.TieWordEmbeddings) tensors.Add(("lm_head.weight", [config.VocabSize, hidden]));
        return tensors;
    }

    /// <summary>Whether a network of this shape, in float32, fits into the memory that is free now, with some to spare.</summary>
    public static bool FitsInFloat32(LlamaConfig config)
    {
        var numbers = Tensors(config).Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size));
        return 4 * numbers * 1.2 + (2L << 30) < FreeMemory.OfHost();
    }

    /// <summary>Hidden states after the final norm: [tokens, hidden].</summary>
    /// <param name="caches">One for each sequence, which then holds the batch's tokens too; positions must go on from what it holds. Null where nothing is kept.</param>
    /// <param name="looker">Is shown the embedding's rows and what each block makes of them, in order; null mostly.</param>
    public Tensor Forward(TokenBatch batch, IReadOnlyList<KvCache>? caches = null, Action<Tensor>? looker = null)
    {
        var x = _body.Embedding.embedding(batch.Ids);
        var angles = RotaryEmbedding.At(_frequencies, batch.Positions, x.Type);
        looker?.Invoke(x);
        foreach (var layer in _body.Layers)
        {
            x = layer.Forward(x, batch, angles, caches, Checkpointing);
            looker?.Invoke(x);
        }
        if (caches is not null)
            for (var i = 0; i < caches.Count; i++) caches[i].Advance(batch.Lengths[i]);
        return _body.Norm.Forward(x);
    }

    /// <summary>Scores of all tokens of the vocabulary, for hidden states [tokens, hidden]: [tokens, vocab_size].</summary>
    public Tensor Logits(Tensor hidden) => RowLinear.Forward(hidden, HeadWeight);

    /// <summary>The network without its head; published names begin with <c>model.</c></summary>
    private sealed class Body : Module
    {
        public Body(LlamaConfig config, WeightSource weights)
        {
            Embedding = Part("embed_tokens", new Table("model.embed_tokens", config, weights)).Weight;
            Layers = Parts("layers", Enumerable.Range(0, config.NumHiddenLayers).Select(layer => new LlamaLayer($"model.layers.{layer}", layer, config, weights)));
            Norm = Part("norm", new RmsNorm("model.norm", config.HiddenSize, config.RmsNormEps, weights));
        }

        public Tensor Embedding { get; }
        public IReadOnlyList<LlamaLayer> Layers { get; }
        public RmsNorm Norm { get; }
    }

    /// <summary>A row for each token of the vocabulary: the embedding, or a head of its own.</summary>
    private sealed class Table : Module
    {
        public Table(string name, LlamaConfig config, WeightSource weights) => Weight = Parameter("weight", () => weights($"{name}.weight", [config.VocabSize, config.HiddenSize]));

        public Tensor Weight { get; }
    }
}
