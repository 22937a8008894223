namespace VoxMake.Speech.Clustering;

/// <summary>
/// An edge between two points, its weight their mutual reachability distance: the largest of their distance and both core distances (Campello, Moulavi and Sander 2013, definition 4). Edges have a
/// strict order: by weight, between twins (points with the same numbers) first, then by their points. With it there is one minimum spanning tree, whatever way it is found.
/// </summary>
/// <param name="A">The smaller index.</param>
/// <param name="B">The larger index.</param>
/// <param name="Twins">Whether both points have the same numbers.</param>
public readonly record struct ReachabilityEdge(double Weight, int A, int B, bool Twins) : IComparable<ReachabilityEdge>
{
    /// <summary>An edge heavier than any other.</summary>
    public static ReachabilityEdge None { get; } = new(double.PositiveInfinity, int.MaxValue, int.MaxValue, false);

    /// <summary>Whether it joins anything.</summary>
    public bool Exists => A != int.MaxValue;

    public int CompareTo(ReachabilityEdge other)
    {
        var order = Weight.CompareTo(other.Weight);
        if (order == 0) order = other.Twins.CompareTo(Twins);
        if (order == 0) order = A.CompareTo(other.A);
        return order != 0 ? order : B.CompareTo(other.B);
    }
}

/// <summary>What HDBSCAN makes of distances: how dense it is around each point, and how all hang together.</summary>
/// <param name="CoreDistances">The distance of each point to its min_samples-th nearest other point, <c>[count]</c>.</param>
/// <param name="SpanningTree">The minimum spanning tree of mutual reachability, in the order of its edges, <c>[count − 1]</c>.</param>
/// <param name="Order">The points as Prim's algorithm reaches them, <c>[count]</c>: what the hierarchy is made of.</param>
public sealed record Reachability(double[] CoreDistances, ReachabilityEdge[] SpanningTree, Reached[] Order)
{
    /// <summary>Fewer points than this go the plain way.</summary>
    private const int PlainBelow = 2000;

    /// <summary>By the plain way or the blocked one: the result is the same.</summary>
    /// <param name="minSamples">Which of the nearest other points counts, at least 1; no more than there are.</param>
    public static Reachability Of(Points points, int minSamples, int threads, CancellationToken cancel = default) =>
        points.Count < PlainBelow || !BlockedReachability.CanDo ? PlainReachability.Of(points, minSamples, cancel) : BlockedReachability.Of(points, minSamples, threads, cancel);
}
