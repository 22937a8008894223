namespace VoxMake.Speech.Clustering;

/// <summary>Which distance.</summary>
public enum ClusterMetric
{
    Euclidean,

    /// <summary>1 − cosine.</summary>
    Cosine,
}

/// <summary>How much nearer points are to their own cluster than to the next (Rousseeuw 1987): (b − a) / max(a, b), with a the mean distance to the others of the own cluster and b the least mean
/// distance to another.</summary>
public static class Silhouette
{
    /// <summary>Of each point, −1 to 1; 0 for a cluster of one. Points with a negative label are left out and have NaN.</summary>
    /// <param name="labels">Cluster of each point, from 0.</param>
    public static double[] Samples(Points points, ReadOnlySpan<int> labels, ClusterMetric metric)
    {
        if (labels.Length != points.Count) throw new ArgumentException($"{labels.Length} labels for {points.Count} points");
        var label = labels.ToArray();
        var clusters = label.DefaultIfEmpty(-1).Max() + 1;
        var sizes = new int[clusters];
        foreach (var cluster in label)
            if (cluster >= 0) sizes[cluster]++;
        var lengths = metric == ClusterMetric.Cosine ? Lengths(points) : [];
        var sums = new double[(long)points.Count * Math.Max(1, clusters)];
        for (var i = 0; i < label.Length; i++)
        {
            if (label[i] < 0) continue;
            for (var j = i + 1; j < label.Length; j++)
            {
                if (label[j] < 0) continue;
                var distance = metric == ClusterMetric.Euclidean ? points.Distance(i, j) : 1 - Points.Dot(points.Row(i), points.Row(j)) / (lengths[i] * lengths[j]);
                sums[(long)i * clusters + label[j]] += distance;
                sums[(long)j * clusters + label[i]] += distance;
            }
        }
        return OfSums(label, sizes, sums);
    }

    /// <summary>The same from a matrix of distances.</summary>
    internal static double[] Samples(PairMatrix distances, int[] label)
    {
        var clusters = label.DefaultIfEmpty(-1).Max() + 1;
        var sizes = new int[clusters];
        foreach (var cluster in label)
            if (cluster >= 0) sizes[cluster]++;
        var sums = new double[(long)label.Length * Math.Max(1, clusters)];
        for (var i = 0; i < label.Length; i++)
            for (var j = 0; j < label.Length; j++)
                if (i != j && label[j] >= 0) sums[(long)i * clusters + label[j]] += distances[i, j];
        return OfSums(label, sizes, sums);
    }

    private static double[] OfSums(int[] label, int[] sizes, double[] sums)
    {
        var result = new double[label.Length];
        for (var i = 0; i < result.Length; i++)
        {
            if (label[i] < 0) result[i] = double.NaN;
            else if (sizes[label[i]] > 1)
            {
                var own = sums[(long)i * sizes.Length + label[i]] / (sizes[label[i]] - 1);
                var other = double.PositiveInfinity;
                for (var c = 0; c < sizes.Length; c++)
                    if (c != label[i] && sizes[c] > 0) other = Math.Min(other, sums[(long)i * sizes.Length + c] / sizes[c]);
                result[i] = double.IsInfinity(other) || Math.Max(own, other) == 0 ? 0 : (other - own) / Math.Max(own, other);
            }
        }
        return result;
    }

    /// <summary>The mean over all points that have a label; NaN where there are fewer than two clusters.</summary>
    public static double Mean(Points points, ReadOnlySpan<int> labels, ClusterMetric metric) => MeanOf(Samples(points, labels, metric), labels);

    internal static double MeanOf(double[] samples, ReadOnlySpan<int> labels)
    {
        var clusters = new HashSet<int>();
        double sum = 0;
        var count = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] < 0) continue;
            clusters.Add(labels[i]);
            sum += samples[i];
            count++;
        }
        return clusters.Count < 2 ? double.NaN : sum / count;
    }

    /// <summary>A point at the origin has no direction: its cosine with all is 0.</summary>
    private static double[] Lengths(Points points) => [.. Enumerable.Range(0, points.Count).Select(i => Math.Sqrt(Points.Dot(points.Row(i), points.Row(i))) is > 0 and var length ? length : 1)];
}
