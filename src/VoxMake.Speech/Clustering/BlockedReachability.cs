namespace VoxMake.Speech.Clustering;

/// <summary>
/// Core distances, the minimum spanning tree of mutual reachability and the order in which it is reached, exactly those of <see cref="PlainReachability"/>, with two or three passes over the
/// distance matrix in single precision (half
/// a pass for the last) and little memory:
/// <list type="number">
/// <item>twins are set aside: of equal points one stands for all;</item>
/// <item>each point's nearest points are found and measured (<see cref="Neighbours"/>), which gives core distances;</item>
/// <item>Borůvka's rounds (1926) over these lists: the lightest edge that leaves a component is known where it is lighter than all that no list has;</item>
/// <item>what is left is few components: one pass finds the lightest edge between any two of them, and Prim's algorithm does the rest.</item>
/// </list>
/// The order hangs on edges that are equally long. Those of one core distance are all in the lists (up to 32 of them); where distances themselves are equal (grids) further away than the 32 nearest,
/// it may be another than the plain way's, of the same tree.
/// </summary>
internal sealed class BlockedReachability
{
    /// <summary>Neighbours kept of each point, besides what core distances need.</summary>
    private const int Listed = 32;

    /// <summary>Fewer points than this are joined the plain way once core distances are known.</summary>
    private const int PlainBelow = 1000;

    private readonly Points _points;
    private readonly double[] _core;
    private readonly (int Index, double Distance)[][] _near;
    private readonly double[] _radius;
    private readonly List<ReachabilityEdge> _tree = [];
    private readonly Components _components;
    private readonly ParallelOptions _parallel;

    private BlockedReachability(Points points, int[] copies, int minSamples, ParallelOptions parallel)
    {
        (_points, _parallel) = (points, parallel);
        (_near, _radius) = Neighbours.Lists(points, points, Math.Max(Listed, minSamples), parallel.MaxDegreeOfParallelism, parallel.CancellationToken);
        _core = new double[points.Count];
        for (var i = 0; i < _core.Length; i++) _core[i] = CoreDistance(i, copies, minSamples);
        for (var i = 0; i < _near.Length; i++) // lists beyond what joins components would only cost memory
        {
            if (_near[i].Length <= Listed) continue;
            _radius[i] = Math.Min(_radius[i], _near[i][Listed].Distance);
            _near[i] = _near[i][..Listed];
        }
        _components = new Components(points.Count);
    }

    /// <summary>Whether there is a libtorch to do the products.</summary>
    public static bool CanDo => DistanceTiles.CanDo;

    /// <inheritdoc cref="Reachability.Of"/>
    /// <param name="mostComponents">Up to so many components are joined by one table of all pairs; beyond, each first finds its own lightest edge.</param>
    public static Reachability Of(Points points, int minSamples, int threads, CancellationToken cancel = default, int mostComponents = 2048)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minSamples, 1);
        if (points.Count == 0) return new Reachability([], [], []);
        var first = points.FirstTwins();
        int[] single = [.. Enumerable.Range(0, points.Count).Where(i => first[i] == i)];
        var copies = new int[points.Count];
        foreach (var i in first) copies[i]++;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancel };
        var own = new BlockedReachability(single.Length == points.Count ? points : points.Select(single), [.. single.Select(i => copies[i])], Math.Min(minSamples, Math.Max(1,
            points.Count - 1)), parallel);
        own.Join(mostComponents);

        var place = new int[points.Count];
        for (var i = 0; i < single.Length; i++) place[single[i]] = i;
        var core = Array.ConvertAll(first, i => own._core[place[i]]);
        // Twins lie no further apart than their own core distance, and nothing else is nearer: each hangs on the first of them.
        var tree = own._tree.Select(edge => edge with { A = single[edge.A], B = single[edge.B] })
            .Concat(Enumerable.Range(0, points.Count).Where(i => first[i] != i).Select(i => new ReachabilityEdge(core[i], first[i], i, true)))
            .ToArray();
        Array.Sort(tree);
        var ties = own.Ties().Select(edge => edge with { A = single[edge.A], B = single[edge.B] });
        return new Reachability(core, tree, ReachingOrder.Of(points.Count, tree, ties));
    }

    /// <summary>The edges of all lists.</summary>
    private IEnumerable<ReachabilityEdge> Ties()
    {
        for (var i = 0; i < _near.Length; i++)
            foreach (var (other, distance) in _near[i]) yield return EdgeOf(i, other, distance);
    }

    /// <summary>The distance of the minSamples-th nearest other point, twins counted.</summary>
    private double CoreDistance(int index, int[] copies, int minSamples)
    {
        var seen = copies[index] - 1;
        if (seen >= minSamples) return 0;
        foreach (var (other, distance) in _near[index])
        {
            seen += copies[other];
            if (seen >= minSamples) return distance;
        }
        return _near[index].Length > 0 ? _near[index][^1].Distance : 0; // all points are the same, or one is all there is
    }

    private void Join(int mostComponents)
    {
        if (_points.Count < PlainBelow || !DistanceTiles.Fit(_points))
        {
            _tree.AddRange(PlainReachability.Prim(_points.Count, (a, b) => EdgeOf(a, b, _points.Distance(a, b)), _parallel.CancellationToken));
            return;
        }
        while (RoundOverLists()) { }
        while (_components.Count > 1)
        {
            var number = _components.Numbers();
            using var pass = new ComponentPass(_points, _core, number, _components.Count, _parallel);
            if (_components.Count <= mostComponents)
            {
                var pairs = new PairEdges(_components.Count);
                foreach (var edge in ListedEdges()) pairs.Offer(number[edge.A], number[edge.B], edge);
                pass.Find(pairs);
                foreach (var edge in PlainReachability.Prim(_components.Count, pairs.Edge, _parallel.CancellationToken)) Take(edge);
                continue;
            }
            var leaving = new LeavingEdges(_components.Count);
            foreach (var edge in ListedEdges())
            {
                leaving.Offer(number[edge.A], -1, edge);
                leaving.Offer(number[edge.B], -1, edge);
            }
            pass.Find(leaving);
            foreach (var edge in leaving.Edges) Take(edge);
            while (RoundOverLists()) { }
        }
    }

    /// <summary>One of Borůvka's rounds, for components whose lightest leaving edge the lists prove.</summary>
    /// <returns>Whether anything was joined.</returns>
    private bool RoundOverLists()
    {
        var lightest = new ReachabilityEdge[_points.Count];
        Array.Fill(lightest, ReachabilityEdge.None);
        var unlisted = new double[_points.Count];
        Array.Fill(unlisted, double.PositiveInfinity);
        for (var i = 0; i < _points.Count; i++)
        {
            var own = _components.Of(i);
            unlisted[own] = Math.Min(unlisted[own], Math.Max(_core[i], _radius[i]));
            foreach (var (other, distance) in _near[i])
            {
                var there = _components.Of(other);
                if (there == own) continue;
                var edge = EdgeOf(i, other, distance);
                if (edge.CompareTo(lightest[own]) < 0) lightest[own] = edge;
                if (edge.CompareTo(lightest[there]) < 0) lightest[there] = edge;
            }
        }
        var before = _components.Count;
        for (var i = 0; i < lightest.Length; i++)
            if (lightest[i].Exists && lightest[i].Weight < unlisted[i]) Take(lightest[i]);
        return _components.Count < before;
    }

    private IEnumerable<ReachabilityEdge> ListedEdges()
    {
        for (var i = 0; i < _near.Length; i++)
            foreach (var (other, distance) in _near[i])
                if (_components.Of(i) != _components.Of(other)) yield return EdgeOf(i, other, distance);
    }

    private void Take(ReachabilityEdge edge)
    {
        if (_components.Join(edge.A, edge.B)) _tree.Add(edge);
    }

    private ReachabilityEdge EdgeOf(int a, int b, double distance) => new(Math.Max(distance, Math.Max(_core[a], _core[b])), Math.Min(a, b), Math.Max(a, b), false);
}
