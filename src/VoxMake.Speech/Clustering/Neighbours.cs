using System.Numerics;
using System.Runtime.InteropServices;

namespace VoxMake.Speech.Clustering;

/// <summary>The nearest points of each point, exactly: by tiles of approximate distances, whose candidates are then measured in float64.</summary>
public static class Neighbours
{
    /// <summary>The <paramref name="count"/> nearest of <paramref name="columns"/> for each of <paramref name="rows"/>, nearest first (equal distances: smaller index first); all, where there are
    /// fewer.</summary>
    /// <returns><c>[rows][count]</c>. Where both are the same object, a point is not its own neighbour.</returns>
    public static (int Index, double Distance)[][] Of(Points rows, Points columns, int count, int threads, CancellationToken cancel = default) =>
        Lists(rows, columns, count, threads, cancel).Near;

    /// <summary>The lists, and for each row a distance below which there is nobody who is not listed.</summary>
    internal static ((int Index, double Distance)[][] Near, double[] Radius) Lists(Points rows, Points columns, int count, int threads, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var near = new (int, double)[rows.Count][];
        var radius = new double[rows.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancel };
        using var tiles = columns.Count > count + count / 2 + 8 ? DistanceTiles.Of(rows, columns) : null;
        if (tiles is null)
        {
            Parallel.For(0, rows.Count, parallel, row => near[row] = Exact(rows, columns, row, count, out radius[row]));
            return (near, radius);
        }

        var kept = new Candidates[Math.Min(DistanceTiles.TileRows, rows.Count)];
        for (var i = 0; i < kept.Length; i++) kept[i] = new Candidates(count + count / 2 + 8);
        for (var start = 0; start < rows.Count; start += DistanceTiles.TileRows)
        {
            var (first, height) = (start, Math.Min(DistanceTiles.TileRows, rows.Count - start));
            for (var i = 0; i < height; i++) kept[i].Clear();
            for (var from = 0; from < columns.Count; from += DistanceTiles.TileColumns)
            {
                var (column, width) = (from, Math.Min(DistanceTiles.TileColumns, columns.Count - from));
                tiles.Make(first, height, column, width);
                Parallel.For(0, height, parallel, i => kept[i].Look(tiles.Dots(i), tiles.ColumnSquares.AsSpan(column, width), column, ReferenceEquals(rows, columns) ? first + i : -1));
            }
            Parallel.For(0, height, parallel, i =>
            {
                var row = first + i;
                near[row] = Measured(rows, columns, row, count, kept[i], tiles, out radius[row]) ?? Exact(rows, columns, row, count, out radius[row]);
            });
        }
        return (near, radius);
    }

    /// <summary>The nearest of the candidates, or null where the bounds cannot tell whether others are as near.</summary>
    private static (int, double)[]? Measured(Points rows, Points columns, int row, int count, Candidates candidates, DistanceTiles tiles, out double radius)
    {
        var (indices, beyond) = candidates.Finish();
        var found = new (int Index, double Distance)[indices.Length];
        var own = rows.Row(row);
        for (var i = 0; i < found.Length; i++) found[i] = (indices[i], Math.Sqrt(Points.SquaredDistance(own, columns.Row(indices[i]))));
        Sort(found);
        // Whoever is no candidate is at least this far away; the factor is for the rounding of float64 distances.
        radius = Math.Sqrt(Math.Max(0, (double)beyond + tiles.RowSquares[row] - tiles.Error)) * (1 - 1e-12);
        if (!(found[Math.Min(count, found.Length) - 1].Distance < radius)) return null;
        if (found.Length <= count) return found;
        radius = Math.Min(radius, found[count].Distance);
        return found[..count];
    }

    private static (int, double)[] Exact(Points rows, Points columns, int row, int count, out double radius)
    {
        var self = ReferenceEquals(rows, columns) ? row : -1;
        var all = new (int Index, double Distance)[columns.Count - (self >= 0 ? 1 : 0)];
        for (int column = 0, at = 0; column < columns.Count; column++)
            if (column != self) all[at++] = (column, Math.Sqrt(Points.SquaredDistance(rows.Row(row), columns.Row(column))));
        Sort(all);
        radius = all.Length > count ? all[count].Distance : double.PositiveInfinity;
        return all.Length > count ? all[..count] : all;
    }

    private static void Sort((int Index, double Distance)[] found) =>
        Array.Sort(found, static (a, b) => a.Distance.CompareTo(b.Distance) is not 0 and var order ? order : a.Index.CompareTo(b.Index));

    /// <summary>The columns that may be the nearest of one row, by <c>|column|² − 2·dot</c>.</summary>
    private sealed class Candidates(int keep)
    {
        private readonly float[] _values = new float[2 * keep + 64];
        private readonly int[] _indices = new int[2 * keep + 64];
        private int _count;
        private float _limit;

        public void Clear() => (_count, _limit) = (0, float.PositiveInfinity);

        public void Look(ReadOnlySpan<float> dots, ReadOnlySpan<float> squares, int offset, int self)
        {
            var d = MemoryMarshal.Cast<float, Vector<float>>(dots);
            var s = MemoryMarshal.Cast<float, Vector<float>>(squares);
            for (var i = 0; i < d.Length; i++)
            {
                var values = s[i] - (d[i] + d[i]);
                if (!Vector.LessThanAny(values, new Vector<float>(_limit))) continue;
                for (var lane = 0; lane < Vector<float>.Count; lane++) Take(values[lane], offset + i * Vector<float>.Count + lane, self);
            }
            for (var i = d.Length * Vector<float>.Count; i < dots.Length; i++) Take(squares[i] - (dots[i] + dots[i]), offset + i, self);
        }

        private void Take(float value, int index, int self)
        {
            if (!(value < _limit) || index == self) return;
            (_values[_count], _indices[_count]) = (value, index);
            if (++_count == _values.Length) Thin();
        }

        private void Thin()
        {
            Smallest.ToFront(_values.AsSpan(0, _count), _indices.AsSpan(0, _count), keep);
            (_count, _limit) = (keep, _values[keep - 1]);
        }

        /// <summary>The candidates, and the least value of all others; infinity where there are none.</summary>
        public (int[] Indices, float Beyond) Finish()
        {
            if (_count > keep) Thin();
            return (_indices[.._count], _limit);
        }
    }
}
