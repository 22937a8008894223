using System.Numerics;

namespace VoxMake.Audio;

/// <summary>
/// The short-time Fourier transform with a periodic Hann window: <c>librosa.stft</c> and <c>torch.stft</c>, within the rounding of their float32. Not scaled.
/// It keeps buffers: one instance a thread.
/// </summary>
public sealed class Stft
{
    private readonly RealFft _fft;
    private readonly double[] _window;
    private readonly double[] _frame;
    private readonly int _windowStart;

    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public Stft(StftSettings settings)
    {
        settings.Check();
        Settings = settings;
        _fft = new RealFft(settings.NFft);
        _window = Hann(settings.WinLength);
        _frame = new double[settings.NFft];
        _windowStart = (settings.NFft - settings.WinLength) / 2;
    }

    /// <summary>How clips are cut.</summary>
    public StftSettings Settings { get; }

    /// <summary>Bins of a frame: NFft / 2 + 1. Bin k lies at k·rate / NFft Hz.</summary>
    public int Bins => _fft.Bins;

    /// <summary>The periodic Hann window, 0.5 - 0.5·cos(2πn / length): <c>scipy.signal.get_window("hann", length)</c>.</summary>
    public static double[] Hann(int length) => [.. Enumerable.Range(0, length).Select(n => 0.5 - 0.5 * Math.Cos(2 * Math.PI * n / length))];

    /// <summary>Transforms one frame of a clip.</summary>
    /// <param name="samples">The whole clip, not padded.</param>
    /// <param name="frame">0 to Settings.Frames(samples.Length) - 1.</param>
    /// <param name="bins">Takes <see cref="Bins"/> numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException">The clip has no such frame.</exception>
    public void Transform(ReadOnlySpan<float> samples, int frame, Span<Complex> bins)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(frame, Settings.Frames(samples.Length));
        var first = (long)frame * Settings.HopLength - Settings.Pad + _windowStart;
        for (var i = 0; i < _window.Length; i++) _frame[_windowStart + i] = _window[i] * At(samples, first + i);
        _fft.Transform(_frame, bins);
    }

    /// <summary>Re² + im² of all frames, [frames, bins].</summary>
    public FrameTable Power(ReadOnlySpan<float> samples)
    {
        var power = new FrameTable(Settings.Frames(samples.Length), Bins);
        var bins = new Complex[Bins];
        for (var frame = 0; frame < power.Frames; frame++)
        {
            Transform(samples, frame, bins);
            var row = power[frame];
            for (var k = 0; k < bins.Length; k++) row[k] = bins[k].Real * bins[k].Real + bins[k].Imaginary * bins[k].Imaginary;
        }
        return power;
    }

    private double At(ReadOnlySpan<float> samples, long position)
    {
        if (position >= 0 && position < samples.Length) return samples[(int)position];
        if (Settings.PadMode == PadMode.Zeros) return 0;
        if (samples.Length == 1) return samples[0];
        var period = 2L * (samples.Length - 1); // a clip shorter than the padding is mirrored again and again, as by numpy.pad
        var place = (position % period + period) % period;
        return samples[(int)Math.Min(place, period - place)];
    }
}
