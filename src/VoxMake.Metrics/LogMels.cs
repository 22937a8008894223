using VoxMake.Audio;

namespace VoxMake.Metrics;

/// <summary>How the mels are made that clips are compared by; the defaults are those of VITS at 22,050 Hz.</summary>
/// <param name="SampleRate">Hz.</param>
/// <param name="NFft">Length of the transform in samples.</param>
/// <param name="HopLength">Samples from one frame to the next, at most NFft.</param>
/// <param name="WinLength">Length of the Hann window in samples; null for NFft.</param>
/// <param name="NMels">Bands, from 0 Hz to half the sample rate.</param>
public sealed record LogMelSettings(int SampleRate = 22050, int NFft = 1024, int HopLength = 256, int? WinLength = null, int NMels = 80)
{
    /// <summary>Samples mirrored at both ends.</summary>
    internal int Pad => (NFft - HopLength) / 2;
}

/// <summary>
/// The natural-log mels of VITS (<c>mel_spectrogram_torch</c>, fmin 0, fmax null), in which the recipe's validation and the metrics here compare clips.
/// It keeps buffers: one instance a thread.
/// </summary>
public sealed class LogMels
{
    private readonly MelSpectrogram _mels;

    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public LogMels(LogMelSettings settings)
    {
        if (settings.HopLength > settings.NFft) throw new ArgumentOutOfRangeException(nameof(settings), settings.HopLength, $"{nameof(settings.HopLength)} must be at most {nameof(settings.NFft)}");
        Settings = settings;
        _mels = new MelSpectrogram(
            new StftSettings(settings.NFft, settings.HopLength, settings.WinLength ?? settings.NFft, settings.Pad, PadMode.Reflect),
            new MelSettings(settings.SampleRate, settings.NMels));
    }

    /// <summary>How the mels are made.</summary>
    public LogMelSettings Settings { get; }

    /// <summary>The fewest samples that have mels: those that are mirrored, one more, and at least a hop.</summary>
    public int MinSamples => Math.Max(Settings.Pad + 1, Settings.HopLength + Settings.NFft % 2);

    /// <summary>[frames, NMels]; frames = floor(samples / hop) where NFft - hop is even.</summary>
    /// <param name="samples">The clip, full scale 1; none of what <see cref="Lacks"/> names.</param>
    /// <exception cref="ArgumentException">The clip cannot be measured; the message is that of <see cref="Lacks"/>.</exception>
    public FrameTable Of(ReadOnlySpan<float> samples) => Lacks(samples) is { } lack ? throw new ArgumentException(lack.Message, nameof(samples)) : _mels.VitsLog(samples);

    /// <summary>Why a clip has no mels that say anything: it is too short, all zeros, or holds what is no number. Null for one that has.</summary>
    public NotAvailable? Lacks(ReadOnlySpan<float> samples)
    {
        if (samples.Length < MinSamples) return new(NotAvailable.TooShort, $"it has {samples.Length} samples; at least {MinSamples} are needed for one frame");
        var silent = true;
        for (var i = 0; i < samples.Length; i++)
        {
            if (!float.IsFinite(samples[i])) return new(NotAvailable.NotANumber, $"sample {i} is {(float.IsNaN(samples[i]) ? "NaN" : "infinite")}");
            silent &= samples[i] == 0;
        }
        return silent ? new(NotAvailable.Silent, "all its samples are 0") : null;
    }
}
