using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoxMake.Audio;

/// <summary>
/// <see cref="MelSpectrogram.Compute"/> with squared magnitudes in float32, sixteen frames at a time: some thirty times as fast, for networks that hear hours. Frames are
/// transformed in pairs (0 and 1, 2 and 3, …): a pair's mels are the same bits wherever in a clip it stands. It keeps buffers: one instance a thread.
/// </summary>
public sealed unsafe class FastMel : IDisposable
{
    private const int Lanes = BlockFft.Lanes, Block = 2 * Lanes; // a complex transform carries two frames, one in its real part and one in its imaginary part

    private readonly StftSettings _frames;
    private readonly BlockFft _fft;
    private readonly float[] _window;
    private readonly (int First, float[] Weights)[] _filters;
    private readonly float* _power; // [bins, 2, Lanes]: frames of the real parts, then those of the imaginary parts

    /// <param name="frames">How clips are cut: zeros at the ends, window as long as the transform, whose length is a product of 2, 3 and 5.</param>
    /// <param name="mels">The filters.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    /// <exception cref="ArgumentException">Frames are cut otherwise.</exception>
    public FastMel(StftSettings frames, MelSettings mels)
    {
        frames.Check();
        if (frames.PadMode != PadMode.Zeros || frames.WinLength != frames.NFft || !BlockFft.Takes(frames.NFft))
            throw new ArgumentException("frames are padded with zeros, as long as their window, and of a length that is a product of 2, 3 and 5", nameof(frames));
        _frames = frames;
        _window = Array.ConvertAll(Stft.Hann(frames.NFft), value => (float)value);
        var basis = new MelBasis(mels, frames.NFft).ToTable();
        _filters = new (int, float[])[basis.Frames];
        for (var mel = 0; mel < basis.Frames; mel++)
        {
            var row = basis[mel].ToArray();
            var first = Array.FindIndex(row, weight => weight > 0);
            _filters[mel] = first < 0 ? (0, []) : (first, Array.ConvertAll(row[first..(Array.FindLastIndex(row, weight => weight > 0) + 1)], weight => (float)weight));
        }
        _fft = new BlockFft(frames.NFft);
        _power = (float*)NativeMemory.AlignedAlloc((nuint)((frames.NFft / 2 + 1) * Block * sizeof(float)), 64);
    }

    /// <summary>Mels of a clip, [frames, mels] row by row; empty for an empty clip.</summary>
    /// <param name="samples">The clip, full scale 1.</param>
    /// <param name="leastFrames">If the clip has fewer frames, so many of it with silence after it.</param>
    public float[] Power(ReadOnlySpan<float> samples, int leastFrames = 0)
    {
        var count = Math.Max(_frames.Frames(samples.Length), leastFrames);
        var mels = new float[checked(count * _filters.Length)];
        for (var first = 0; first < count; first += Block)
        {
            for (var lane = 0; lane < Block; lane++) Load(samples, first + lane, lane);
            _fft.Transform();
            Powers();
            Filter(mels, first, Math.Min(Block, count - first));
        }
        return mels;
    }

    /// <summary>Puts a frame, windowed, into its lane; frames after the clip's last are zeros.</summary>
    private void Load(ReadOnlySpan<float> samples, int frame, int lane)
    {
        var start = (long)frame * _frames.HopLength - _frames.Pad;
        var to = _fft.Numbers + (lane & 1) * Lanes + (lane >> 1);
        var (from, end) = ((int)Math.Clamp(-start, 0, _window.Length), (int)Math.Clamp(samples.Length - start, 0, _window.Length));
        if (from > 0 || end < _window.Length)
            for (var n = 0; n < _window.Length; n++) to[n * Block] = 0;
        if (from >= end) return;
        var inside = samples.Slice((int)(start + from), end - from);
        var window = _window.AsSpan(from, inside.Length);
        to += from * Block;
        for (var n = 0; n < inside.Length; n++) to[n * Block] = inside[n] * window[n];
    }

    /// <summary>Takes the two frames of each transform apart: X[k] = (Z[k] + Z*[N−k]) / 2 for the real parts, (Z[k] − Z*[N−k]) / 2i for the imaginary ones.</summary>
    private void Powers()
    {
        var z = _fft.Numbers;
        var length = _fft.Length;
        for (var k = 0; k <= length / 2; k++)
        {
            var here = z + k * Block;
            var there = z + (length - k) % length * Block;
            var (a, b, c, d) = (Vector256.Load(here), Vector256.Load(here + Lanes), Vector256.Load(there), Vector256.Load(there + Lanes));
            var (sumReal, differenceReal, sumImaginary, differenceImaginary) = (a + c, a - c, b + d, b - d);
            ((sumReal * sumReal + differenceImaginary * differenceImaginary) * 0.25f).Store(_power + k * Block);
            ((sumImaginary * sumImaginary + differenceReal * differenceReal) * 0.25f).Store(_power + k * Block + Lanes);
        }
    }

    private void Filter(float[] mels, int first, int count)
    {
        var rows = stackalloc float[Block];
        for (var mel = 0; mel < _filters.Length; mel++)
        {
            var (bin, weights) = _filters[mel];
            var (even, odd) = (Vector256<float>.Zero, Vector256<float>.Zero);
            var power = _power + bin * Block;
            foreach (var weight in weights)
            {
                even += Vector256.Load(power) * weight;
                odd += Vector256.Load(power + Lanes) * weight;
                power += Block;
            }
            even.Store(rows);
            odd.Store(rows + Lanes);
            for (var lane = 0; lane < count; lane++) mels[(first + lane) * _filters.Length + mel] = rows[(lane & 1) * Lanes + (lane >> 1)];
        }
    }

    public void Dispose()
    {
        _fft.Dispose();
        NativeMemory.AlignedFree(_power);
        GC.SuppressFinalize(this);
    }

    ~FastMel() => NativeMemory.AlignedFree(_power);
}
