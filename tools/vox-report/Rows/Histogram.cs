namespace VoxMake.Report.Rows;

/// <summary>Counts of one measure in fine bins, kept clips and lost ones apart; merged to wider bins when it is drawn.</summary>
internal sealed class Histogram(Measure measure)
{
    private readonly long[] _kept = new long[measure.Bins], _lost = new long[measure.Bins];

    public Measure Measure => measure;
    public long Total { get; private set; }

    public void Add(double value, bool kept)
    {
        // A value that is an edge belongs to the bin above it, whatever the last bit of the division says.
        var bin = (int)Math.Clamp(Math.Floor((value - measure.Low) / measure.Step + 1e-9), 0, measure.Bins - 1);
        (kept ? _kept : _lost)[bin]++;
        Total++;
    }

    /// <summary>The middle of the fine bin that holds the median.</summary>
    public double Median
    {
        get
        {
            long below = 0;
            for (var i = 0; i < measure.Bins; i++)
                if ((below += _kept[i] + _lost[i]) * 2 >= Total) return Edge(i) + measure.Step / 2;
            return double.NaN;
        }
    }

    /// <summary>
    /// Bins of one round width (the finest one times 1, 2, 5, 10, ...), at most <paramref name="atMost"/> of them, from the first that holds a clip or a bound to the last.
    /// </summary>
    public IReadOnlyList<Bin> Bins(int atMost, double? min, double? max)
    {
        if (Total == 0) return [];
        var used = Enumerable.Range(0, measure.Bins).Where(i => _kept[i] + _lost[i] > 0).ToList();
        int first = used[0], last = used[^1];
        foreach (var bound in new[] { min, max })
        {
            if (bound is not { } at || at < measure.Low || at > Edge(measure.Bins)) continue;
            var bin = Math.Clamp((int)((at - measure.Low) / measure.Step), 0, measure.Bins - 1);
            (first, last) = (Math.Min(first, bin), Math.Max(last, bin));
        }
        var width = 1;
        for (var i = 0; last / width - first / width + 1 > atMost; i++) width = (i % 3 == 1 ? 5 : i % 3 == 0 ? 2 : 10) * (int)Math.Pow(10, i / 3);
        var bins = new List<Bin>();
        for (var i = first / width; i <= last / width; i++)
        {
            int from = i * width, to = Math.Min(from + width, measure.Bins);
            bins.Add(new Bin(Edge(from), Edge(from + width), _kept.AsSpan(from, to - from).Sum(), _lost.AsSpan(from, to - from).Sum(), from == 0, to == measure.Bins));
        }
        return bins;
    }

    private double Edge(int bin) => Math.Round(measure.Low + bin * measure.Step, 6);
}

/// <summary>Clips from one edge (inclusive) to the next (exclusive).</summary>
/// <param name="OpenBelow">It also holds what is below its lower edge.</param>
/// <param name="OpenAbove">It also holds what is above its upper edge.</param>
internal sealed record Bin(double From, double To, long Kept, long Lost, bool OpenBelow, bool OpenAbove);

file static class Sums
{
    public static long Sum(this Span<long> counts)
    {
        long sum = 0;
        foreach (var count in counts) sum += count;
        return sum;
    }
}
