using VoxMake.Models;

namespace VoxMake.Speech.Clustering;

/// <summary>What HDBSCAN says.</summary>
/// <param name="Labels">The cluster of each point, from 0; −1 is noise.</param>
/// <param name="Probabilities">How strongly each belongs to its cluster, 0 (noise) to 1.</param>
/// <param name="OutlierScores">GLOSH, 0 to 1; NaN where a point fell out of something infinitely dense (duplicates). Points assigned after the fact have 1 − probability.</param>
/// <param name="Persistence">Of each cluster, 0 to 1.</param>
/// <param name="Model">The points that were clustered (all of them, or the sample), their densities and hierarchy; null below two points.</param>
/// <param name="Sampled">Which points were clustered, where not all were; else null.</param>
public sealed record HdbscanResult(int[] Labels, double[] Probabilities, double[] OutlierScores, double[] Persistence, HdbscanModel? Model, int[]? Sampled)
{
    /// <summary>How many clusters there are.</summary>
    public int Clusters => Persistence.Length;
}

/// <summary>How points hang together.</summary>
/// <param name="Points">The points that were clustered.</param>
/// <param name="Reachability">Core distances and spanning tree.</param>
/// <param name="Tree">The condensed tree.</param>
/// <param name="Selected">The condensed tree's numbers of the clusters; a cluster's label is its place here.</param>
public sealed record HdbscanModel(Points Points, Reachability Reachability, CondensedTree Tree, int[] Selected);

/// <summary>
/// HDBSCAN* (Campello, Moulavi and Sander 2013; McInnes and Healy 2017) with Euclidean distances: labels, probabilities, stabilities and outlier scores are those of the hdbscan package with
/// <c>algorithm="generic"</c>, up to the order in which it takes edges of one length.
/// </summary>
public static class Hdbscan
{
    /// <param name="threads">How many may work.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static HdbscanResult Fit(Points points, HdbscanSettings settings, int threads = 1, CancellationToken cancel = default)
    {
        settings.Check();
        if (points.Count < 2) return new HdbscanResult([.. Enumerable.Repeat(-1, points.Count)], new double[points.Count], new double[points.Count], [], null, null);
        if (points.Count > settings.ExactUpTo) return FitSample(points, settings, threads, cancel);
        return Fit(points, Reachability.Of(points, settings.Samples, threads, cancel), settings);
    }

    /// <summary>With densities that are known: another min_cluster_size or selection costs next to nothing.</summary>
    public static HdbscanResult Fit(Points points, Reachability reachability, HdbscanSettings settings)
    {
        settings.Check();
        var tree = CondensedTree.Of(SingleLinkage.Of(reachability.Order), settings.MinClusterSize);
        var selection = ClusterSelection.Of(tree, settings);
        return new HdbscanResult(selection.Labels, selection.Probabilities, ClusterSelection.OutlierScores(tree), selection.Persistence, new HdbscanModel(points, reachability, tree,
            selection.Selected), null);
    }

    private static HdbscanResult FitSample(Points points, HdbscanSettings settings, int threads, CancellationToken cancel)
    {
        var sample = StableSample.Of(points, settings.ExactUpTo);
        var result = Fit(points.Select(sample), settings, threads, cancel);
        var chosen = sample.ToHashSet();
        int[] rest = [.. Enumerable.Range(0, points.Count).Where(index => !chosen.Contains(index))];
        var (labels, probabilities, scores) = (new int[points.Count], new double[points.Count], new double[points.Count]);
        for (var i = 0; i < sample.Length; i++) (labels[sample[i]], probabilities[sample[i]], scores[sample[i]]) = (result.Labels[i], result.Probabilities[i], result.OutlierScores[i]);
        var assigned = HdbscanPrediction.Of(result.Model!, points.Select(rest), settings.Samples, threads, cancel);
        for (var i = 0; i < rest.Length; i++) (labels[rest[i]], probabilities[rest[i]], scores[rest[i]]) = (assigned[i].Label, assigned[i].Probability, 1 - assigned[i].Probability);
        return new HdbscanResult(labels, probabilities, scores, result.Persistence, result.Model, sample);
    }
}

/// <summary>A sample that does not depend on the order of the points, and changes little when some come or go: those whose numbers hash lowest.</summary>
public static class StableSample
{
    /// <returns>Indices, ascending.</returns>
    public static int[] Of(Points points, int size)
    {
        var keys = new ulong[points.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            var state = 0UL;
            foreach (var value in points.Row(i)) state = CounterRandom.From(state ^ (ulong)BitConverter.DoubleToInt64Bits(value)).Next();
            keys[i] = state;
        }
        return [.. Enumerable.Range(0, points.Count).OrderBy(i => keys[i]).ThenBy(i => i).Take(size).Order()];
    }
}
