using VoxMake.Audio;
using VoxMake.Torch;

namespace VoxMake.Training.Vits;

/// <summary>
/// The recipe's spectrograms on the device, differentiable: linear magnitudes √(re² + im² + 1e-6) of frames under a Hann window, and natural logarithms of mel bands (mel_processing.py of the
/// original; librosa's slaney filters).
/// </summary>
public sealed class VitsSpectrogram : IDisposable
{
    private readonly Tensor _window, _basis;
    private readonly int _nFft, _hop, _win;

    /// <param name="sampleRate">Hz.</param>
    public VitsSpectrogram(VitsTrainingOptions options, int sampleRate, Device device)
    {
        (_nFft, _hop, _win) = (options.NFft, options.HopLength, options.WinLength ?? options.NFft);
        var table = new MelBasis(new MelSettings(sampleRate, options.NMels, options.FMin, options.FMax), _nFft).ToTable();
        var filters = new float[table.Frames * table.Width];
        for (var mel = 0; mel < table.Frames; mel++)
            for (var bin = 0; bin < table.Width; bin++) filters[mel * table.Width + bin] = (float)table[mel][bin];
        (_window, _basis) = TensorScope.Outside(() =>
        {
            using var scope = new TensorScope();
            return (scope.Keep(Ops.hann_window(_win, true, ScalarType.Float).to(device)), scope.Keep(Tensor.From<float>(filters, table.Frames, table.Width).to(device)));
        });
    }

    /// <summary>Samples that each end of a wave is reflected by before its spectrogram is taken, so that there is a frame for each hop.</summary>
    public int Edge => (_nFft - _hop) / 2;

    /// <param name="padded">[batch, samples + 2 · <see cref="Edge"/>], reflected already.</param>
    /// <returns>[batch, n_fft / 2 + 1, samples / hop_length]</returns>
    public Tensor Linear(Tensor padded)
    {
        var transformed = padded.stft(_nFft, _hop, _win, _window, false, true, true);
        return (transformed.view_as_real().pow(2).sum([-1]) + 1e-6).sqrt();
    }

    /// <param name="linear">[batch, n_fft / 2 + 1, frames]</param>
    /// <returns>[batch, n_mels, frames], natural logarithms, at least log(1e-5).</returns>
    public Tensor LogMel(Tensor linear) => _basis.matmul(linear).clamp_min(1e-5).log();

    /// <summary>The log mel spectrogram of waves by themselves.</summary>
    /// <param name="waves">[batch, samples]</param>
    /// <returns>[batch, n_mels, samples / hop_length]</returns>
    public Tensor LogMelOf(Tensor waves) => LogMel(Linear(waves.reflection_pad1d([Edge, Edge])));

    public void Dispose()
    {
        _window.Dispose();
        _basis.Dispose();
    }
}
