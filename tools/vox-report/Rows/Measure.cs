namespace VoxMake.Report.Rows;

/// <summary>Something that was measured of every clip and is shown as a histogram.</summary>
/// <param name="Column">The column's name; bounds in the settings are <c>min_</c> and <c>max_</c> before it.</param>
/// <param name="Low">Lower edge of the first bin; what is below is counted in it.</param>
/// <param name="Step">Width of the finest bins.</param>
/// <param name="Bins">How many of them there are; what is above is counted in the last.</param>
internal sealed record Measure(string Column, string Title, string Unit, double Low, double Step, int Bins, string Meaning)
{
    /// <summary>How long the clips are; it comes from the lengths, not from a column.</summary>
    public static Measure Duration { get; } =
        new("duration_s", "Duration", "s", 0, 0.1, 600, "Very short clips carry no melody; several families of models fail on clips beyond 12 to 15 s.");

    /// <summary>The measures that come from columns, in the order of <see cref="Clip.Measured"/>.</summary>
    public static IReadOnlyList<Measure> Columns { get; } =
    [
        new("snr_db", "Signal-to-noise ratio", "dB", -20, 1, 140, "An estimate from loud and quiet frames. A voice learns its background noise too."),
        new("rms_dbfs", "RMS level", "dBFS", -100, 1, 104, "Before levelling. Clips far from the others may be another microphone or room."),
        new("peak_dbfs", "Peak", "dBFS", -80, 0.5, 172, "Before levelling. A heap at 0 dBFS is clipping."),
        new("silence_share", "Share of silence", "", 0, 0.01, 100, "Long pauses inside clips become long pauses in speech."),
        new("characters_per_second", "Characters per second", "1/s", 0, 0.5, 200, "Too many: words are missing from the sound. Too few: words are missing from the text."),
    ];

    /// <summary>How many come from columns.</summary>
    public const int Count = 5;
}
