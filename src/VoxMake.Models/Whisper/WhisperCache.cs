using VoxMake.Torch;

namespace VoxMake.Models.Whisper;

/// <summary>Keys and values of the texts so far, for all layers and rows; all rows hold as many tokens. What it holds belongs to no scope and dies with it.</summary>
public sealed class WhisperCache : IDisposable
{
    private const long Step = 64; // tokens: at most so many too many for each row

    private readonly KeyValueRoom?[] _layers;
    private readonly WhisperConfig _config;

    /// <param name="rows">Texts, at least 1.</param>
    public WhisperCache(WhisperConfig config, int rows) => (_config, Rows, _layers) = (config, rows, new KeyValueRoom?[config.DecoderLayers]);

    public int Rows { get; }

    /// <summary>Tokens that each row holds.</summary>
    public int Tokens { get; private set; }

    /// <summary>Row i becomes what row <c>sources[i]</c> was, as beams of a search do.</summary>
    public void Reorder(IReadOnlyList<int> sources)
    {
        if (sources.Count != Rows) throw new ArgumentException($"{sources.Count} sources for {Rows} rows");
        if (sources.Index().All(one => one.Index == one.Item)) return;
        using var scope = new TensorScope();
        Tensor? index = null;
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            if (_layers[layer] is not { } held) continue;
            index ??= Tensor.From<long>([.. sources.Select(source => (long)source)], Rows).to(held.Keys.Device);
            // Only what is filled moves; the rest of the room holds nothing.
            foreach (var room in new[] { held.Keys, held.Values })
            {
                var filled = room.narrow(2, 0, Tokens);
                filled.copy_(filled.index_select(0, index));
            }
        }
    }

    /// <summary>Adds a layer's keys and values [rows, heads, new tokens, head_dim] and gives those of all.</summary>
    internal (Tensor Keys, Tensor Values) Add(int layer, Tensor keys, Tensor values)
    {
        var added = keys.Size(2);
        var room = Room(layer, Tokens + added, keys);
        room.Keys.narrow(2, Tokens, added).copy_(keys);
        room.Values.narrow(2, Tokens, added).copy_(values);
        return room.Filled(Tokens + added);
    }

    /// <summary>All layers have taken new tokens.</summary>
    internal void Advance(int tokens) => Tokens += tokens;

    private KeyValueRoom Room(int layer, long tokens, Tensor like)
    {
        if (_layers[layer] is { } there && there.Capacity >= tokens) return there;
        var capacity = Math.Min(Math.Max((tokens + Step - 1) / Step * Step, 2L * Tokens), Math.Max(tokens, _config.MaxTargetPositions));
        return _layers[layer] = KeyValueRoom.Grown(_layers[layer], Tokens, [Rows, like.Size(1), capacity, like.Size(3)], like);
    }

    public void Dispose()
    {
        foreach (var layer in _layers) layer?.Dispose();
        Array.Clear(_layers);
        Tokens = 0;
    }
}

/// <summary>What the decoder asks the sound for: keys and values of each layer for each window, computed once. What it holds belongs to no scope and dies with it.</summary>
public sealed class WhisperSound : IDisposable
{
    private readonly IReadOnlyList<(Tensor Keys, Tensor Values)> _layers;

    internal WhisperSound(IReadOnlyList<(Tensor, Tensor)> layers, int windows) => (_layers, Windows) = (layers, windows);

    public int Windows { get; }

    internal (Tensor Keys, Tensor Values) this[int layer] => _layers[layer];

    /// <summary>One window; a view, which must not outlive this.</summary>
    public WhisperSound Window(int window) => TensorScope.Outside(() => new WhisperSound([.. _layers.Select(layer => (layer.Keys.narrow(0, window, 1), layer.Values.narrow(0, window, 1)))], 1));

    public void Dispose()
    {
        foreach (var (keys, values) in _layers)
        {
            keys.Dispose();
            values.Dispose();
        }
    }
}
