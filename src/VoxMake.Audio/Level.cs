using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoxMake.Audio;

/// <summary>
/// Peaks, powers and decibels. Sums run over four lanes of doubles on every machine, whatever its vectors hold, so that the last bit of a result
/// does not depend on the processor.
/// </summary>
public static class Level
{
    /// <summary>Decibels relative to full scale of an amplitude: 20 log10(x); minus infinity for 0.</summary>
    public static double Decibels(double amplitude) => 20 * Math.Log10(amplitude);

    /// <summary>The amplitude of decibels relative to full scale: 10^(x/20).</summary>
    public static double Amplitude(double decibels) => Math.Pow(10, decibels / 20);

    /// <summary>Σ x².</summary>
    public static double SumOfSquares(ReadOnlySpan<float> samples)
    {
        ref var source = ref MemoryMarshal.GetReference(samples);
        Vector256<double> a = default, b = default;
        var i = 0;
        for (; i <= samples.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref source, (nuint)i));
            a += low * low;
            b += high * high;
        }
        var sum = Vector256.Sum(a + b);
        for (; i < samples.Length; i++) sum += (double)samples[i] * samples[i];
        return sum;
    }

    /// <summary>Σ x.</summary>
    public static double Sum(ReadOnlySpan<float> samples)
    {
        ref var source = ref MemoryMarshal.GetReference(samples);
        Vector256<double> a = default, b = default;
        var i = 0;
        for (; i <= samples.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref source, (nuint)i));
            a += low;
            b += high;
        }
        var sum = Vector256.Sum(a + b);
        for (; i < samples.Length; i++) sum += samples[i];
        return sum;
    }

    /// <summary>Σ |x|.</summary>
    public static double SumOfMagnitudes(ReadOnlySpan<float> samples)
    {
        ref var source = ref MemoryMarshal.GetReference(samples);
        Vector256<double> a = default, b = default;
        var i = 0;
        for (; i <= samples.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.Abs(Vector256.LoadUnsafe(ref source, (nuint)i)));
            a += low;
            b += high;
        }
        var sum = Vector256.Sum(a + b);
        for (; i < samples.Length; i++) sum += Math.Abs((double)samples[i]);
        return sum;
    }

    /// <summary>max |x|; 0 for no samples.</summary>
    public static float Peak(ReadOnlySpan<float> samples)
    {
        ref var source = ref MemoryMarshal.GetReference(samples);
        Vector256<float> most = default;
        var i = 0;
        for (; i <= samples.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            most = Vector256.Max(most, Vector256.Abs(Vector256.LoadUnsafe(ref source, (nuint)i)));
        var peak = 0f;
        for (var lane = 0; lane < Vector256<float>.Count; lane++) peak = Math.Max(peak, most[lane]);
        for (; i < samples.Length; i++) peak = Math.Max(peak, Math.Abs(samples[i]));
        return peak;
    }

    /// <summary>Refuses NaN and infinity.</summary>
    /// <param name="offset">Samples before these, for the message.</param>
    /// <exception cref="AudioFormatException"><see cref="Reject.NotANumber"/>.</exception>
    public static void RefuseNotFinite(ReadOnlySpan<float> samples, long offset)
    {
        ref var source = ref MemoryMarshal.GetReference(samples);
        Vector256<float> zeros = default; // x·0 is 0 for every number, and NaN for NaN and the infinities
        var i = 0;
        for (; i <= samples.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            zeros += Vector256.LoadUnsafe(ref source, (nuint)i) * 0f;
        if (zeros == Vector256<float>.Zero && !samples[i..].ContainsNotFinite()) return;
        for (i = 0; i < samples.Length; i++)
            if (!float.IsFinite(samples[i])) throw new AudioFormatException(Reject.NotANumber, $"value {offset + i} is {(float.IsNaN(samples[i]) ? "NaN" : "infinite")}; samples are finite numbers");
    }

    private static bool ContainsNotFinite(this ReadOnlySpan<float> samples)
    {
        foreach (var sample in samples)
            if (!float.IsFinite(sample)) return true;
        return false;
    }
}
