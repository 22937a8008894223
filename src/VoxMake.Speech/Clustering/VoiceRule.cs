namespace VoxMake.Speech.Clustering;

/// <summary>
/// When two groups of clips are one voice: when the mean of 1 − cosine between them is at most <see cref="Spread"/> times the mean within them, but never when it exceeds <see cref="Different"/>,
/// and always when it is at most <see cref="Same"/>. The numbers are for the GE2E encoder that ships (Resemblyzer's), whose cosines between clips above two seconds are about 0.85 to 0.93 within
/// a voice
/// and 0.4 to 0.68 between voices; docs/targets/cluster.md says how they were found.
/// </summary>
/// <param name="Same">1 − cosine up to which two groups always are one voice.</param>
/// <param name="Spread">How much further apart than within themselves groups of one voice may lie.</param>
/// <param name="Different">1 − cosine beyond which two groups never are one voice.</param>
public sealed record VoiceRule(double Same = 0.25, double Spread = 1.8, double Different = 0.42)
{
    /// <summary>The largest mean distance between two groups of one voice, given the mean distance within them (0 for two single clips).</summary>
    public double Limit(double within) => Math.Min(Math.Max(Spread * within, Same), Different);
}
