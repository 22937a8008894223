using System.Numerics;

namespace VoxMake.Audio;

/// <summary>The discrete Fourier transform of a power of two of complex numbers, in place (Cooley and Tukey 1965, decimation in time).</summary>
internal sealed class RadixTwoFft
{
    private readonly Complex[] _turns; // e^(-2πik/n), k below n/2
    private readonly int[] _reversed;

    /// <param name="length">A power of two.</param>
    public RadixTwoFft(int length)
    {
        if (!BitOperations.IsPow2(length)) throw new ArgumentOutOfRangeException(nameof(length), length, "must be a power of two");
        _turns = new Complex[length / 2];
        for (var k = 0; k < _turns.Length; k++)
        {
            var (sine, cosine) = Math.SinCos(-2 * Math.PI * k / length);
            _turns[k] = new Complex(cosine, sine);
        }
        _reversed = new int[length];
        for (var i = 1; i < length; i++) _reversed[i] = _reversed[i >> 1] >> 1 | ((i & 1) == 1 ? length >> 1 : 0);
    }

    /// <summary>X[k] = Σ x[n]·e^(-2πikn/N), not scaled.</summary>
    public void Transform(Span<Complex> values)
    {
        for (var i = 0; i < values.Length; i++)
            if (_reversed[i] is var j && i < j) (values[i], values[j]) = (values[j], values[i]);
        for (var half = 1; half < values.Length; half *= 2)
        {
            var stride = values.Length / (2 * half);
            for (var start = 0; start < values.Length; start += 2 * half)
            {
                var even = values.Slice(start, half);
                var odd = values.Slice(start + half, half);
                for (var k = 0; k < half; k++)
                {
                    var turned = _turns[k * stride] * odd[k];
                    (even[k], odd[k]) = (even[k] + turned, even[k] - turned);
                }
            }
        }
    }
}
