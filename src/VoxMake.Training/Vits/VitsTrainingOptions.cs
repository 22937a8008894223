using VoxMake.Models;
using VoxMake.Models.Vits;

namespace VoxMake.Training.Vits;

/// <summary>What the training step does beside the networks' own shape; the defaults are those of the original's configurations (jaywalnut310/vits, configs/ljs_base.json) with the names of the field.</summary>
/// <param name="SegmentSize">Samples that the decoder makes of each clip in a step; a multiple of the hop length.</param>
/// <param name="NFft">Length of the transform of the spectrogram that the posterior encoder reads: 2 · (spectrogram_bins − 1).</param>
/// <param name="HopLength">Samples of a frame; the product of the decoder's upsample_rates.</param>
/// <param name="WinLength">Samples of the window, at most NFft; null for NFft.</param>
/// <param name="NMels">Bands of the mel spectrogram that the mel loss compares.</param>
/// <param name="FMin">Lowest frequency of the bands, Hz.</param>
/// <param name="FMax">Highest frequency of the bands, Hz; null for half the sample rate.</param>
/// <param name="MelWeight">Factor of the mel loss; c_mel of the original.</param>
/// <param name="KlWeight">Factor of the KL divergence; c_kl of the original.</param>
/// <param name="DurationWeight">Factor of the duration loss.</param>
/// <param name="FeatureWeight">Factor of the feature matching loss.</param>
/// <param name="AdversarialWeight">Factor of the generator's adversarial loss.</param>
/// <param name="LearningRate">Step size of both optimizers at the start; <see cref="VitsTrainer.LearningRate"/> changes it.</param>
/// <param name="MaxGradNorm">Gradients of each network are scaled so that their norm is at most this; null (the original) for no clipping.</param>
/// <param name="Bf16">Whether the networks run in bf16 by autocast; losses, spectrograms, the duration predictor and the alignment stay in float32.</param>
public sealed record VitsTrainingOptions(
    int SegmentSize = 8192,
    int NFft = 1024,
    int HopLength = 256,
    int? WinLength = null,
    int NMels = 80,
    double FMin = 0,
    double? FMax = null,
    double MelWeight = 45,
    double KlWeight = 1,
    double DurationWeight = 1,
    double FeatureWeight = 1,
    double AdversarialWeight = 1,
    double LearningRate = 2e-4,
    double Beta1 = 0.8,
    double Beta2 = 0.99,
    double Eps = 1e-9,
    double WeightDecay = 0.01,
    double? MaxGradNorm = null,
    bool Bf16 = false)
{
    /// <summary>Frames that the decoder speaks of each clip in a step.</summary>
    public int SegmentFrames => SegmentSize / HopLength;

    /// <summary>Whether a network can be trained with these options.</summary>
    /// <exception cref="ModelException">It cannot; the message names the option.</exception>
    public void Check(VitsConfig config)
    {
        if (HopLength != config.HopLength) throw new ModelException($"hop_length is {HopLength}; the network's upsample_rates make {config.HopLength} samples of a frame, and both must be the same");
        if (NFft / 2 + 1 != config.SpectrogramBins || NFft % 2 != 0) throw new ModelException($"n_fft is {NFft}; the network reads {config.SpectrogramBins} bins of a spectrogram, so it must be {2 * (config.SpectrogramBins - 1)}");
        if (NFft < HopLength || (NFft - HopLength) % 2 != 0) throw new ModelException($"n_fft {NFft} and hop_length {HopLength} must differ by an even number, n_fft not being the smaller");
        if (WinLength is < 1 || WinLength > NFft) throw new ModelException($"win_length is {WinLength}; expected 1 to n_fft, {NFft}");
        if (SegmentSize < HopLength || SegmentSize % HopLength != 0) throw new ModelException($"segment_size is {SegmentSize}; expected a multiple of hop_length, {HopLength}");
        if (SegmentSize <= (NFft - HopLength) / 2) throw new ModelException($"segment_size is {SegmentSize}; expected more than half of n_fft − hop_length, {(NFft - HopLength) / 2}, which its spectrogram reflects at the ends");
        if (NMels is < 1 or > 4096) throw new ModelException($"n_mels is {NMels}; expected 1 to 4096");
        var highest = FMax ?? config.SamplingRate / 2.0;
        if (!(FMin >= 0 && FMin < highest && highest <= config.SamplingRate / 2.0)) throw new ModelException($"fmin {FMin} and fmax {FMax} must lie between 0 and half the sample rate, {config.SamplingRate / 2.0}, fmin below fmax");
        if (!(LearningRate > 0)) throw new ModelException($"learning_rate is {LearningRate}; it must be above 0");
        if (MaxGradNorm is { } norm && !(norm > 0)) throw new ModelException($"max_grad_norm is {norm}; it must be above 0, or left out for no clipping");
    }
}
