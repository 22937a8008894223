namespace VoxMake.Speech.Clustering;

/// <summary>How far two partitions of the same things agree, whatever their labels are called. −1 is a label like any other, as in scikit-learn.</summary>
public static class PartitionAgreement
{
    /// <summary>The adjusted Rand index (Hubert and Arabie 1985): 1 for the same partition, about 0 for chance, down to −0.5.</summary>
    public static double AdjustedRand(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        var (cells, rows, columns) = Table(a, b);
        static double Pairs(IEnumerable<long> counts) => counts.Sum(n => n * (n - 1) / 2.0);
        var (both, inA, inB) = (Pairs(cells), Pairs(rows), Pairs(columns));
        var all = a.Length * (a.Length - 1.0) / 2;
        if (all == 0) return 1;
        var expected = inA * inB / all;
        var most = (inA + inB) / 2;
        return most == expected ? 1 : (both - expected) / (most - expected);
    }

    /// <summary>Normalized mutual information, by the mean of both entropies, 0 to 1.</summary>
    public static double NormalizedMutualInformation(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        var (cells, rows, columns) = Table(a, b);
        double total = a.Length;
        double Entropy(IEnumerable<long> counts) => counts.Sum(n => -(n / total) * Math.Log(n / total));
        var (both, inA, inB) = (Entropy(cells), Entropy(rows), Entropy(columns));
        return inA + inB == 0 ? 1 : Math.Max(0, inA + inB - both) / ((inA + inB) / 2);
    }

    private static (long[] Cells, long[] Rows, long[] Columns) Table(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        if (a.Length != b.Length) throw new ArgumentException($"{a.Length} labels and {b.Length} labels are not of the same things");
        var (cells, rows, columns) = (new SortedDictionary<(int, int), long>(), new SortedDictionary<int, long>(), new SortedDictionary<int, long>());
        for (var i = 0; i < a.Length; i++)
        {
            cells[(a[i], b[i])] = cells.GetValueOrDefault((a[i], b[i])) + 1;
            rows[a[i]] = rows.GetValueOrDefault(a[i]) + 1;
            columns[b[i]] = columns.GetValueOrDefault(b[i]) + 1;
        }
        return ([.. cells.Values], [.. rows.Values], [.. columns.Values]);
    }
}
