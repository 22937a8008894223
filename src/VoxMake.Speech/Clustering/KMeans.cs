using VoxMake.Models;

namespace VoxMake.Speech.Clustering;

/// <summary>What k-means says.</summary>
/// <param name="Labels">The nearest centre of each point, from 0.</param>
/// <param name="Centres"><c>[k][width]</c>.</param>
/// <param name="Inertia">The sum of squared distances to the nearest centres.</param>
/// <param name="Iterations">Rounds of Lloyd's algorithm.</param>
public sealed record KMeansResult(int[] Labels, double[][] Centres, double Inertia, int Iterations);

/// <summary>k-means by Lloyd's algorithm from centres drawn far apart (k-means++, Arthur and Vassilvitskii 2007). It ends as scikit-learn's does: when no label changes, or when the centres
/// hardly move.</summary>
public static class KMeans
{
    private const int MostIterations = 300;

    /// <param name="clusters">From 1 to the number of points.</param>
    /// <param name="starts">How many times it begins anew; the least inertia wins, the first of equals.</param>
    /// <param name="tolerance">It ends when the centres' squared moves add up to no more than this times the mean variance of a coordinate.</param>
    /// <exception cref="ArgumentException">There are fewer points than clusters.</exception>
    public static KMeansResult Fit(Points points, int clusters, long seed, int starts = 10, double tolerance = 1e-4, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(starts, 1);
        Check(points, clusters);
        KMeansResult? best = null;
        for (var start = 0; start < starts; start++)
        {
            cancel.ThrowIfCancellationRequested();
            var result = Fit(points, FarApart(points, clusters, new CounterRandom(seed, Purpose.Clusters, clusters, start)), tolerance, cancel);
            if (best is null || result.Inertia < best.Inertia) best = result;
        }
        return best!;
    }

    /// <summary>From given centres, once.</summary>
    /// <param name="centres"><c>[k][width]</c>; they are not changed.</param>
    public static KMeansResult Fit(Points points, IReadOnlyList<double[]> centres, double tolerance = 1e-4, CancellationToken cancel = default)
    {
        Check(points, centres.Count);
        var now = centres.Select(centre => (double[])centre.Clone()).ToArray();
        var enough = tolerance * MeanVariance(points);
        var labels = new int[points.Count];
        Array.Fill(labels, -1);
        var before = new int[points.Count];
        var iteration = 0;
        var same = false;
        while (iteration < MostIterations)
        {
            cancel.ThrowIfCancellationRequested();
            iteration++;
            labels.CopyTo(before, 0);
            Assign(points, now, labels);
            var next = Means(points, labels, now);
            double moved = 0;
            for (var i = 0; i < now.Length; i++) moved += Points.SquaredDistance(now[i], next[i]);
            now = next;
            same = labels.AsSpan().SequenceEqual(before);
            if (same || moved <= enough) break;
        }
        if (!same) Assign(points, now, labels); // the labels are those of the centres that are given back
        double inertia = 0;
        for (var i = 0; i < points.Count; i++) inertia += Points.SquaredDistance(points.Row(i), now[labels[i]]);
        return new KMeansResult(labels, now, inertia, iteration);
    }

    private static void Check(Points points, int clusters)
    {
        if (clusters < 1 || clusters > points.Count) throw new ArgumentException($"{points.Count} points cannot be put into {clusters} clusters");
    }

    private static void Assign(Points points, double[][] centres, int[] labels)
    {
        for (var i = 0; i < points.Count; i++) labels[i] = Nearest(points.Row(i), centres).Index;
    }

    internal static (int Index, double Square) Nearest(ReadOnlySpan<double> point, IReadOnlyList<double[]> centres)
    {
        var (index, least) = (0, double.PositiveInfinity);
        for (var c = 0; c < centres.Count; c++)
        {
            var square = Points.SquaredDistance(point, centres[c]);
            if (square < least) (index, least) = (c, square);
        }
        return (index, least);
    }

    /// <summary>The means of the clusters. An empty one takes the point that lies furthest from its own centre.</summary>
    private static double[][] Means(Points points, int[] labels, double[][] centres)
    {
        var sums = centres.Select(centre => new double[centre.Length]).ToArray();
        var sizes = new int[centres.Length];
        for (var i = 0; i < points.Count; i++) Add(labels[i], i, 1);

        var empty = Enumerable.Range(0, sizes.Length).Where(c => sizes[c] == 0).ToList();
        if (empty.Count > 0)
        {
            var furthest = Enumerable.Range(0, points.Count).OrderByDescending(i => Points.SquaredDistance(points.Row(i), centres[labels[i]])).ThenBy(i => i).Take(empty.Count).ToList();
            foreach (var (cluster, point) in empty.Zip(furthest))
            {
                Add(labels[point], point, -1);
                Add(cluster, point, 1);
            }
        }
        for (var c = 0; c < sums.Length; c++)
        {
            if (sizes[c] == 0) sums[c] = (double[])centres[c].Clone(); // its only point went to another empty one
            else
                for (var d = 0; d < sums[c].Length; d++) sums[c][d] /= sizes[c];
        }
        return sums;

        void Add(int cluster, int point, int sign)
        {
            sizes[cluster] += sign;
            var row = points.Row(point);
            var sum = sums[cluster];
            for (var d = 0; d < sum.Length; d++) sum[d] += sign * row[d];
        }
    }

    private static double MeanVariance(Points points)
    {
        var mean = points.Mean(Enumerable.Range(0, points.Count));
        double sum = 0;
        for (var i = 0; i < points.Count; i++) sum += Points.SquaredDistance(points.Row(i), mean);
        return sum / points.Count / points.Width;
    }

    /// <summary>Centres drawn one after the other, each point with a chance in proportion to its squared distance from those that are drawn; of a few tries, the one that helps most.</summary>
    private static double[][] FarApart(Points points, int clusters, CounterRandom random)
    {
        var tries = 2 + (int)Math.Log(clusters);
        var chosen = new List<int> { random.Below(points.Count) };
        var nearest = Squares(chosen[0]);
        while (chosen.Count < clusters)
        {
            var sum = nearest.Sum();
            var (best, bestSum, bestNearest) = (-1, double.PositiveInfinity, nearest);
            for (var i = 0; i < tries; i++)
            {
                var candidate = Drawn(nearest, random.Unit() * sum);
                var squares = Squares(candidate);
                for (var p = 0; p < squares.Length; p++) squares[p] = Math.Min(squares[p], nearest[p]);
                var total = squares.Sum();
                if (total < bestSum) (best, bestSum, bestNearest) = (candidate, total, squares);
            }
            chosen.Add(best);
            nearest = bestNearest;
        }
        return [.. chosen.Select(i => points.Row(i).ToArray())];

        double[] Squares(int centre)
        {
            var squares = new double[points.Count];
            for (var i = 0; i < squares.Length; i++) squares[i] = Points.SquaredDistance(points.Row(i), points.Row(centre));
            return squares;
        }
    }

    private static int Drawn(double[] weights, double at)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            at -= weights[i];
            if (at < 0) return i;
        }
        return weights.Length - 1; // rounding, or all weights are 0
    }
}
