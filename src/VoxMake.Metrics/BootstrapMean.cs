namespace VoxMake.Metrics;

/// <summary>A mean and how sure it is.</summary>
/// <param name="Mean">The arithmetic mean.</param>
/// <param name="Low">Lower end of the 95 % interval; null for one value.</param>
/// <param name="High">Its upper end.</param>
/// <param name="N">Values, at least 1.</param>
public sealed record BootstrapMean(double Mean, double? Low, double? High, int N)
{
    private const int Resamples = 2000;

    /// <summary>
    /// The mean with its percentile bootstrap interval (Efron and Tibshirani 1993, section 13.3): the 2.5 % and 97.5 % quantiles of the means of 2000 samples drawn
    /// with replacement. Equal values in equal order with an equal seed give the same interval on every machine. Of few values it is too narrow.
    /// </summary>
    /// <param name="values">Finite numbers, at least one.</param>
    /// <param name="seed">What chance starts from.</param>
    /// <exception cref="ArgumentException">No values.</exception>
    public static BootstrapMean Of(IReadOnlyList<double> values, ulong seed = 42)
    {
        if (values.Count == 0) throw new ArgumentException("no values have no mean", nameof(values));
        var mean = values.Average();
        if (values.Count == 1) return new(mean, null, null, 1);
        var means = new double[Resamples];
        for (var i = 0; i < means.Length; i++)
        {
            var sum = 0.0;
            for (var draw = 0; draw < values.Count; draw++) sum += values[(int)Math.BigMul(Next(ref seed), (ulong)values.Count, out _)];
            means[i] = sum / values.Count;
        }
        Array.Sort(means);
        return new(mean, Quantile(means, 0.025), Quantile(means, 0.975), values.Count);
    }

    private static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        return sorted[below] + (place - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]);
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood 2014): the framework's own generator may change between versions.</summary>
    private static ulong Next(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
