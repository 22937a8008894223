namespace VoxMake.Config;

[Doc("how clips are resampled, trimmed and levelled")]
public sealed record AudioConfig
{
    [Doc("sample rate of the clips; what the model was made for, most often 16000, 22050 or 24000", Unit = "Hz"), Range(8000, 48_000)]
    public int SampleRate { get; init; } = 22_050;

    [Doc("channels of the clips; voices are trained from 1, and no other is built"), Range(1, 1)]
    public int Channels { get; init; } = 1;

    [Doc("bits of one sample", Unit = "bit"), OneOf(16, 24)]
    public int BitDepth { get; init; } = 16;

    [Doc("whether clips are brought to target_db")]
    public bool Normalize { get; init; } = true;

    [Doc("level that clips are brought to, RMS relative to full scale", Unit = "dB"), Range(-60, 0)]
    public double TargetDb { get; init; } = -20;

    [Doc("what is cut at both ends: energy, what lies trim_db below the loudest part; speech, what lies before and after the speech that voice_activity heard"), OneOf("energy", "speech")]
    public string Trim { get; init; } = "energy";

    [Doc("how much is left before and after speech, for trim: speech", Unit = "s"), Range(0, 2)]
    public double TrimPadS { get; init; } = 0.1;

    [Doc("silence at both ends is cut where it lies this far below the loudest part (librosa's top_db); null: nothing is cut", Unit = "dB"), Range(1, 120)]
    public double? TrimDb { get; init; } = 30;
}
