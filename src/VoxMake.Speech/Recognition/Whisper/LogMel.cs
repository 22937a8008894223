using VoxMake.Audio;
using VoxMake.Torch;

namespace VoxMake.Speech.Recognition.Whisper;

/// <summary>
/// What Whisper hears: log-mel frames every 10 ms, filters up to 8 kHz, brought to some −1 to 1 (openai-whisper's <c>log_mel_spectrogram</c>). Everything more than 80 dB below the loudest
/// place of the window is raised to that floor, so a window is computed as a whole. In float32 with libtorch's transform, as in the reference.
/// </summary>
internal sealed class LogMel : IDisposable
{
    private const int Fft = 400, Hop = 160;
    private const double Smallest = 1e-10, Range = 8;

    private readonly Tensor _window, _filters;

    /// <param name="mels">80 or 128.</param>
    /// <param name="device">Where it is computed.</param>
    public LogMel(int mels, Device device)
    {
        var table = new MelBasis(new MelSettings(Sound16k.Rate, mels), Fft).ToTable();
        (_window, _filters) = TensorScope.Outside(() =>
        {
            using var scope = new TensorScope();
            return (scope.Keep(Ops.hann_window(Fft, true).to(device)), scope.Keep(Tensor.From<float>(table.ToSingle(), mels, table.Width).to(device)));
        });
    }

    /// <summary>Samples in a frame of 10 ms.</summary>
    public static int SamplesPerFrame => Hop;

    /// <summary>One window.</summary>
    /// <param name="sound">16 kHz; cut, or filled with silence, to the window.</param>
    /// <param name="frames">Of the window; null: as many as the sound has, with nothing filled in.</param>
    /// <returns>[mels, frames] float32</returns>
    public Tensor Compute(ReadOnlySpan<float> sound, int? frames = null)
    {
        using var scope = new TensorScope();
        var samples = new float[frames is { } count ? count * Hop : Math.Max(sound.Length, Fft)];
        sound[..Math.Min(sound.Length, samples.Length)].CopyTo(samples);
        var padded = Tensor.From<float>(samples, 1, 1, samples.Length).to(_window.Device).reflection_pad1d([Fft / 2, Fft / 2]).view([samples.Length + Fft]);
        var complex = padded.stft(Fft, Hop, Fft, _window, false, true, true).view_as_real();
        var power = complex.narrow(1, 0, samples.Length / Hop).pow(2).sum([-1L]); // the last frame stands half beyond the end
        var log = _filters.matmul(power).clamp_min(Smallest).log10();
        var floor = log.max().Item() - Range;
        return scope.Keep((log.clamp_min(floor) + 4) / 4);
    }

    public void Dispose()
    {
        _window.Dispose();
        _filters.Dispose();
    }
}
