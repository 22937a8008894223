using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoxMake.Models.SpeakerEncoder;

/// <summary>
/// A step of an LSTM layer for 8 of its units and some windows, with vectors of 256 bits: 3 windows by four gates are as many sums as the registers hold, so that a weight is loaded once for
/// 3 windows. A window's sums run over its own numbers in one order, fused (a·b + c is rounded once): they are the same bits in whatever company.
/// </summary>
internal static unsafe class Kernel256
{
    private const int Units = LstmLayer.Units;
    private const int Most = 3; // windows at once

    /// <summary>Units that one call computes.</summary>
    public const int Lanes = 8;

    /// <param name="windows">A multiple of 3: fewer take as long, since the weights have to be read all the same.</param>
    /// <param name="z">[windows, width]: what a layer hears, then what it said in the step before.</param>
    /// <param name="weights">[width, 4 · Lanes]: of each number the weights to the gates i, f, g, o.</param>
    /// <param name="bias">[4 · Lanes]</param>
    /// <param name="cells">[windows, Units], at the first of these units.</param>
    /// <param name="own">[windows, width]: takes what the layer says, for its next step.</param>
    /// <param name="above">[windows, strideAbove]: takes the same, for the layer above.</param>
    public static void Run(int windows, float* z, int width, float* weights, float* bias, float* cells, float* own, float* above, int strideAbove)
    {
        var sums = stackalloc float[Most * 4 * Lanes];
        for (int row = 0, rows; row < windows; row += rows)
        {
            rows = 3;
            for (var to = 0; to < rows; to++) new ReadOnlySpan<float>(bias, 4 * Lanes).CopyTo(new Span<float>(sums + to * 4 * Lanes, 4 * Lanes));
            Sums3(z + row * width, width, weights, sums);
            Finish(rows, sums, cells + row * Units, own + row * width, width, above + row * strideAbove, strideAbove);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sums3(float* z0, nint width, float* weights, float* sums)
    {
        float* z1 = z0 + width, z2 = z1 + width;
        Vector256<float> i0 = Vector256.Load(sums + 0), i1 = Vector256.Load(sums + 32), i2 = Vector256.Load(sums + 64);
        Vector256<float> f0 = Vector256.Load(sums + 8), f1 = Vector256.Load(sums + 40), f2 = Vector256.Load(sums + 72);
        Vector256<float> g0 = Vector256.Load(sums + 16), g1 = Vector256.Load(sums + 48), g2 = Vector256.Load(sums + 80);
        Vector256<float> o0 = Vector256.Load(sums + 24), o1 = Vector256.Load(sums + 56), o2 = Vector256.Load(sums + 88);
        for (nint k = 0; k < width; k++, weights += 32)
        {
            var (wi, wf, wg, wo) = (Vector256.Load(weights), Vector256.Load(weights + 8), Vector256.Load(weights + 16), Vector256.Load(weights + 24));
            var x = Vector256.Create(z0[k]);
            i0 = Vector256.FusedMultiplyAdd(wi, x, i0); f0 = Vector256.FusedMultiplyAdd(wf, x, f0); g0 = Vector256.FusedMultiplyAdd(wg, x, g0); o0 = Vector256.FusedMultiplyAdd(wo, x, o0);
            x = Vector256.Create(z1[k]);
            i1 = Vector256.FusedMultiplyAdd(wi, x, i1); f1 = Vector256.FusedMultiplyAdd(wf, x, f1); g1 = Vector256.FusedMultiplyAdd(wg, x, g1); o1 = Vector256.FusedMultiplyAdd(wo, x, o1);
            x = Vector256.Create(z2[k]);
            i2 = Vector256.FusedMultiplyAdd(wi, x, i2); f2 = Vector256.FusedMultiplyAdd(wf, x, f2); g2 = Vector256.FusedMultiplyAdd(wg, x, g2); o2 = Vector256.FusedMultiplyAdd(wo, x, o2);
        }
        i0.Store(sums + 0); f0.Store(sums + 8); g0.Store(sums + 16); o0.Store(sums + 24);
        i1.Store(sums + 32); f1.Store(sums + 40); g1.Store(sums + 48); o1.Store(sums + 56);
        i2.Store(sums + 64); f2.Store(sums + 72); g2.Store(sums + 80); o2.Store(sums + 88);
    }

    /// <summary>From the gates' sums to cells and outputs. A method of its own: what it needs in registers would push sums out of theirs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Finish(int rows, float* sums, float* cells, float* own, int strideOwn, float* above, int strideAbove)
    {
        for (var row = 0; row < rows; row++, sums += 4 * Lanes, cells += Units, own += strideOwn, above += strideAbove)
        {
            var (cell, output) = Gates.Step(Vector256.Load(sums), Vector256.Load(sums + Lanes), Vector256.Load(sums + 2 * Lanes), Vector256.Load(sums + 3 * Lanes), Vector256.Load(cells));
            cell.Store(cells);
            output.Store(own);
            output.Store(above);
        }
    }
}
