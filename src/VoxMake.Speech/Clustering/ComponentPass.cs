using System.Numerics;
using System.Runtime.InteropServices;

namespace VoxMake.Speech.Clustering;

/// <summary>A pass over all distances that finds the lightest edges between components. Rows and columns lie sorted by component, so that a component is a stretch of columns.</summary>
internal sealed class ComponentPass : IDisposable
{
    private readonly Points _points;
    private readonly double[] _core;
    private readonly int[] _order;
    private readonly int[] _component;
    private readonly int[] _starts;
    private readonly DistanceTiles _tiles;
    private readonly ParallelOptions _parallel;

    /// <param name="points">Such that <see cref="DistanceTiles.Fit"/>.</param>
    /// <param name="number">The component of each point, from 0.</param>
    public ComponentPass(Points points, double[] core, int[] number, int components, ParallelOptions parallel)
    {
        (_points, _core, _parallel) = (points, core, parallel);
        _order = [.. Enumerable.Range(0, points.Count).OrderBy(i => number[i]).ThenBy(i => i)];
        _component = Array.ConvertAll(_order, i => number[i]);
        _starts = new int[components + 1];
        foreach (var component in number) _starts[component + 1]++;
        for (var i = 0; i < components; i++) _starts[i + 1] += _starts[i];
        _tiles = DistanceTiles.Of(points, points, _order) ?? throw new ArgumentException("single precision cannot hold these points");
    }

    /// <summary>Offers every edge between components that is not heavier than what is known.</summary>
    public void Find(ILightestEdges lightest)
    {
        for (var start = 0; start < _points.Count; start += DistanceTiles.TileRows)
        {
            var (row, rows) = (start, Math.Min(DistanceTiles.TileRows, _points.Count - start));
            // Of pairs, each is looked at from its first component: what lies to the right of the row's own.
            var from = lightest.OfPairs ? _starts[_component[row] + 1] : 0;
            for (; from < _points.Count; from += DistanceTiles.TileColumns)
            {
                var (column, columns) = (from, Math.Min(DistanceTiles.TileColumns, _points.Count - from));
                _tiles.Make(row, rows, column, columns);
                Parallel.For(0, rows, _parallel, i => Row(lightest, row + i, _tiles.Dots(i), column));
            }
        }
    }

    private void Row(ILightestEdges lightest, int row, ReadOnlySpan<float> dots, int column)
    {
        var own = _component[row];
        var end = column + dots.Length;
        if (!lightest.OfPairs)
        {
            Stretch(lightest, row, dots, column, column, Math.Min(end, _starts[own]), -1);
            Stretch(lightest, row, dots, column, Math.Max(column, _starts[own + 1]), end, -1);
            return;
        }
        for (var from = Math.Max(column, _starts[own + 1]); from < end;)
        {
            var other = _component[from];
            var to = Math.Min(end, _starts[other + 1]);
            Stretch(lightest, row, dots, column, from, to, other);
            from = to;
        }
    }

    /// <summary>Looks at columns <paramref name="from"/> to <paramref name="to"/> of a row.</summary>
    private void Stretch(ILightestEdges lightest, int row, ReadOnlySpan<float> dots, int column, int from, int to, int other)
    {
        if (from >= to) return;
        var own = _component[row];
        var point = _order[row];
        var most = lightest.Limit(own, other);
        if (_core[point] > most) return;
        var limit = Bound(most, row);
        var inner = dots[(from - column)..(to - column)];
        var squares = _tiles.ColumnSquares.AsSpan(from, to - from);
        var d = MemoryMarshal.Cast<float, Vector<float>>(inner);
        var s = MemoryMarshal.Cast<float, Vector<float>>(squares);
        for (var i = 0; i < d.Length; i++)
        {
            if (!Vector.LessThanOrEqualAny(s[i] - (d[i] + d[i]), new Vector<float>(limit))) continue;
            for (var lane = i * Vector<float>.Count; lane < (i + 1) * Vector<float>.Count; lane++)
                if (squares[lane] - (inner[lane] + inner[lane]) <= limit) limit = Measure(from + lane);
        }
        for (var i = d.Length * Vector<float>.Count; i < inner.Length; i++)
            if (squares[i] - (inner[i] + inner[i]) <= limit) limit = Measure(from + i);

        float Measure(int at)
        {
            var there = _order[at];
            if (_core[there] <= most)
            {
                var weight = Math.Max(_points.Distance(point, there), Math.Max(_core[point], _core[there]));
                if (weight <= most) lightest.Offer(own, other, new ReachabilityEdge(weight, Math.Min(point, there), Math.Max(point, there), false));
            }
            most = lightest.Limit(own, other);
            return _core[point] > most ? float.NegativeInfinity : Bound(most, row);
        }
    }

    /// <summary>The value of <c>|column|² − 2·dot</c> above which the distance is surely larger; the factor is for the rounding of float64 distances.</summary>
    private float Bound(double weight, int row) => MathF.BitIncrement((float)(weight * weight * (1 + 1e-12) + _tiles.Error - _tiles.RowSquares[row]));

    public void Dispose() => _tiles.Dispose();
}
