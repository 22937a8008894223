using VoxMake.Audio;

namespace VoxMake.Metrics;

/// <summary>
/// Mel-cepstral distortion in dB (Kubichek 1993): 10·√2 / ln 10 · √Σ(c - c')² over coefficients 1 to 13, the mean over the frames that DTW matches.
/// The cepstrum here is the cosine series of the log mels of <see cref="LogMels"/>: ln mel[n] = c₀ + Σ c[k]·cos(πk(2n + 1) / 2N) over N bands, which is the
/// orthonormal DCT-II times √(2/N). With it the constant means what it says: the RMS difference in dB of the two spectral envelopes over the mel axis. c₀, the
/// level, is left out. Other programs take other cepstra (WORLD's envelope and mcep in pymcd, MFCC of power mels in dB), other coefficients and other frames:
/// their numbers cannot be compared with these.
/// </summary>
public static class MelCepstralDistortion
{
    /// <summary>Coefficients that are compared, from the first; the 0th is not.</summary>
    public const int Coefficients = 13;

    private static readonly double Scale = 10 * Math.Sqrt(2) / Math.Log(10);

    /// <summary>Coefficients 1 to 13 of each frame: [frames, 13].</summary>
    /// <param name="logMels">[frames, bands], natural logarithms; more than 13 bands.</param>
    /// <exception cref="ArgumentException">Too few bands.</exception>
    public static FrameTable Cepstra(FrameTable logMels)
    {
        var bands = logMels.Width;
        if (bands <= Coefficients) throw new ArgumentException($"{bands} bands have no {Coefficients} coefficients", nameof(logMels));
        var cosines = new double[Coefficients * bands];
        for (var k = 0; k < Coefficients; k++)
            for (var n = 0; n < bands; n++) cosines[k * bands + n] = 2.0 / bands * Math.Cos(Math.PI * (k + 1) * (2 * n + 1) / (2 * bands));
        var cepstra = new FrameTable(logMels.Frames, Coefficients);
        for (var frame = 0; frame < cepstra.Frames; frame++)
        {
            var mels = logMels[frame];
            var row = cepstra[frame];
            for (var k = 0; k < Coefficients; k++)
                for (var n = 0; n < bands; n++) row[k] += cosines[k * bands + n] * mels[n];
        }
        return cepstra;
    }

    /// <summary>dB between cepstra without their 0th coefficient; frames are matched by DTW over the Euclidean distance.</summary>
    /// <param name="a">[frames, coefficients], at least one frame.</param>
    /// <param name="b">[frames, coefficients], as many coefficients.</param>
    /// <exception cref="ArgumentException">No frames, different widths, or values that are not finite.</exception>
    public static double Warped(FrameTable a, FrameTable b)
    {
        var alignment = Dtw.Align(a, b);
        return Scale * alignment.Cost / alignment.Path.Count;
    }
}
