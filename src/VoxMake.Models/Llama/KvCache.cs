using VoxMake.Torch;

namespace VoxMake.Models.Llama;

/// <summary>Keys and values of one running sequence, for all layers. Grows in steps; what it holds belongs to no scope and dies with it.</summary>
public sealed class KvCache : IDisposable
{
    private const long Step = 256; // tokens: at most so many too many for each sequence

    private readonly (Tensor Keys, Tensor Values)?[] _layers;
    private readonly LlamaConfig _config;

    private readonly int _longest;

    /// <param name="longest">Tokens that it will never hold more of; what is set aside beforehand stays below <see cref="Bytes"/> of so many. Null: the context of the network.</param>
    public KvCache(LlamaConfig config, int? longest = null) =>
        (_config, _layers, _longest) = (config, new (Tensor, Tensor)?[config.NumHiddenLayers], longest ?? config.MaxPositionEmbeddings);

    /// <summary>Tokens that all layers hold.</summary>
    public int Tokens { get; private set; }

    /// <summary>Bytes that a sequence of so many tokens takes.</summary>
    public static long Bytes(LlamaConfig config, long tokens, ScalarType type) =>
        2L * config.NumHiddenLayers * config.NumKeyValueHeads * config.HeadDim * (tokens + Step - 1) / Step * Step * (type == ScalarType.Float ? 4 : 2);

    /// <summary>Adds a layer's keys and values of new tokens, and gives those of all.</summary>
    /// <param name="keys">[kv_heads, new tokens, head_dim], or [kv_heads, head_dim] of one; values are the same.</param>
    /// <returns>[kv_heads, tokens, head_dim], views of the present scope.</returns>
    internal (Tensor Keys, Tensor Values) Add(int layer, Tensor keys, Tensor values)
    {
        var one = keys.Shape.Length == 2;
        var (before, added) = (Tokens, one ? 1 : keys.Size(1));
        var room = Room(layer, before + added, keys);
        Tensor Place(Tensor held) => one ? held.select(1, before) : held.narrow(1, before, added);
        Place(room.Keys).copy_(keys);
        Place(room.Values).copy_(values);
        return (room.Keys.narrow(1, 0, before + added), room.Values.narrow(1, 0, before + added));
    }

    /// <summary>All layers have taken new tokens.</summary>
    internal void Advance(int tokens) => Tokens += tokens;

    private (Tensor Keys, Tensor Values) Room(int layer, long tokens, Tensor like)
    {
        if (_layers[layer] is { } there && there.Keys.Size(1) >= tokens) return there;
        var capacity = Math.Max((tokens + Step - 1) / Step * Step, Math.Min(2 * Tokens, _longest));
        Tensor Make() => TensorScope.Outside(() => Ops.empty([_config.NumKeyValueHeads, capacity, _config.HeadDim], like.Type, null, like.Device));
        var (keys, values) = (Make(), Make());
        if (_layers[layer] is { } old)
        {
            keys.narrow(1, 0, Tokens).copy_(old.Keys.narrow(1, 0, Tokens));
            values.narrow(1, 0, Tokens).copy_(old.Values.narrow(1, 0, Tokens));
            old.Keys.Dispose();
            old.Values.Dispose();
        }
        _layers[layer] = (keys, values);
        return (keys, values);
    }

    public void Dispose()
    {
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            _layers[layer]?.Keys.Dispose();
            _layers[layer]?.Values.Dispose();
            _layers[layer] = null;
        }
        Tokens = 0;
    }
}
