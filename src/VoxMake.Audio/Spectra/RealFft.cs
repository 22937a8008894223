using System.Numerics;

namespace VoxMake.Audio;

/// <summary>
/// The Fourier transform of real numbers, of any length: powers of two as a complex transform of half the length, all others as a convolution with a chirp
/// (Bluestein 1970). In float64; errors are around 1e-15 of the largest bin. It keeps buffers: one instance a thread.
/// </summary>
public sealed class RealFft
{
    private readonly RadixTwoFft _fft;
    private readonly Complex[] _buffer;
    private readonly Complex[] _turns; // a power of two: e^(-2πik/n); else the chirp e^(-πik²/n)
    private readonly Complex[]? _chirpBins; // transform of the conjugate chirp, scaled by 1/m; none for a power of two

    /// <param name="length">Numbers taken, 2 to 2^24.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another length.</exception>
    public RealFft(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 1 << 24);
        Length = length;
        if (BitOperations.IsPow2(length))
        {
            _fft = new RadixTwoFft(length / 2);
            _buffer = new Complex[length / 2];
            _turns = [.. Enumerable.Range(0, length / 2 + 1).Select(k => Complex.FromPolarCoordinates(1, -2 * Math.PI * k / length))];
            return;
        }
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)(2 * length - 1));
        _fft = new RadixTwoFft(size);
        _buffer = new Complex[size];
        _turns = [.. Enumerable.Range(0, length).Select(k => Complex.FromPolarCoordinates(1, -Math.PI * ((long)k * k % (2L * length)) / length))]; // k² mod 2n: the angle stays small
        _chirpBins = new Complex[size];
        for (var k = 0; k < length; k++) _chirpBins[k] = _chirpBins[(size - k) % size] = Complex.Conjugate(_turns[k]) / size;
        _fft.Transform(_chirpBins);
    }

    /// <summary>Numbers taken.</summary>
    public int Length { get; }

    /// <summary>Numbers given: length / 2 + 1, from 0 Hz to half the sample rate.</summary>
    public int Bins => Length / 2 + 1;

    /// <summary>X[k] = Σ x[n]·e^(-2πikn/N), not scaled, as <c>numpy.fft.rfft</c>.</summary>
    /// <param name="samples"><see cref="Length"/> numbers.</param>
    /// <param name="bins"><see cref="Bins"/> numbers.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Transform(ReadOnlySpan<double> samples, Span<Complex> bins)
    {
        if (samples.Length != Length || bins.Length != Bins) throw new ArgumentException($"{samples.Length} samples to {bins.Length} bins instead of {Length} to {Bins}");
        if (_chirpBins is null) TransformHalf(samples, bins);
        else TransformByChirp(samples, bins, _chirpBins);
    }

    private void TransformHalf(ReadOnlySpan<double> samples, Span<Complex> bins)
    {
        var half = _buffer.Length;
        for (var n = 0; n < half; n++) _buffer[n] = new Complex(samples[2 * n], samples[2 * n + 1]);
        _fft.Transform(_buffer);
        for (var k = 0; k <= half; k++)
        {
            var (here, mirrored) = (_buffer[k % half], Complex.Conjugate(_buffer[(half - k) % half]));
            var (even, odd) = (here + mirrored, here - mirrored); // 2·even samples' transform, 2i·odd samples'
            bins[k] = (even + _turns[k] * new Complex(odd.Imaginary, -odd.Real)) * 0.5;
        }
    }

    private void TransformByChirp(ReadOnlySpan<double> samples, Span<Complex> bins, Complex[] chirpBins)
    {
        for (var n = 0; n < Length; n++) _buffer[n] = samples[n] * _turns[n];
        _buffer.AsSpan(Length).Clear();
        _fft.Transform(_buffer);
        for (var k = 0; k < _buffer.Length; k++) _buffer[k] = Complex.Conjugate(_buffer[k] * chirpBins[k]); // a transform of the conjugate is the inverse, conjugated
        _fft.Transform(_buffer);
        for (var k = 0; k < bins.Length; k++) bins[k] = Complex.Conjugate(_buffer[k]) * _turns[k];
    }
}
