namespace VoxMake.Audio;

/// <summary>What stands before the first and after the last sample.</summary>
public enum PadMode
{
    /// <summary>Silence: librosa's default since 0.10.</summary>
    Zeros,

    /// <summary>The clip mirrored at its first and last sample, which are not repeated: torch.stft's default and librosa's before 0.10.</summary>
    Reflect,
}

/// <summary>How a clip is cut into frames.</summary>
/// <param name="NFft">Length of the transform in samples, 2 to 2^24; it gives NFft / 2 + 1 bins.</param>
/// <param name="HopLength">Samples from one frame to the next, at least 1.</param>
/// <param name="WinLength">Length of the Hann window in samples, 1 to NFft; it stands in the middle of the transform.</param>
/// <param name="Pad">Samples added before and after the clip, 0 to 2^24.</param>
/// <param name="PadMode">Which samples these are.</param>
public sealed record StftSettings(int NFft, int HopLength, int WinLength, int Pad, PadMode PadMode)
{
    /// <summary>Frames centred on multiples of the hop, <c>center=True</c> of librosa and torch: NFft / 2 samples are added on both sides.</summary>
    public static StftSettings Centred(int nFft, int hopLength, PadMode padMode = PadMode.Zeros) => new(nFft, hopLength, nFft, nFft / 2, padMode);

    /// <summary>Frames in a clip: 1 + floor((samples + 2·Pad - NFft) / HopLength); 0 for an empty clip and for one that, padded, is shorter than a frame.</summary>
    public int Frames(int samples) => samples == 0 || samples + 2L * Pad < NFft ? 0 : checked((int)((samples + 2L * Pad - NFft) / HopLength + 1));

    /// <exception cref="ArgumentOutOfRangeException">Names the setting that is out of its range.</exception>
    internal void Check()
    {
        Within(NFft, 2, 1 << 24, nameof(NFft));
        Within(HopLength, 1, int.MaxValue, nameof(HopLength));
        Within(WinLength, 1, NFft, nameof(WinLength));
        Within(Pad, 0, 1 << 24, nameof(Pad));
    }

    private static void Within(int value, int least, int most, string name)
    {
        if (value < least || value > most) throw new ArgumentOutOfRangeException(name, value, $"must be {least} to {most}");
    }
}
