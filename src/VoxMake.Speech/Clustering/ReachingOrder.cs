namespace VoxMake.Speech.Clustering;

/// <summary>A point, and the weight of the edge by which it was reached.</summary>
public readonly record struct Reached(int Point, double Weight);

/// <summary>
/// The order in which Prim's algorithm reaches the points, from point 0 on; of points that are equally near, the one with the smallest index. Single linkage by this order is what the hdbscan
/// package does, and where edges are equally long (a point's core distance is the weight of several of its edges) the order decides what its hierarchy looks like.
/// </summary>
internal static class ReachingOrder
{
    /// <param name="tree">The minimum spanning tree.</param>
    /// <param name="ties">Further edges of the graph: those that may be as long as an edge of the tree.</param>
    public static Reached[] Of(int count, IEnumerable<ReachabilityEdge> tree, IEnumerable<ReachabilityEdge> ties)
    {
        if (count == 0) return [];
        var edges = tree.Concat(ties).ToList();
        var starts = new int[count + 1];
        foreach (var edge in edges)
        {
            starts[edge.A + 1]++;
            starts[edge.B + 1]++;
        }
        for (var i = 0; i < count; i++) starts[i + 1] += starts[i];
        var next = starts[..count];
        var ends = new Reached[2 * edges.Count];
        foreach (var edge in edges)
        {
            ends[next[edge.A]++] = new Reached(edge.B, edge.Weight);
            ends[next[edge.B]++] = new Reached(edge.A, edge.Weight);
        }

        var order = new Reached[count];
        order[0] = new Reached(0, 0);
        var reached = new bool[count];
        var nearest = new double[count];
        Array.Fill(nearest, double.PositiveInfinity);
        var heap = new PriorityQueue<int, (double Weight, int Point)>();
        Reach(0);
        for (var at = 1; at < count;)
        {
            var found = heap.TryDequeue(out var point, out var priority);
            if (!found) throw new ArgumentException("the edges do not join all points");
            if (reached[point]) continue;
            order[at++] = new Reached(point, priority.Weight);
            Reach(point);
        }
        return order;

        void Reach(int point)
        {
            reached[point] = true;
            for (var i = starts[point]; i < starts[point + 1]; i++)
            {
                var (other, weight) = ends[i];
                if (reached[other] || weight >= nearest[other]) continue;
                nearest[other] = weight;
                heap.Enqueue(other, (weight, other));
            }
        }
    }
}
