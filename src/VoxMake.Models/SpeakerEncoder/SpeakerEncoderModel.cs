using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.SpeakerEncoder;

/// <summary>A window of 1.6 s: <see cref="SpeakerEncoderModel.WindowFrames"/> frames of a recording's mels from one on.</summary>
/// <param name="Mel">[frames, 40], row by row.</param>
/// <param name="Frame">Its first frame.</param>
/// <param name="Factor">By which its mels are multiplied: the square of what its sound is made louder by.</param>
public readonly record struct MelWindow(float[] Mel, int Frame, float Factor = 1);

/// <summary>
/// Resemblyzer's speaker encoder (Wan et al. 2018, "Generalized end-to-end loss for speaker verification"): three LSTM layers of 256 units over 160 frames of 40 mels; the last output through a linear
/// layer and relu, to length 1. It runs on the processor in kernels of its own, for libtorch's LSTM reaches a third of what this machine can (docs/targets/embed.md): float32 throughout, and a window's
/// embedding has the same bits in whatever company, on however many threads and with whatever vectors. One is used by all threads. No libtorch is needed.
/// </summary>
public sealed unsafe class SpeakerEncoderModel : IDisposable
{
    /// <summary>Frames of a window: 1.6 s.</summary>
    public const int WindowFrames = 160;

    /// <summary>Mels of a frame.</summary>
    public const int Mels = 40;

    /// <summary>Numbers of an embedding.</summary>
    public const int Dimension = 256;

    private const int Units = LstmLayer.Units;
    private const int Chunk = 48; // windows that go through all steps together: enough that reading the weights costs little, few enough that their numbers stay near
    private static readonly string[] Unused = ["similarity_weight", "similarity_bias"]; // of the loss that it was trained with

    private readonly LstmLayer[] _layers;
    private readonly float[] _linear; // [Units, Dimension], turned
    private readonly float[] _bias;
    private bool _disposed;

    private SpeakerEncoderModel(LstmLayer[] layers, float[] linear, float[] bias) => (_layers, _linear, _bias) = (layers, linear, bias);

    /// <summary>Loads a safetensors file with the tensors' published names: lstm.{weight,bias}_{ih,hh}_l{0,1,2}, linear.{weight,bias}.</summary>
    /// <exception cref="WeightsException">The file breaks a rule of its format, or a tensor is missing, left over, or has another shape or type.</exception>
    public static SpeakerEncoderModel Load(string path) => Load(path, Vector512.IsHardwareAccelerated);

    /// <param name="wide">Whether to use vectors of 512 bits.</param>
    internal static SpeakerEncoderModel Load(string path, bool wide)
    {
        using var file = SafetensorsFile.Open(path);
        var read = new HashSet<string>(Unused);
        float[] Tensor(string name, params long[] shape)
        {
            read.Add(name);
            var tensor = file[name];
            if (tensor.DType != DType.F32 || !tensor.Shape.AsSpan().SequenceEqual(shape))
                throw new WeightsException(path, name, $"{tensor.DType} [{string.Join(", ", tensor.Shape)}]; a speaker encoder has F32 [{string.Join(", ", shape)}] there");
            return MemoryMarshal.Cast<byte, float>(tensor.Bytes).ToArray();
        }
        var parts = Enumerable.Range(0, 3).Select(layer => (Inputs: layer == 0 ? Mels : Units,
            InputWeights: Tensor($"lstm.weight_ih_l{layer}", 4 * Units, layer == 0 ? Mels : Units), Recurrent: Tensor($"lstm.weight_hh_l{layer}", 4 * Units, Units),
            InputBias: Tensor($"lstm.bias_ih_l{layer}", 4 * Units), RecurrentBias: Tensor($"lstm.bias_hh_l{layer}", 4 * Units))).ToList();
        var (weight, bias) = (Tensor("linear.weight", Dimension, Units), Tensor("linear.bias", Dimension));
        if (file.Entries.FirstOrDefault(entry => !read.Contains(entry.Name)) is { } other) throw new WeightsException(path, other.Name, "a speaker encoder has no such tensor");
        var linear = new float[Units * Dimension];
        for (var to = 0; to < Dimension; to++)
            for (var from = 0; from < Units; from++) linear[from * Dimension + to] = weight[to * Units + from];
        return new SpeakerEncoderModel([.. parts.Select(part => new LstmLayer(part.Inputs, part.InputWeights, part.Recurrent, part.InputBias, part.RecurrentBias, wide))], linear, bias);
    }

    /// <summary>Rows for the steps of some windows.</summary>
    internal LstmStack Steps(int windows) => new(_layers, RowsFor(windows));

    /// <summary>Embeds windows, of one recording or of many.</summary>
    /// <returns>[windows, 256]: each 0 or more, of length 1 (all 0 where the network answers nothing).</returns>
    /// <exception cref="ArgumentException">A window goes beyond its recording.</exception>
    public float[] Embed(IReadOnlyList<MelWindow> windows)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach (var window in windows)
            if (window.Frame < 0 || (window.Frame + (long)WindowFrames) * Mels > window.Mel.Length) throw new ArgumentException($"a window of {WindowFrames} frames from frame {window.Frame} in {window.Mel.Length / Mels} frames");
        var embeddings = new float[windows.Count * Dimension];
        if (windows.Count == 0) return embeddings;
        using var steps = Steps(Math.Min(windows.Count, Chunk));
        for (var first = 0; first < windows.Count; first += Chunk)
        {
            var count = Math.Min(Chunk, windows.Count - first);
            steps.Start();
            for (var frame = 0; frame < WindowFrames; frame++)
            {
                for (var row = 0; row < count; row++)
                {
                    var window = windows[first + row];
                    var mels = window.Mel.AsSpan((window.Frame + frame) * Mels, Mels);
                    var input = steps.Input(row);
                    for (var mel = 0; mel < Mels; mel++) input[mel] = mels[mel] * window.Factor;
                }
                steps.Step(RowsFor(count));
            }
            for (var row = 0; row < count; row++) Finish(steps.Output(row), embeddings.AsSpan((first + row) * Dimension, Dimension));
        }
        return embeddings;
    }

    /// <summary>The kernels take windows by threes; what lies in rows without a window is computed, and forgotten.</summary>
    private static int RowsFor(int windows) => (windows + 2) / 3 * 3;

    /// <summary>The linear layer, relu, and to length 1.</summary>
    private void Finish(ReadOnlySpan<float> hidden, Span<float> embedding)
    {
        _bias.CopyTo(embedding);
        for (var from = 0; from < Units; from++)
        {
            var factor = Vector256.Create(hidden[from]);
            ref var weights = ref _linear[from * Dimension];
            ref var to = ref MemoryMarshal.GetReference(embedding);
            for (nuint i = 0; i < Dimension; i += (nuint)Vector256<float>.Count)
                Vector256.FusedMultiplyAdd(factor, Vector256.LoadUnsafe(ref weights, i), Vector256.LoadUnsafe(ref to, i)).StoreUnsafe(ref to, i);
        }
        foreach (ref var value in embedding) value = Math.Max(0, value);
        UnitLength(embedding);
    }

    /// <summary>Brings a vector to length 1; all zeros stay.</summary>
    public static void UnitLength(Span<float> vector)
    {
        var sum = 0.0;
        foreach (var value in vector) sum += (double)value * value;
        if (sum == 0) return;
        var scale = 1 / Math.Sqrt(sum);
        foreach (ref var value in vector) value = (float)(value * scale);
    }

    public void Dispose()
    {
        _disposed = true;
        foreach (var layer in _layers) layer.Dispose();
    }
}
