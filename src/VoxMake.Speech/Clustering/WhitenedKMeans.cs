namespace VoxMake.Speech.Clustering;

/// <summary>
/// k-means for voices whose number is told. After plain k-means the space is stretched so that clips of one cluster scatter alike in all directions (what changes from word to word counts less, what
/// changes from voice to voice more: linear discriminants, Fisher 1936, with half the covariance shrunk to a sphere), and clusters are found again from the same centres, until none changes.
/// </summary>
public static class WhitenedKMeans
{
    private const double Shrinkage = 0.5;
    private const int MostRounds = 10;

    /// <param name="clusters">From 1 to the number of points.</param>
    /// <returns>The cluster of each point, numbered by first points, and how far plain k-means agrees (adjusted Rand index).</returns>
    public static (int[] Labels, double Agreement) Fit(Points points, int clusters, long seed, CancellationToken cancel = default)
    {
        var plain = KMeans.Fit(points, clusters, seed, cancel: cancel).Labels;
        var labels = plain;
        for (var round = 0; round < MostRounds && clusters > 1 && points.Count > 2 * clusters; round++)
        {
            if (Whitened(points, labels, clusters) is not { } white) break; // clusters of equal points have no scatter
            int[] next = KMeans.Fit(white, [.. Enumerable.Range(0, clusters).Select(c => white.Mean(MembersOf(labels, c)))], cancel: cancel).Labels;
            if (next.Distinct().Count() < clusters || next.AsSpan().SequenceEqual(labels)) break;
            labels = next;
        }
        return (VoiceLinkage.Renumbered(labels), PartitionAgreement.AdjustedRand(plain, labels));
    }

    private static IEnumerable<int> MembersOf(int[] labels, int cluster) => Enumerable.Range(0, labels.Length).Where(i => labels[i] == cluster);

    /// <summary>The points times the inverse of the Cholesky factor of the scatter within clusters.</summary>
    private static Points? Whitened(Points points, int[] labels, int clusters)
    {
        var width = points.Width;
        var means = Enumerable.Range(0, clusters).Select(c => points.Mean(MembersOf(labels, c))).ToArray();
        var scatter = new double[width * width];
        var off = new double[width];
        for (var i = 0; i < points.Count; i++)
        {
            var row = points.Row(i);
            var mean = means[labels[i]];
            for (var d = 0; d < width; d++) off[d] = row[d] - mean[d];
            for (var d = 0; d < width; d++)
                for (var e = 0; e <= d; e++) scatter[d * width + e] += off[d] * off[e];
        }
        var trace = Enumerable.Range(0, width).Sum(d => scatter[d * width + d]);
        if (!(trace / points.Count > 1e-12)) return null;
        for (var d = 0; d < width; d++)
        {
            for (var e = 0; e <= d; e++) scatter[d * width + e] *= (1 - Shrinkage) * width / trace;
            scatter[d * width + d] += Shrinkage;
        }
        Cholesky(scatter, width);
        var values = new double[(long)points.Count * width];
        Parallel.For(0, points.Count, i =>
        {
            var row = points.Row(i);
            var result = values.AsSpan(i * width, width);
            for (var d = 0; d < width; d++)
            {
                var sum = row[d];
                for (var e = 0; e < d; e++) sum -= scatter[d * width + e] * result[e];
                result[d] = sum / scatter[d * width + d];
            }
        });
        return new Points(values, points.Count, width);
    }

    /// <summary>The lower factor of a positive definite matrix, in place (Golub and Van Loan, section 4.2).</summary>
    private static void Cholesky(double[] matrix, int width)
    {
        for (var d = 0; d < width; d++)
            for (var e = 0; e <= d; e++)
            {
                var sum = matrix[d * width + e];
                for (var i = 0; i < e; i++) sum -= matrix[d * width + i] * matrix[e * width + i];
                matrix[d * width + e] = d == e ? Math.Sqrt(sum) : sum / matrix[e * width + e];
            }
    }
}
