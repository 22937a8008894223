namespace VoxMake.Audio;

/// <summary>How hertz become mel.</summary>
public enum MelScale
{
    /// <summary>Linear below 1 kHz and logarithmic above: Slaney's Auditory Toolbox (1998); librosa's default.</summary>
    Slaney,

    /// <summary>2595·log10(1 + f / 700): the HTK Book, section 5.4.</summary>
    Htk,
}

/// <summary>How high a mel filter is.</summary>
public enum MelNorm
{
    /// <summary>Its peak is 1: librosa's <c>norm=None</c>.</summary>
    None,

    /// <summary>Its area is 1 over hertz, 2 / (upper - lower edge): librosa's <c>norm="slaney"</c>, the default.</summary>
    Slaney,
}

/// <summary>A bank of triangular mel filters.</summary>
/// <param name="SampleRate">Hz, at least 1.</param>
/// <param name="NMels">Number of filters, 1 to 4096.</param>
/// <param name="FMin">Lower edge of the first filter in Hz, 0 or more.</param>
/// <param name="FMax">Upper edge of the last filter in Hz, above FMin and at most half the sample rate; null for half the sample rate.</param>
/// <param name="Scale">How hertz become mel.</param>
/// <param name="Norm">How high the filters are.</param>
public sealed record MelSettings(int SampleRate, int NMels = 128, double FMin = 0, double? FMax = null, MelScale Scale = MelScale.Slaney, MelNorm Norm = MelNorm.Slaney)
{
    /// <summary>Upper edge of the last filter in Hz.</summary>
    internal double UpperEdge => FMax ?? SampleRate / 2.0;

    /// <exception cref="ArgumentOutOfRangeException">Names the setting that is out of its range.</exception>
    internal void Check()
    {
        Require(SampleRate >= 1, nameof(SampleRate), SampleRate, "must be at least 1 Hz");
        Require(NMels is >= 1 and <= 4096, nameof(NMels), NMels, "must be 1 to 4096");
        Require(FMin >= 0 && FMin < UpperEdge, nameof(FMin), FMin, $"must be 0 Hz or more and below {nameof(FMax)}");
        Require(UpperEdge <= SampleRate / 2.0, nameof(FMax), UpperEdge, "must be at most half the sample rate");
    }

    private static void Require(bool holds, string name, double value, string otherwise)
    {
        if (!holds) throw new ArgumentOutOfRangeException(name, value, otherwise);
    }
}
