using System.Globalization;
using VoxMake.Protocol;

namespace VoxMake.Report.Rows;

/// <summary>How long clips are, in whole microseconds: each clip is rounded once, and all sums are exact.</summary>
internal static class Length
{
    /// <summary>Nobody said how long it is.</summary>
    public const long Unknown = -1;

    /// <summary>100 hours. No clip is longer; a number beyond it is an error in the table, and sums of millions of clips stay in range.</summary>
    public const long Longest = 100 * 3600 * 1_000_000L;

    /// <summary>
    /// The length that a row tells, the most exact column first: num_samples, else end_sample - start_sample, both at sample_rate; prepared_duration_s; duration_s;
    /// source_samples at source_rate. <see cref="Unknown"/> where there is none or it is impossible.
    /// </summary>
    public static long Of(Columns columns)
    {
        if (OfSamples(columns["num_samples"].AsInteger, columns["sample_rate"].AsInteger) is var prepared and >= 0) return prepared;
        if (OfSamples(columns["end_sample"].AsInteger - columns["start_sample"].AsInteger, columns["sample_rate"].AsInteger) is var piece and >= 0) return piece;
        if (OfSeconds(columns["prepared_duration_s"].AsReal) is var judged and >= 0) return judged;
        if (OfSeconds(columns["duration_s"].AsReal) is var measured and >= 0) return measured;
        return OfSamples(columns["source_samples"].AsInteger, columns["source_rate"].AsInteger);
    }

    private static long OfSamples(long? samples, long? rate) =>
        samples is >= 0 and <= 1L << 40 && rate is >= 1 and <= 10_000_000 ? OfSeconds((double)samples.Value / rate.Value) : Unknown;

    private static long OfSeconds(double? seconds) =>
        seconds is >= 0 and <= Longest / 1e6 ? (long)Math.Round(seconds.Value * 1e6, MidpointRounding.AwayFromZero) : Unknown;

    /// <summary>For people: <c>0.82 s</c>, <c>4:05 min</c>, <c>12:04:31 h</c>.</summary>
    public static string Text(long microseconds)
    {
        if (microseconds < 0) return "-" + Text(-microseconds);
        if (microseconds < 60_000_000) return (microseconds / 1e6).ToString("0.00", CultureInfo.InvariantCulture) + " s";
        var seconds = (microseconds + 500_000) / 1_000_000;
        return seconds < 3600
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}:{seconds % 60:00} min")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}:{seconds / 60 % 60:00}:{seconds % 60:00} h");
    }
}
