namespace VoxMake.Speech.Clustering;

/// <summary>Core distances and the minimum spanning tree from all distances in float64, one after the other (Prim 1957): n² of them, nothing kept. What <see cref="BlockedReachability"/> has to
/// come to.</summary>
public static class PlainReachability
{
    /// <inheritdoc cref="Reachability.Of"/>
    public static Reachability Of(Points points, int minSamples, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minSamples, 1);
        if (points.Count == 0) return new Reachability([], [], []);
        var core = CoreDistances(points, minSamples, cancel);
        var twin = points.FirstTwins();
        var tree = Prim(points.Count, (a, b) => new ReachabilityEdge(Math.Max(points.Distance(a, b), Math.Max(core[a], core[b])), Math.Min(a, b), Math.Max(a, b), twin[a] == twin[b]), cancel);
        Array.Sort(tree);
        return new Reachability(core, tree, Order(points.Count, (a, b) => Math.Max(points.Distance(a, b), Math.Max(core[a], core[b])), cancel));
    }

    /// <summary>What <see cref="ReachingOrder"/> says, with every edge of the graph.</summary>
    private static Reached[] Order(int count, Func<int, int, double> weight, CancellationToken cancel)
    {
        var order = new Reached[count];
        var outside = Enumerable.Range(0, count).ToList(); // ascending: the first of equals has the smallest index
        var nearest = new double[count];
        Array.Fill(nearest, double.PositiveInfinity);
        nearest[0] = 0;
        for (var found = 0; found < count; found++)
        {
            if ((found & 255) == 0) cancel.ThrowIfCancellationRequested();
            var best = 0;
            for (var i = 1; i < outside.Count; i++)
                if (nearest[outside[i]] < nearest[outside[best]]) best = i;
            var current = outside[best];
            order[found] = new Reached(current, nearest[current]);
            outside.RemoveAt(best);
            foreach (var node in outside) nearest[node] = Math.Min(nearest[node], weight(current, node));
        }
        return order;
    }

    /// <summary>The minimum spanning tree of <paramref name="count"/> nodes under the edges' strict order, in the order in which nodes are reached.</summary>
    internal static ReachabilityEdge[] Prim(int count, Func<int, int, ReachabilityEdge> edge, CancellationToken cancel)
    {
        if (count == 0) return [];
        var tree = new ReachabilityEdge[count - 1];
        var outside = Enumerable.Range(1, count - 1).ToArray();
        var nearest = new ReachabilityEdge[count];
        Array.Fill(nearest, ReachabilityEdge.None);
        var current = 0;
        for (var found = 0; found < tree.Length; found++)
        {
            if ((found & 255) == 0) cancel.ThrowIfCancellationRequested();
            var left = count - 1 - found;
            var best = 0;
            for (var i = 0; i < left; i++)
            {
                var node = outside[i];
                var candidate = edge(current, node);
                if (candidate.CompareTo(nearest[node]) < 0) nearest[node] = candidate;
                if (nearest[node].CompareTo(nearest[outside[best]]) < 0) best = i;
            }
            current = outside[best];
            tree[found] = nearest[current];
            outside[best] = outside[left - 1];
        }
        return tree;
    }

    private static double[] CoreDistances(Points points, int minSamples, CancellationToken cancel)
    {
        var core = new double[points.Count];
        var distances = new double[points.Count];
        for (var i = 0; i < points.Count; i++)
        {
            if ((i & 255) == 0) cancel.ThrowIfCancellationRequested();
            for (var j = 0; j < points.Count; j++) distances[j] = points.Distance(i, j);
            core[i] = Smallest.Of(distances, Math.Min(minSamples, points.Count - 1)); // the point itself is the smallest: place 0
        }
        return core;
    }
}
