using VoxMake.Torch;
using VoxMake.Torch.Nn;

namespace VoxMake.Models.Whisper;

/// <summary>Tokens to hidden states: blocks of attention to the text so far and to the sound.</summary>
internal sealed class WhisperDecoder : Module
{
    private readonly WhisperTable _tokens, _positions;
    private readonly IReadOnlyList<WhisperDecoderLayer> _layers;
    private readonly WhisperNorm _norm;
    private readonly WhisperConfig _config;

    public WhisperDecoder(string name, WhisperConfig config, WeightSource weights)
    {
        _config = config;
        _tokens = Part("embed_tokens", new WhisperTable($"{name}.embed_tokens", config.VocabSize, config.DModel, weights));
        _positions = Part("embed_positions", new WhisperTable($"{name}.embed_positions", config.MaxTargetPositions, config.DModel, weights));
        _layers = Parts("layers", Enumerable.Range(0, config.DecoderLayers).Select(layer => new WhisperDecoderLayer($"{name}.layers.{layer}", layer, config, weights)));
        _norm = Part("layer_norm", new WhisperNorm($"{name}.layer_norm", config.DModel, weights));
    }

    /// <summary>[vocab_size, hidden]</summary>
    public Tensor Embedding => _tokens.Weight;

    /// <summary>Keys and values of the sound [windows, positions, hidden] for all layers.</summary>
    public WhisperSound Listen(Tensor encoded)
    {
        var windows = encoded.Size(0);
        var layers = new List<(Tensor, Tensor)>();
        foreach (var layer in _layers)
        {
            using var scope = new TensorScope();
            var (keys, values) = layer.Sound.KeysValues(encoded.reshape([windows * encoded.Size(1), encoded.Size(2)]), windows);
            // Contiguous for each head: they are read at every step.
            layers.Add(TensorScope.Outside(() => (keys.contiguous(), values.contiguous())));
        }
        return new WhisperSound(layers, (int)windows);
    }

    /// <param name="ids">[rows, tokens] whole numbers (long); rows are a multiple of the windows, those of a window follow one another.</param>
    /// <returns>[rows · tokens, hidden]</returns>
    public Tensor Forward(Tensor ids, WhisperSound sound, WhisperCache? cache, AttentionLooker? text, AttentionLooker? audio)
    {
        var (rows, tokens, before) = (ids.Size(0), ids.Size(1), cache?.Tokens ?? 0);
        if (before + tokens > _config.MaxTargetPositions) throw new ArgumentException($"{before + tokens} tokens do not fit {_config.MaxTargetPositions} positions (max_target_positions)");
        if (cache is not null && cache.Rows != rows || rows % sound.Windows != 0) throw new ArgumentException($"{rows} rows do not go with {cache?.Rows} of the cache and {sound.Windows} windows");
        var x = (_tokens.Weight.embedding(ids) + _positions.Weight.narrow(0, before, tokens)).view([rows * tokens, _config.DModel]);
        var bias = tokens > 1 ? Causal(before, tokens, x) : null;
        foreach (var layer in _layers) x = layer.Forward(x, rows, bias, sound, cache, text, audio);
        cache?.Advance((int)tokens);
        return _norm.Forward(x);
    }

    /// <summary>−∞ where a key lies behind a query, [tokens, before + tokens].</summary>
    private static Tensor Causal(long before, long tokens, Tensor like)
    {
        Tensor From(long start) => Ops.arange(start, before + tokens, 1, ScalarType.Long, null, like.Device);
        var later = From(before).unsqueeze(1).lt(From(0));
        return Ops.zeros(later.Shape, like.Type, null, like.Device).masked_fill(later, double.NegativeInfinity);
    }
}

/// <summary>One block of the decoder: attention to the text, attention to the sound, the feed-forward part, each behind a norm and around a residual.</summary>
internal sealed class WhisperDecoderLayer : Module
{
    private readonly WhisperAttention _text;
    private readonly WhisperNorm _before, _between;
    private readonly WhisperFeedForward _feedForward;
    private readonly int _layer;

    public WhisperDecoderLayer(string name, int layer, WhisperConfig config, WeightSource weights)
    {
        _layer = layer;
        _text = Part("self_attn", new WhisperAttention($"{name}.self_attn", config.DModel, config.DecoderAttentionHeads, weights));
        _before = Part("self_attn_layer_norm", new WhisperNorm($"{name}.self_attn_layer_norm", config.DModel, weights));
        Sound = Part("encoder_attn", new WhisperAttention($"{name}.encoder_attn", config.DModel, config.DecoderAttentionHeads, weights));
        _between = Part("encoder_attn_layer_norm", new WhisperNorm($"{name}.encoder_attn_layer_norm", config.DModel, weights));
        var widen = Part("fc1", new WhisperLinear($"{name}.fc1", config.DModel, config.DecoderFfnDim, weights));
        var narrow = Part("fc2", new WhisperLinear($"{name}.fc2", config.DecoderFfnDim, config.DModel, weights));
        _feedForward = new WhisperFeedForward(Part("final_layer_norm", new WhisperNorm($"{name}.final_layer_norm", config.DModel, weights)), widen, narrow);
    }

    public WhisperAttention Sound { get; }

    /// <param name="x">[rows · tokens, hidden]</param>
    public Tensor Forward(Tensor x, long rows, Tensor? bias, WhisperSound sound, WhisperCache? cache, AttentionLooker? text, AttentionLooker? audio)
    {
        using var scope = new TensorScope();
        x += AttendText(x, rows, bias, cache, text);
        x += AttendSound(x, rows, sound, audio);
        return scope.Keep(x + _feedForward.Forward(x));
    }

    private Tensor AttendText(Tensor x, long rows, Tensor? bias, WhisperCache? cache, AttentionLooker? look)
    {
        using var scope = new TensorScope();
        var normed = _before.Forward(x);
        var held = _text.KeysValues(normed, rows);
        if (cache is not null) held = cache.Add(_layer, held.Keys, held.Values);
        return scope.Keep(_text.Forward(normed, rows, held, bias, Bound(look)));
    }

    /// <summary>The rows of a window ask the same keys: they are more queries of one product.</summary>
    private Tensor AttendSound(Tensor x, long rows, WhisperSound sound, AttentionLooker? look)
    {
        using var scope = new TensorScope();
        return scope.Keep(Sound.Forward(_between.Forward(x), sound.Windows, sound[_layer], null, Bound(look)));
    }

    private Action<Tensor>? Bound(AttentionLooker? look) => look is null ? null : scores => look(_layer, scores);
}
