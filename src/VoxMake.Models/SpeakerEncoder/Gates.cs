using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoxMake.Models.SpeakerEncoder;

/// <summary>
/// What an LSTM does with its gates, for 16 or 8 units at once. With σ(x) = 1/(1 + e⁻ˣ) and tanh(x) = (1 − e⁻²ˣ)/(1 + e⁻²ˣ) the new cell is one fraction, and so is the output: two divisions
/// instead of five. Each lane is computed for itself in the same order whatever the vector's width, so that machines with other vectors have the same bits.
/// </summary>
internal static class Gates
{
    private const float Bound = 25; // σ(25) is 1 to 1e-11; three such exponentials multiplied are still a float32

    /// <summary>New cells and outputs of 16 units.</summary>
    /// <param name="input">Gate before its sigmoid; so are <paramref name="forget"/> and <paramref name="output"/>.</param>
    /// <param name="candidate">Before its tanh.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Cell, Vector512<float> Output) Step(Vector512<float> input, Vector512<float> forget, Vector512<float> candidate, Vector512<float> output, Vector512<float> cell)
    {
        var one = Vector512<float>.One;
        var (i, f, o) = (one + ExpOfMinus(input), one + ExpOfMinus(forget), one + ExpOfMinus(output));
        var e = ExpOfMinus(candidate + candidate);
        var ig = i * (one + e);
        var c = Vector512.FusedMultiplyAdd(cell, ig, (one - e) * f) / (f * ig);
        var t = ExpOfMinus(c + c);
        return (c, (one - t) / (o * (one + t)));
    }

    /// <summary>New cells and outputs of 8 units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Cell, Vector256<float> Output) Step(Vector256<float> input, Vector256<float> forget, Vector256<float> candidate, Vector256<float> output, Vector256<float> cell)
    {
        var one = Vector256<float>.One;
        var (i, f, o) = (one + ExpOfMinus(input), one + ExpOfMinus(forget), one + ExpOfMinus(output));
        var e = ExpOfMinus(candidate + candidate);
        var ig = i * (one + e);
        var c = Vector256.FusedMultiplyAdd(cell, ig, (one - e) * f) / (f * ig);
        var t = ExpOfMinus(c + c);
        return (c, (one - t) / (o * (one + t)));
    }

    // e⁻ˣ for x within ±25: 2ⁿ·e^r, r within ±ln 2 / 2, e^r by its series to the sixth power (relative error below 2e-7). ln 2 is taken off in two parts.
    private const float MinusLog2E = -1.44269504f, Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;
    private const float C2 = 1f / 2, C3 = 1f / 6, C4 = 1f / 24, C5 = 1f / 120, C6 = 1f / 720;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ExpOfMinus(Vector512<float> x)
    {
        x = Vector512.Min(Vector512.Max(x, Vector512.Create(-Bound)), Vector512.Create(Bound));
        var n = Vector512.Round(x * MinusLog2E);
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Low), Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2High), -x));
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(C6), r, Vector512.Create(C5));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(C4));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(C3));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(C2));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512<float>.One);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512<float>.One);
        return (p.AsInt32() + (Vector512.ConvertToInt32(n) << 23)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ExpOfMinus(Vector256<float> x)
    {
        x = Vector256.Min(Vector256.Max(x, Vector256.Create(-Bound)), Vector256.Create(Bound));
        var n = Vector256.Round(x * MinusLog2E);
        var r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2Low), Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2High), -x));
        var p = Vector256.FusedMultiplyAdd(Vector256.Create(C6), r, Vector256.Create(C5));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(C4));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(C3));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(C2));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256<float>.One);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256<float>.One);
        return (p.AsInt32() + (Vector256.ConvertToInt32(n) << 23)).AsSingle();
    }
}
