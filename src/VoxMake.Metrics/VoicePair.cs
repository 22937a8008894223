using VoxMake.Audio;

namespace VoxMake.Metrics;

/// <summary>How near a synthesis is to the recording of the same sentence.</summary>
/// <param name="MelDistance">See <see cref="Metrics.MelDistance.Warped"/>.</param>
/// <param name="McdDb">See <see cref="MelCepstralDistortion"/>, dB.</param>
public sealed record VoicePair(double MelDistance, double McdDb)
{
    /// <summary>Compares two clips of the mels' sample rate; where that says nothing, why.</summary>
    /// <param name="mels">How their mels are made.</param>
    /// <param name="synthesis">Full scale 1.</param>
    /// <param name="recording">Full scale 1.</param>
    /// <param name="lacks">Why there is no pair; null where there is one.</param>
    public static VoicePair? Compare(LogMels mels, ReadOnlySpan<float> synthesis, ReadOnlySpan<float> recording, out NotAvailable? lacks)
    {
        lacks = Of("synthesis", mels.Lacks(synthesis)) ?? Of("recording", mels.Lacks(recording));
        if (lacks is not null) return null;
        var (spoken, recorded) = (mels.Of(synthesis), mels.Of(recording));
        if ((long)spoken.Frames * recorded.Frames > Array.MaxLength)
        {
            lacks = new(NotAvailable.TooLong, $"{spoken.Frames} by {recorded.Frames} frames are too many to align");
            return null;
        }
        return new VoicePair(Metrics.MelDistance.Warped(spoken, recorded), MelCepstralDistortion.Warped(MelCepstralDistortion.Cepstra(spoken), MelCepstralDistortion.Cepstra(recorded)));

        static NotAvailable? Of(string which, NotAvailable? lack) => lack is null ? null : new($"{which}_{lack.Reason}", $"the {which}: {lack.Message}");
    }
}
