using System.Runtime.InteropServices;

namespace VoxMake.Models.SpeakerEncoder;

/// <summary>
/// Weights of one LSTM layer (torch.nn.LSTM, gates in the order i, f, g, o) laid out for the kernels: for each block of units, for each number that comes in, its weights to the four gates of these
/// units. So a step reads them once from the beginning to the end.
/// </summary>
internal sealed unsafe class LstmLayer : IDisposable
{
    /// <summary>Units of every layer.</summary>
    public const int Units = 256;

    private readonly int _lanes;
    private float* _weights, _biases;

    /// <param name="inputs">Numbers that come in at each step.</param>
    /// <param name="inputWeights">weight_ih, [4 · Units, inputs].</param>
    /// <param name="recurrent">weight_hh, [4 · Units, Units].</param>
    /// <param name="inputBias">bias_ih, [4 · Units].</param>
    /// <param name="recurrentBias">bias_hh, [4 · Units].</param>
    /// <param name="wide">Whether for vectors of 512 bits.</param>
    public LstmLayer(int inputs, ReadOnlySpan<float> inputWeights, ReadOnlySpan<float> recurrent, ReadOnlySpan<float> inputBias, ReadOnlySpan<float> recurrentBias, bool wide)
    {
        (Inputs, _lanes) = (inputs, wide ? Kernel512.Lanes : Kernel256.Lanes);
        _weights = (float*)NativeMemory.AlignedAlloc((nuint)(4 * Units * Width * sizeof(float)), 64);
        _biases = (float*)NativeMemory.AlignedAlloc(4 * Units * sizeof(float), 64);
        for (var gate = 0; gate < 4; gate++)
            for (var unit = 0; unit < Units; unit++)
            {
                var row = gate * Units + unit;
                var (block, lane) = (unit / _lanes, unit % _lanes);
                _biases[block * 4 * _lanes + gate * _lanes + lane] = inputBias[row] + recurrentBias[row];
                for (var k = 0; k < Width; k++)
                    _weights[((block * Width + k) * 4 + gate) * _lanes + lane] = k < inputs ? inputWeights[row * inputs + k] : recurrent[row * Units + k - inputs];
            }
    }

    /// <summary>Numbers that come in at each step.</summary>
    public int Inputs { get; }

    /// <summary>Inputs + Units: a row of the layer's own numbers.</summary>
    public int Width => Inputs + Units;

    /// <summary>One step.</summary>
    /// <param name="z">[windows, Width]: what comes in, then the layer's outputs of the step before.</param>
    /// <param name="cells">[windows, Units]; becomes the new cells.</param>
    /// <param name="next">[windows, Width]: its second part takes the outputs. Not the memory of <paramref name="z"/>, which blocks of units still to come read.</param>
    /// <param name="above">[windows, strideAbove]: takes the outputs as well.</param>
    public void Step(int windows, float* z, float* cells, float* next, float* above, int strideAbove)
    {
        for (var unit = 0; unit < Units; unit += _lanes)
            if (_lanes == Kernel512.Lanes) Kernel512.Run(windows, z, Width, _weights + 4 * unit * Width, _biases + 4 * unit, cells + unit, next + Inputs + unit, above + unit, strideAbove);
            else Kernel256.Run(windows, z, Width, _weights + 4 * unit * Width, _biases + 4 * unit, cells + unit, next + Inputs + unit, above + unit, strideAbove);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_weights);
        NativeMemory.AlignedFree(_biases);
        _weights = _biases = null;
    }
}
