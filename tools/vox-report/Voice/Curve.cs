namespace VoxMake.Report.Voice;

/// <summary>Some of a curve's neighbouring values, as they are drawn on top of each other.</summary>
/// <param name="Step">The middle of their steps.</param>
internal readonly record struct Stroke(double Step, double Low, double High);

/// <summary>One number over the steps of a training.</summary>
internal sealed class Curve
{
    private readonly double[] _steps, _values;

    /// <param name="steps">Rising.</param>
    /// <param name="values">As many; those that are no number are counted and left out.</param>
    public Curve(IReadOnlyList<double> steps, IReadOnlyList<double> values)
    {
        var usable = Enumerable.Range(0, steps.Count).Where(i => double.IsFinite(steps[i]) && double.IsFinite(values[i])).ToList();
        (_steps, _values) = ([.. usable.Select(i => steps[i])], [.. usable.Select(i => values[i])]);
        NotNumbers = steps.Count - usable.Count;
        Window = Math.Clamp(_values.Length / 40, 1, 1000) | 1;
        Smooth = Average(_values, Window);
    }

    /// <summary>Steps without a number: a training that has come apart.</summary>
    public int NotNumbers { get; }

    public int Count => _values.Length;
    public ReadOnlySpan<double> Steps => _steps;
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Steps that the moving average takes in, an odd number: its own and as many before as after.</summary>
    public int Window { get; }

    /// <summary>The moving average at each step; near the ends of as many on both sides as there are.</summary>
    public IReadOnlyList<double> Smooth { get; }

    /// <summary>What the plot's height stands for: all of the moving average, and all but the outermost hundredth of the single values.</summary>
    public (double Low, double High) Range()
    {
        double[] sorted = [.. _values.Order()];
        double low = sorted[sorted.Length / 100], high = sorted[sorted.Length - 1 - sorted.Length / 100];
        foreach (var value in Smooth) (low, high) = (Math.Min(low, value), Math.Max(high, value));
        if (low == high) (low, high) = (low - Math.Max(1e-12, Math.Abs(low) / 2), high + Math.Max(1e-12, Math.Abs(high) / 2));
        return (low, high);
    }

    /// <summary>The values in at most so many strokes, each from the least to the greatest of its stretch.</summary>
    public IReadOnlyList<Stroke> Strokes(int atMost)
    {
        var count = Math.Min(atMost, Count);
        var strokes = new Stroke[count];
        for (var i = 0; i < count; i++)
        {
            int from = (int)((long)i * Count / count), to = (int)((long)(i + 1) * Count / count);
            var part = _values.AsSpan(from, to - from);
            double low = part[0], high = part[0];
            foreach (var value in part) (low, high) = (Math.Min(low, value), Math.Max(high, value));
            strokes[i] = new Stroke((_steps[from] + _steps[to - 1]) / 2, low, high);
        }
        return strokes;
    }

    /// <summary>Places in the curve, at most so many, spread evenly from the first to the last.</summary>
    public IEnumerable<int> Places(int atMost) => Rows.Spread.Evenly([.. Enumerable.Range(0, Count)], atMost);

    private static double[] Average(double[] values, int window)
    {
        var sums = new double[values.Length + 1];
        for (var i = 0; i < values.Length; i++) sums[i + 1] = sums[i] + values[i];
        var means = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var reach = Math.Min(window / 2, Math.Min(i, values.Length - 1 - i));
            means[i] = (sums[i + reach + 1] - sums[i - reach]) / (2 * reach + 1);
        }
        return means;
    }
}
