using VoxMake.Torch;

namespace VoxMake.Models.Llama;

/// <summary>Keys and values of one running sequence, for all layers. Grows in steps; what it holds belongs to no scope and dies with it.</summary>
public sealed class KvCache : IDisposable
{
    private const long Step = 256; // tokens: at most so many too many for each sequence

    private readonly KeyValueRoom?[] _layers;
    private readonly LlamaConfig _config;

    private readonly int _longest;

    /// <param name="longest">Tokens that it will never hold more of; what is set aside beforehand stays below <see cref="Bytes"/> of so many. Null: the context of the network.</param>
    public KvCache(LlamaConfig config, int? longest = null) =>
        (_config, _layers, _longest) = (config, new KeyValueRoom?[config.NumHiddenLayers], longest ?? config.MaxPositionEmbeddings);

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
        return room.Filled(before + added);
    }

    /// <summary>All layers have taken new tokens.</summary>
    internal void Advance(int tokens) => Tokens += tokens;

    private KeyValueRoom Room(int layer, long tokens, Tensor like)
    {
        if (_layers[layer] is { } there && there.Capacity >= tokens) return there;
        var capacity = Math.Max((tokens + Step - 1) / Step * Step, Math.Min(2 * Tokens, _longest));
        return _layers[layer] = KeyValueRoom.Grown(_layers[layer], Tokens, [_config.NumKeyValueHeads, capacity, _config.HeadDim], like);
    }

    public void Dispose()
    {
        foreach (var layer in _layers) layer?.Dispose();
        Array.Clear(_layers);
        Tokens = 0;
    }
}
