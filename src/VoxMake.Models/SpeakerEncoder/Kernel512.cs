using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoxMake.Models.SpeakerEncoder;

/// <summary>
/// A step of an LSTM layer for 16 of its units and some windows, with vectors of 512 bits: 6 windows by four gates are as many sums as the registers hold, so that a weight is loaded once for
/// 6 windows. A window's sums run over its own numbers in one order, fused (a·b + c is rounded once): they are the same bits in whatever company.
/// </summary>
internal static unsafe class Kernel512
{
    private const int Units = LstmLayer.Units;
    private const int Most = 6; // windows at once

    /// <summary>Units that one call computes.</summary>
    public const int Lanes = 16;

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
            rows = windows - row >= 6 ? 6 : 3;
            for (var to = 0; to < rows; to++) new ReadOnlySpan<float>(bias, 4 * Lanes).CopyTo(new Span<float>(sums + to * 4 * Lanes, 4 * Lanes));
            if (rows == 6) Sums6(z + row * width, width, weights, sums);
            else Sums3(z + row * width, width, weights, sums);
            Finish(rows, sums, cells + row * Units, own + row * width, width, above + row * strideAbove, strideAbove);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sums6(float* z0, nint width, float* weights, float* sums)
    {
        float* z1 = z0 + width, z2 = z1 + width, z3 = z2 + width, z4 = z3 + width, z5 = z4 + width;
        Vector512<float> i0 = Vector512.Load(sums + 0), i1 = Vector512.Load(sums + 64), i2 = Vector512.Load(sums + 128), i3 = Vector512.Load(sums + 192), i4 = Vector512.Load(sums + 256), i5 = Vector512.Load(sums + 320);
        Vector512<float> f0 = Vector512.Load(sums + 16), f1 = Vector512.Load(sums + 80), f2 = Vector512.Load(sums + 144), f3 = Vector512.Load(sums + 208), f4 = Vector512.Load(sums + 272), f5 = Vector512.Load(sums + 336);
        Vector512<float> g0 = Vector512.Load(sums + 32), g1 = Vector512.Load(sums + 96), g2 = Vector512.Load(sums + 160), g3 = Vector512.Load(sums + 224), g4 = Vector512.Load(sums + 288), g5 = Vector512.Load(sums + 352);
        Vector512<float> o0 = Vector512.Load(sums + 48), o1 = Vector512.Load(sums + 112), o2 = Vector512.Load(sums + 176), o3 = Vector512.Load(sums + 240), o4 = Vector512.Load(sums + 304), o5 = Vector512.Load(sums + 368);
        for (nint k = 0; k < width; k++, weights += 64)
        {
            var (wi, wf, wg, wo) = (Vector512.Load(weights), Vector512.Load(weights + 16), Vector512.Load(weights + 32), Vector512.Load(weights + 48));
            var x = Vector512.Create(z0[k]);
            i0 = Vector512.FusedMultiplyAdd(wi, x, i0); f0 = Vector512.FusedMultiplyAdd(wf, x, f0); g0 = Vector512.FusedMultiplyAdd(wg, x, g0); o0 = Vector512.FusedMultiplyAdd(wo, x, o0);
            x = Vector512.Create(z1[k]);
            i1 = Vector512.FusedMultiplyAdd(wi, x, i1); f1 = Vector512.FusedMultiplyAdd(wf, x, f1); g1 = Vector512.FusedMultiplyAdd(wg, x, g1); o1 = Vector512.FusedMultiplyAdd(wo, x, o1);
            x = Vector512.Create(z2[k]);
            i2 = Vector512.FusedMultiplyAdd(wi, x, i2); f2 = Vector512.FusedMultiplyAdd(wf, x, f2); g2 = Vector512.FusedMultiplyAdd(wg, x, g2); o2 = Vector512.FusedMultiplyAdd(wo, x, o2);
            x = Vector512.Create(z3[k]);
            i3 = Vector512.FusedMultiplyAdd(wi, x, i3); f3 = Vector512.FusedMultiplyAdd(wf, x, f3); g3 = Vector512.FusedMultiplyAdd(wg, x, g3); o3 = Vector512.FusedMultiplyAdd(wo, x, o3);
            x = Vector512.Create(z4[k]);
            i4 = Vector512.FusedMultiplyAdd(wi, x, i4); f4 = Vector512.FusedMultiplyAdd(wf, x, f4); g4 = Vector512.FusedMultiplyAdd(wg, x, g4); o4 = Vector512.FusedMultiplyAdd(wo, x, o4);
            x = Vector512.Create(z5[k]);
            i5 = Vector512.FusedMultiplyAdd(wi, x, i5); f5 = Vector512.FusedMultiplyAdd(wf, x, f5); g5 = Vector512.FusedMultiplyAdd(wg, x, g5); o5 = Vector512.FusedMultiplyAdd(wo, x, o5);
        }
        i0.Store(sums + 0); f0.Store(sums + 16); g0.Store(sums + 32); o0.Store(sums + 48);
        i1.Store(sums + 64); f1.Store(sums + 80); g1.Store(sums + 96); o1.Store(sums + 112);
        i2.Store(sums + 128); f2.Store(sums + 144); g2.Store(sums + 160); o2.Store(sums + 176);
        i3.Store(sums + 192); f3.Store(sums + 208); g3.Store(sums + 224); o3.Store(sums + 240);
        i4.Store(sums + 256); f4.Store(sums + 272); g4.Store(sums + 288); o4.Store(sums + 304);
        i5.Store(sums + 320); f5.Store(sums + 336); g5.Store(sums + 352); o5.Store(sums + 368);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sums3(float* z0, nint width, float* weights, float* sums)
    {
        float* z1 = z0 + width, z2 = z1 + width;
        Vector512<float> i0 = Vector512.Load(sums + 0), i1 = Vector512.Load(sums + 64), i2 = Vector512.Load(sums + 128);
        Vector512<float> f0 = Vector512.Load(sums + 16), f1 = Vector512.Load(sums + 80), f2 = Vector512.Load(sums + 144);
        Vector512<float> g0 = Vector512.Load(sums + 32), g1 = Vector512.Load(sums + 96), g2 = Vector512.Load(sums + 160);
        Vector512<float> o0 = Vector512.Load(sums + 48), o1 = Vector512.Load(sums + 112), o2 = Vector512.Load(sums + 176);
        for (nint k = 0; k < width; k++, weights += 64)
        {
            var (wi, wf, wg, wo) = (Vector512.Load(weights), Vector512.Load(weights + 16), Vector512.Load(weights + 32), Vector512.Load(weights + 48));
            var x = Vector512.Create(z0[k]);
            i0 = Vector512.FusedMultiplyAdd(wi, x, i0); f0 = Vector512.FusedMultiplyAdd(wf, x, f0); g0 = Vector512.FusedMultiplyAdd(wg, x, g0); o0 = Vector512.FusedMultiplyAdd(wo, x, o0);
            x = Vector512.Create(z1[k]);
            i1 = Vector512.FusedMultiplyAdd(wi, x, i1); f1 = Vector512.FusedMultiplyAdd(wf, x, f1); g1 = Vector512.FusedMultiplyAdd(wg, x, g1); o1 = Vector512.FusedMultiplyAdd(wo, x, o1);
            x = Vector512.Create(z2[k]);
            i2 = Vector512.FusedMultiplyAdd(wi, x, i2); f2 = Vector512.FusedMultiplyAdd(wf, x, f2); g2 = Vector512.FusedMultiplyAdd(wg, x, g2); o2 = Vector512.FusedMultiplyAdd(wo, x, o2);
        }
        i0.Store(sums + 0); f0.Store(sums + 16); g0.Store(sums + 32); o0.Store(sums + 48);
        i1.Store(sums + 64); f1.Store(sums + 80); g1.Store(sums + 96); o1.Store(sums + 112);
        i2.Store(sums + 128); f2.Store(sums + 144); g2.Store(sums + 160); o2.Store(sums + 176);
    }

    /// <summary>From the gates' sums to cells and outputs. A method of its own: what it needs in registers would push sums out of theirs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Finish(int rows, float* sums, float* cells, float* own, int strideOwn, float* above, int strideAbove)
    {
        for (var row = 0; row < rows; row++, sums += 4 * Lanes, cells += Units, own += strideOwn, above += strideAbove)
        {
            var (cell, output) = Gates.Step(Vector512.Load(sums), Vector512.Load(sums + Lanes), Vector512.Load(sums + 2 * Lanes), Vector512.Load(sums + 3 * Lanes), Vector512.Load(cells));
            cell.Store(cells);
            output.Store(own);
            output.Store(above);
        }
    }
}
