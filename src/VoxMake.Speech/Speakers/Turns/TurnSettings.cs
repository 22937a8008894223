namespace VoxMake.Speech.Speakers.Turns;

/// <summary>How turns are found.</summary>
/// <param name="Threshold">Groups of windows whose mean cosine is at least this are one speaker, 0 to 1. The default was chosen on recordings of other speakers than the tests' (docs/targets/turns.md).</param>
/// <param name="MinSpeakers">Never fewer speakers, as far as there are so many stretches.</param>
/// <param name="MaxSpeakers">Never more speakers.</param>
/// <param name="BridgeSeconds">Pauses of one speaker up to this long belong to the turn.</param>
public sealed record TurnSettings(double Threshold = 0.6, int MinSpeakers = 1, int MaxSpeakers = 100, double BridgeSeconds = 1)
{
    /// <exception cref="ArgumentOutOfRangeException">Names the setting that is out of its range.</exception>
    internal void Check()
    {
        if (Threshold is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(Threshold), Threshold, "must be 0 to 1");
        if (MinSpeakers < 1) throw new ArgumentOutOfRangeException(nameof(MinSpeakers), MinSpeakers, "must be at least 1");
        if (MaxSpeakers < MinSpeakers) throw new ArgumentOutOfRangeException(nameof(MaxSpeakers), MaxSpeakers, $"must be at least {nameof(MinSpeakers)}");
        if (BridgeSeconds is not (>= 0 and <= 60)) throw new ArgumentOutOfRangeException(nameof(BridgeSeconds), BridgeSeconds, "must be 0 to 60 s");
    }
}
