using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Whisper;

/// <summary>
/// Whisper (Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision", 2022). Tensors have the names of Hugging Face's WhisperForConditionalGeneration, so that published
/// checkpoints load as they are; the head is the decoder's embedding. It may be used by several threads at once, each with its own caches.
/// </summary>
public sealed class WhisperModel : Module
{
    private readonly Body _body;

    /// <param name="weights">Where tensors come from; their type and device are the network's.</param>
    public WhisperModel(WhisperConfig config, WeightSource weights)
    {
        Config = config;
        _body = Part("model", new Body(config, weights));
    }

    public WhisperConfig Config { get; }

    public Device Device => _body.Decoder.Embedding.Device;
    public ScalarType Type => _body.Decoder.Embedding.Type;

    /// <summary>A network with weights by chance: normal(0, deviation), norms 1, biases 0.</summary>
    public static WhisperModel Random(WhisperConfig config, Generator? generator = null, double deviation = 0.02) => new(config, (name, shape) =>
        name.EndsWith("layer_norm.weight", StringComparison.Ordinal) ? Ops.ones(shape) : shape.Length == 1 ? Ops.zeros(shape) : Ops.empty(shape).normal_(0, deviation, generator));

    /// <summary>Names and shapes of all tensors that a checkpoint of this shape holds, without making any.</summary>
    public static IReadOnlyList<(string Name, long[] Shape)> Tensors(WhisperConfig config)
    {
        var tensors = new List<(string, long[])>();
        long hidden = config.DModel;
        void Add(string name, params long[] shape) => tensors.Add(($"model.{name}", shape));
        void Both(string name, long[] shape)
        {
            Add($"{name}.weight", shape);
            Add($"{name}.bias", shape[0]);
        }
        void Attention(string name)
        {
            Add($"{name}.k_proj.weight", hidden, hidden);
            foreach (var part in new[] { "v_proj", "q_proj", "out_proj" }) Both($"{name}.{part}", [hidden, hidden]);
            Both($"{name}_layer_norm", [hidden]);
        }
        void Rest(string name, long middle)
        {
            Both($"{name}.fc1", [middle, hidden]);
            Both($"{name}.fc2", [hidden, middle]);
            Both($"{name}.final_layer_norm", [hidden]);
        }
        Both("encoder.conv1", [hidden, config.NumMelBins, 3]);
        Both("encoder.conv2", [hidden, hidden, 3]);
        Add("encoder.embed_positions.weight", config.MaxSourcePositions, hidden);
        for (var layer = 0; layer < config.EncoderLayers; layer++)
        {
            Attention($"encoder.layers.{layer}.self_attn");
            Rest($"encoder.layers.{layer}", config.EncoderFfnDim);
        }
        Both("encoder.layer_norm", [hidden]);
        Add("decoder.embed_tokens.weight", config.VocabSize, hidden);
        Add("decoder.embed_positions.weight", config.MaxTargetPositions, hidden);
        for (var layer = 0; layer < config.DecoderLayers; layer++)
        {
            Attention($"decoder.layers.{layer}.self_attn");
            Attention($"decoder.layers.{layer}.encoder_attn");
            Rest($"decoder.layers.{layer}", config.DecoderFfnDim);
        }
        Both("decoder.layer_norm", [hidden]);
        return tensors;
    }

    /// <summary>What the decoder attends to.</summary>
    /// <param name="mel">[windows, mels, frames], frames = 2 · max_source_positions.</param>
    /// <param name="cancel">Looked at between layers.</param>
    /// <returns>[windows, positions, hidden]</returns>
    public Tensor Encode(Tensor mel, CancellationToken cancel = default) => _body.Encoder.Forward(mel, cancel);

    /// <summary>Keys and values of encoded windows [windows, positions, hidden] for the decoder.</summary>
    public WhisperSound Listen(Tensor encoded) => _body.Decoder.Listen(encoded);

    /// <summary>Hidden states after the final norm.</summary>
    /// <param name="ids">[rows, tokens] whole numbers (long); rows are a multiple of the windows, those of a window follow one another.</param>
    /// <param name="cache">Holds the tokens before, and then these too; null where nothing is kept.</param>
    /// <param name="text">Is shown each layer's attention to the text: rows, heads.</param>
    /// <param name="audio">Is shown each layer's attention to the sound: windows, heads, tokens of all rows of a window.</param>
    /// <returns>[rows · tokens, hidden]</returns>
    public Tensor Decode(Tensor ids, WhisperSound sound, WhisperCache? cache = null, AttentionLooker? text = null, AttentionLooker? audio = null) =>
        _body.Decoder.Forward(ids, sound, cache, text, audio);

    /// <summary>Scores of all tokens of the vocabulary, for hidden states [rows, hidden]: [rows, vocab_size].</summary>
    public Tensor Logits(Tensor hidden) => RowLinear.Forward(hidden, _body.Decoder.Embedding);

    /// <summary>The network without its head; published names begin with <c>model.</c></summary>
    private sealed class Body : Module
    {
        public Body(WhisperConfig config, WeightSource weights)
        {
            Encoder = Part("encoder", new WhisperEncoder("model.encoder", config, weights));
            Decoder = Part("decoder", new WhisperDecoder("model.decoder", config, weights));
        }

        public WhisperEncoder Encoder { get; }
        public WhisperDecoder Decoder { get; }
    }
}
