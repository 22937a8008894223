namespace VoxMake.Audio;

/// <summary>What mel filters add up.</summary>
public enum MelPower
{
    /// <summary>Magnitudes, librosa's <c>power=1</c>.</summary>
    Magnitude = 1,

    /// <summary>Squared magnitudes, librosa's default <c>power=2</c>.</summary>
    Power = 2,
}

/// <summary>A clip's spectrogram on the mel scale. It keeps buffers: one instance a thread.</summary>
/// <param name="frames">How clips are cut.</param>
/// <param name="mels">The filters.</param>
/// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
public sealed class MelSpectrogram(StftSettings frames, MelSettings mels)
{
    /// <summary>Added to re² + im² by HiFi-GAN's code, so that the root has a gradient at 0.</summary>
    private const double HifiGanEpsilon = 1e-9;

    /// <summary>The same of VITS.</summary>
    private const double VitsEpsilon = 1e-6;

    /// <summary>The smallest magnitude that HiFi-GAN takes the logarithm of.</summary>
    private const double HifiGanFloor = 1e-5;

    private readonly Stft _stft = new(frames);
    private readonly MelBasis _basis = new(mels, frames.NFft);

    /// <summary>How HiFi-GAN's config_v1 cuts clips of 22.05 kHz: 1024 samples every 256, (1024 - 256) / 2 samples mirrored on both sides.</summary>
    public static StftSettings HifiGanFrames { get; } = new(NFft: 1024, HopLength: 256, WinLength: 1024, Pad: 384, PadMode.Reflect);

    /// <summary>The filters of HiFi-GAN's config_v1: 80 up to 8 kHz.</summary>
    public static MelSettings HifiGanMels { get; } = new(SampleRate: 22050, NMels: 80, FMin: 0, FMax: 8000);

    /// <summary><c>librosa.feature.melspectrogram</c>: [frames, mels].</summary>
    /// <param name="samples">The clip, full scale 1.</param>
    /// <param name="power">What is added up.</param>
    public FrameTable Compute(ReadOnlySpan<float> samples, MelPower power = MelPower.Power)
    {
        var spectrogram = _stft.Power(samples);
        if (power == MelPower.Magnitude)
            foreach (ref var value in spectrogram.Values.AsSpan()) value = Math.Sqrt(value);
        return _basis.Apply(spectrogram);
    }

    /// <summary>
    /// The logarithmic mels that HiFi-GAN (Kong et al. 2020, <c>mel_spectrogram</c> in meldataset.py) and its heirs are trained on, [frames, mels]: filters over
    /// √(re² + im² + 1e-9), then ln of at least 1e-5. The published model takes <see cref="HifiGanFrames"/> and <see cref="HifiGanMels"/>.
    /// </summary>
    /// <param name="samples">The clip, full scale 1.</param>
    public FrameTable HifiGanLog(ReadOnlySpan<float> samples) => Log(samples, HifiGanEpsilon);

    /// <summary>
    /// The logarithmic mels of VITS (Kim et al. 2021, <c>mel_spectrogram_torch</c> in mel_processing.py), [frames, mels]: as <see cref="HifiGanLog"/>, but over
    /// √(re² + im² + 1e-6). VITS takes filters up to half the sample rate.
    /// </summary>
    /// <param name="samples">The clip, full scale 1.</param>
    public FrameTable VitsLog(ReadOnlySpan<float> samples) => Log(samples, VitsEpsilon);

    private FrameTable Log(ReadOnlySpan<float> samples, double epsilon)
    {
        var spectrogram = _stft.Power(samples);
        foreach (ref var value in spectrogram.Values.AsSpan()) value = Math.Sqrt(value + epsilon);
        var mel = _basis.Apply(spectrogram);
        foreach (ref var value in mel.Values.AsSpan()) value = Math.Log(Math.Max(HifiGanFloor, value));
        return mel;
    }
}
