namespace VoxMake.Audio;

/// <summary>Power spectrograms in decibels.</summary>
public static class PowerDecibels
{
    private const double Floor = 1e-10; // librosa's amin

    /// <summary>
    /// <c>librosa.power_to_db</c>, in place: 10·log10(max(1e-10, power) / reference), and nothing more than <paramref name="topDb"/> below the loudest.
    /// The floor depends on the whole table, so a clip's part differs from the part of a clip.
    /// </summary>
    /// <param name="power">Powers, 0 or more.</param>
    /// <param name="reference">The power at 0 dB; null for the largest of the table.</param>
    /// <param name="topDb">Range in dB, 0 or more; null for no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">A reference that is not above 0, or a negative range.</exception>
    public static void FromPower(FrameTable power, double? reference = 1, double? topDb = 80)
    {
        if (reference is { } given) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(given, nameof(reference));
        if (topDb is { } range) ArgumentOutOfRangeException.ThrowIfNegative(range, nameof(topDb));
        var values = power.Values;
        if (values.Length == 0) return;
        var loudest = Level(values.Max());
        var zero = reference is { } chosen ? Level(chosen) : loudest;
        var quietest = loudest - zero - (topDb ?? double.PositiveInfinity);
        foreach (ref var value in values.AsSpan()) value = Math.Max(Level(value) - zero, quietest);

        static double Level(double power) => 10 * Math.Log10(Math.Max(Floor, power));
    }
}
