namespace VoxMake.EvalTool;

/// <summary>One number that pairs are measured by.</summary>
/// <param name="Name">As in settings.</param>
/// <param name="Column">As in rows and in metrics.json.</param>
/// <param name="Unit">Its unit; empty for a ratio.</param>
/// <param name="Definition">What exactly it is, for people who compare it with another program's.</param>
internal sealed record Metric(string Name, string Column, string Unit, string Definition)
{
    public static readonly Metric Mel = new("mel", "mel_distance", "ln",
        "mean absolute difference of natural-log mels (VITS' mel_spectrogram_torch), frames matched by DTW with steps (1,1), (0,1), (1,0): the path's sum divided by its cells");

    public static readonly Metric Mcd = new("mcd", "mcd_db", "dB",
        "10*sqrt(2)/ln(10) * sqrt(sum of squared differences) of coefficients 1 to 13 of the cosine series of the same mels (orthonormal DCT-II times sqrt(2/n_mels)), mean over the frames matched by DTW; not comparable with MCD from other cepstra (WORLD and mcep, MFCC in dB)");

    public static readonly Metric Duration = new("duration", "duration_ratio", "", "length of the synthesis divided by the recording's");

    public static readonly Metric RealTimeFactor = new("rtf", "real_time_factor", "", "seconds that the synthesis took divided by the seconds it lasts; below 1 is faster than real time");

    /// <summary>All, in the order in which they are written.</summary>
    public static IReadOnlyList<Metric> All { get; } = [Mel, Mcd, Duration, RealTimeFactor];

    /// <summary>Their names in settings.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(metric => metric.Name)];
}
