namespace VoxMake.Speech.Clustering;

/// <summary>The lightest edges between components that have been seen. Any thread may offer; which comes first does not matter, for edges have a strict order.</summary>
internal interface ILightestEdges
{
    /// <summary>Whether it tells which two components an edge joins. Else the second component is −1.</summary>
    bool OfPairs { get; }

    /// <summary>The weight that an edge must not exceed to be of interest.</summary>
    double Limit(int component, int other);

    /// <summary>Keeps the edge if it is lighter than what there is.</summary>
    void Offer(int component, int other, ReachabilityEdge edge);
}

/// <summary>The lightest edge of each pair of components, 16 bytes a pair and side.</summary>
internal sealed class PairEdges : ILightestEdges
{
    private readonly int _count;
    private readonly double[] _weights;
    private readonly (int A, int B)[] _ends;
    private readonly Lock[] _locks;

    public PairEdges(int count)
    {
        _count = count;
        _weights = new double[(long)count * count];
        Array.Fill(_weights, double.PositiveInfinity);
        _ends = new (int, int)[_weights.Length];
        _locks = [.. Enumerable.Range(0, count).Select(_ => new Lock())];
    }

    public bool OfPairs => true;

    /// <summary>The lightest edge between two components.</summary>
    public ReachabilityEdge Edge(int component, int other)
    {
        var at = Place(component, other);
        return double.IsPositiveInfinity(_weights[at]) ? ReachabilityEdge.None : new ReachabilityEdge(_weights[at], _ends[at].A, _ends[at].B, false);
    }

    public double Limit(int component, int other) => Volatile.Read(ref _weights[Place(component, other)]);

    public void Offer(int component, int other, ReachabilityEdge edge)
    {
        var at = Place(component, other);
        lock (_locks[Math.Min(component, other)])
        {
            if (edge.CompareTo(Edge(component, other)) >= 0) return;
            _ends[at] = (edge.A, edge.B);
            Volatile.Write(ref _weights[at], edge.Weight);
        }
    }

    private long Place(int a, int b) => (long)Math.Min(a, b) * _count + Math.Max(a, b);
}

/// <summary>The lightest edge that leaves each component.</summary>
internal sealed class LeavingEdges : ILightestEdges
{
    private readonly ReachabilityEdge[] _lightest;
    private readonly double[] _weights;
    private readonly Lock[] _locks;

    public LeavingEdges(int count)
    {
        _lightest = new ReachabilityEdge[count];
        Array.Fill(_lightest, ReachabilityEdge.None);
        _weights = new double[count];
        Array.Fill(_weights, double.PositiveInfinity);
        _locks = [.. Enumerable.Range(0, count).Select(_ => new Lock())];
    }

    public bool OfPairs => false;

    /// <summary>One edge a component.</summary>
    public IReadOnlyList<ReachabilityEdge> Edges => _lightest;

    public double Limit(int component, int other) => Volatile.Read(ref _weights[component]);

    public void Offer(int component, int other, ReachabilityEdge edge)
    {
        lock (_locks[component])
        {
            if (edge.CompareTo(_lightest[component]) >= 0) return;
            _lightest[component] = edge;
            Volatile.Write(ref _weights[component], edge.Weight);
        }
    }
}
