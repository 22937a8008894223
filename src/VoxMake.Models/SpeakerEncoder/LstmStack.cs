using System.Runtime.InteropServices;

namespace VoxMake.Models.SpeakerEncoder;

/// <summary>
/// The numbers of some windows on their way through all layers, step by step: each layer has rows of what comes in and what it said, twice, since a step reads one and writes the other.
/// </summary>
internal sealed unsafe class LstmStack : IDisposable
{
    private const int Units = LstmLayer.Units;
    private readonly LstmLayer[] _layers;
    private readonly int _windows;
    private float* _memory;
    private readonly nuint _bytes;
    private readonly nint[] _now, _next, _cells; // of each layer: rows of Width; rows of Units
    private readonly float* _last; // [windows, Units]

    public LstmStack(LstmLayer[] layers, int windows)
    {
        (_layers, _windows) = (layers, windows);
        _bytes = (nuint)windows * sizeof(float) * (nuint)(layers.Sum(layer => 2 * layer.Width + Units) + Units);
        _memory = (float*)NativeMemory.AlignedAlloc(_bytes, 64);
        var at = _memory;
        float* Take(int width)
        {
            var taken = at;
            at += windows * width;
            return taken;
        }
        _now = [.. layers.Select(layer => (nint)Take(layer.Width))];
        _next = [.. layers.Select(layer => (nint)Take(layer.Width))];
        _cells = [.. layers.Select(_ => (nint)Take(Units))];
        _last = Take(Units);
    }

    /// <summary>Forgets what was heard.</summary>
    public void Start() => NativeMemory.Clear(_memory, _bytes);

    /// <summary>What a window's first layer hears next.</summary>
    public Span<float> Input(int window) => new((float*)_now[0] + window * _layers[0].Width, _layers[0].Inputs);

    /// <summary>What a window's last layer said.</summary>
    public ReadOnlySpan<float> Output(int window) => new(_last + window * Units, Units);

    /// <summary>What a layer said in the last step, for tests.</summary>
    public ReadOnlySpan<float> Hidden(int layer, int window) => new((float*)_now[layer] + window * _layers[layer].Width + _layers[layer].Inputs, Units);

    /// <summary>One step of all layers.</summary>
    public void Step(int windows)
    {
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            var top = layer == _layers.Length - 1;
            _layers[layer].Step(windows, (float*)_now[layer], (float*)_cells[layer], (float*)_next[layer], top ? _last : (float*)_now[layer + 1], top ? Units : _layers[layer + 1].Width);
            (_now[layer], _next[layer]) = (_next[layer], _now[layer]);
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}
