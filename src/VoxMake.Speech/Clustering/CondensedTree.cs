namespace VoxMake.Speech.Clustering;

/// <summary>A row of the condensed tree: a point or a cluster leaves its parent.</summary>
/// <param name="Parent">The cluster that it leaves.</param>
/// <param name="Child">A point (below the number of points), or a cluster.</param>
/// <param name="Lambda">The density at which it does: 1 / distance; infinity at distance zero.</param>
/// <param name="Size">Points in it.</param>
public readonly record struct CondensedRow(int Parent, int Child, double Lambda, int Size);

/// <summary>
/// The hierarchy with clusters below min_cluster_size taken as points that fall out of their parent (McInnes and Healy 2017, section 2.3). The root is cluster <c>count</c>; clusters come after
/// their parents.
/// </summary>
public sealed class CondensedTree
{
    private CondensedTree(int points, int clusters, IReadOnlyList<CondensedRow> rows) => (Points, Clusters, Rows) = (points, clusters, rows);

    /// <summary>How many points there are.</summary>
    public int Points { get; }

    /// <summary>How many clusters there are, with the root; their numbers begin at <see cref="Points"/>.</summary>
    public int Clusters { get; }

    /// <summary>All rows, parents before their children.</summary>
    public IReadOnlyList<CondensedRow> Rows { get; }

    /// <summary>The number of the root.</summary>
    public int Root => Points;

    /// <param name="merges">The hierarchy of at least two points.</param>
    /// <param name="minClusterSize">At least 2.</param>
    public static CondensedTree Of(ReadOnlySpan<Merge> merges, int minClusterSize)
    {
        var points = merges.Length + 1;
        var rows = new List<CondensedRow>(points);
        var clusters = 1;
        var pending = new Queue<(int Part, int Cluster)>(); // breadth first: parents before children
        pending.Enqueue((2 * merges.Length, points));
        while (pending.TryDequeue(out var next))
        {
            var merge = merges[next.Part - points];
            var lambda = merge.Height > 0 ? 1 / merge.Height : double.PositiveInfinity;
            var (left, right) = (SizeOf(merges, merge.Left), SizeOf(merges, merge.Right));
            if (left >= minClusterSize && right >= minClusterSize)
            {
                foreach (var (part, size) in new[] { (merge.Left, left), (merge.Right, right) })
                {
                    var cluster = points + clusters++;
                    rows.Add(new CondensedRow(next.Cluster, cluster, lambda, size));
                    pending.Enqueue((part, cluster));
                }
                continue;
            }
            foreach (var (part, size) in new[] { (merge.Left, left), (merge.Right, right) })
            {
                if (size >= minClusterSize) pending.Enqueue((part, next.Cluster));
                else FallOut(merges, part, next.Cluster, lambda, rows);
            }
        }
        return new CondensedTree(points, clusters, rows);
    }

    private static int SizeOf(ReadOnlySpan<Merge> merges, int part) => part <= merges.Length ? 1 : merges[part - merges.Length - 1].Size;

    private static void FallOut(ReadOnlySpan<Merge> merges, int part, int cluster, double lambda, List<CondensedRow> rows)
    {
        var stack = new Stack<int>([part]);
        while (stack.TryPop(out var top))
        {
            if (top <= merges.Length)
            {
                rows.Add(new CondensedRow(cluster, top, lambda, 1));
                continue;
            }
            stack.Push(merges[top - merges.Length - 1].Right);
            stack.Push(merges[top - merges.Length - 1].Left);
        }
    }

    /// <summary>The density at which each cluster begins, by number less <see cref="Points"/>; 0 for the root.</summary>
    public double[] Births()
    {
        var births = new double[Clusters];
        foreach (var row in Rows)
            if (row.Child >= Points) births[row.Child - Points] = row.Lambda;
        return births;
    }

    /// <summary>The largest density at which something leaves each cluster, by number less <see cref="Points"/>.</summary>
    public double[] Deaths()
    {
        var deaths = new double[Clusters];
        foreach (var row in Rows) deaths[row.Parent - Points] = Math.Max(deaths[row.Parent - Points], row.Lambda);
        return deaths;
    }

    /// <summary>Parents of the clusters, by number less <see cref="Points"/>; −1 for the root.</summary>
    public int[] Parents()
    {
        var parents = new int[Clusters];
        parents[0] = -1;
        foreach (var row in Rows)
            if (row.Child >= Points) parents[row.Child - Points] = row.Parent;
        return parents;
    }

    /// <summary>The stability of each cluster, by number less <see cref="Points"/>: the sum over what leaves it of size × (density there − density at its beginning).</summary>
    public double[] Stabilities()
    {
        var births = Births();
        var stabilities = new double[Clusters];
        foreach (var row in Rows) stabilities[row.Parent - Points] += (row.Lambda - births[row.Parent - Points]) * row.Size;
        return stabilities;
    }
}
