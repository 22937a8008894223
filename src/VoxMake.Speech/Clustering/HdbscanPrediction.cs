namespace VoxMake.Speech.Clustering;

/// <summary>
/// Assigns points to clusters that were found without them, as the hdbscan package's <c>approximate_predict</c>: a point goes where its nearest neighbour by mutual reachability is, or to the
/// cluster above that is not denser than the point.
/// </summary>
public static class HdbscanPrediction
{
    /// <param name="points"><c>[count, width]</c>, of the model's width.</param>
    /// <param name="minSamples">As the clusters were found with.</param>
    /// <returns>Label (−1 for noise) and probability of each.</returns>
    public static (int Label, double Probability)[] Of(HdbscanModel model, Points points, int minSamples, int threads, CancellationToken cancel = default)
    {
        var tree = model.Tree;
        var (births, deaths, parents) = (tree.Births(), tree.Deaths(), tree.Parents());
        var leaves = new CondensedRow[tree.Points]; // where each clustered point falls out
        foreach (var row in tree.Rows)
            if (row.Child < tree.Points) leaves[row.Child] = row;

        var core = model.Reachability.CoreDistances;
        var nearest = Neighbours.Of(points, model.Points, 2 * minSamples, threads, cancel);
        return [.. Enumerable.Range(0, points.Count).Select(Assign)];

        (int, double) Assign(int index)
        {
            var near = nearest[index];
            var own = near[Math.Min(minSamples, near.Length) - 1].Distance;
            var (best, distance) = (0, double.PositiveInfinity);
            foreach (var (other, length) in near)
            {
                var reach = Math.Max(length, Math.Max(own, core[other]));
                if (reach < distance) (best, distance) = (other, reach);
            }
            var lambda = distance > 0 ? 1 / distance : double.MaxValue;
            var cluster = leaves[best].Parent;
            if (leaves[best].Lambda > lambda)
                while (cluster > tree.Root && births[cluster - tree.Points] >= lambda) cluster = parents[cluster - tree.Points];
            var label = -1;
            for (var above = cluster; label < 0 && above >= 0; above = parents[above - tree.Points]) label = Math.Max(-1, Array.BinarySearch(model.Selected, above));
            return label < 0 ? (-1, 0) : (label, ClusterSelection.Strength(lambda, deaths[model.Selected[label] - tree.Points]));
        }
    }
}
