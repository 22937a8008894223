using System.Runtime.InteropServices;
using VoxMake.Torch;
using VoxMake.Torch.Native;

namespace VoxMake.Speech.Clustering;

/// <summary>
/// Squared distances between many points in single precision, a tile of the matrix at a time, by products of libtorch: |a − b|² = |a|² + |b|² − 2·a·b. They are bounds, not results: the exact square
/// lies within <see cref="Error"/> of them, so that only what such bounds cannot decide has to be computed in float64. The whole matrix is never in memory.
/// </summary>
internal sealed unsafe class DistanceTiles : IDisposable
{
    /// <summary>Rows and columns of a tile: 4 MB, which stays in the caches between being made and being read.</summary>
    public const int TileRows = 256, TileColumns = 4096;

    private readonly float* _rows;
    private readonly float* _columns;
    private readonly float* _dots;
    private readonly int _width;
    private int _tileColumns;

    private DistanceTiles(Points rows, Points columns, ReadOnlySpan<double> centre, ReadOnlySpan<int> order)
    {
        _width = columns.Width;
        _columns = Allocate((long)columns.Count * _width);
        _rows = ReferenceEquals(rows, columns) ? _columns : Allocate((long)rows.Count * _width);
        _dots = Allocate(TileRows * TileColumns);
        ColumnSquares = new float[columns.Count];
        Centred(columns, centre, order, _columns, ColumnSquares);
        RowSquares = ReferenceEquals(rows, columns) ? ColumnSquares : new float[rows.Count];
        if (_rows != _columns) Centred(rows, centre, default, _rows, RowSquares);
    }

    /// <summary>|row|² of the centred rows.</summary>
    public float[] RowSquares { get; }

    /// <summary>|column|² of the centred columns.</summary>
    public float[] ColumnSquares { get; }

    /// <summary>The most by which <c>RowSquares + ColumnSquares − 2·dot</c>, in whatever order it is summed, can be off the exact squared distance.</summary>
    public double Error { get; private set; }

    /// <summary>Whether there is a libtorch to do the products.</summary>
    public static bool CanDo => HasTorch.Value;

    private static readonly Lazy<bool> HasTorch = new(() =>
    {
        try { return Libtorch.Version.Length > 0; }
        catch (TorchException) { return false; }
    });

    /// <summary>Ready to make tiles; null where single precision cannot hold these numbers.</summary>
    /// <param name="order">Where rows and columns are the same points: their order.</param>
    public static DistanceTiles? Of(Points rows, Points columns, ReadOnlySpan<int> order = default)
    {
        if (!CanDo || columns.Count == 0) return null;
        var centre = columns.Mean(Enumerable.Range(0, columns.Count));
        var largest = Math.Max(Largest(rows, centre), ReferenceEquals(rows, columns) ? 0 : Largest(columns, centre));
        if (!Holds(largest)) return null;
        const double unit = 1.0 / (1 << 24);
        // Rounding of the numbers themselves 8 u R², of the products γ(w + 1) ≤ (w + 2) u R² twice, of the squares and the two sums 10 u R² (Higham 2002, section 3.1); the rest is slack.
        return new DistanceTiles(rows, columns, centre, order) { Error = (2.0 * columns.Width + 40) * unit * largest };
    }

    /// <summary>Whether single precision can hold these points, and there is a libtorch.</summary>
    public static bool Fit(Points points) => CanDo && points.Count > 0 && Holds(Largest(points, points.Mean(Enumerable.Range(0, points.Count))));

    private static bool Holds(double largest) => largest is > 1e-20 and < 1e20;

    private static double Largest(Points points, ReadOnlySpan<double> centre)
    {
        double largest = 0;
        for (var i = 0; i < points.Count; i++) largest = Math.Max(largest, Points.SquaredDistance(points.Row(i), centre));
        return largest;
    }

    /// <summary>Makes the dot products of a tile.</summary>
    public void Make(int row, int rows, int column, int columns)
    {
        if (rows > TileRows || columns > TileColumns) throw new ArgumentException($"a tile of {rows} × {columns} is too large");
        _tileColumns = columns;
        using var noGrad = Libtorch.NoGrad();
        using var scope = new TensorScope();
        var left = Tensor.Over(_rows + (long)row * _width, ScalarType.Float, [rows, _width], () => { });
        var right = Tensor.Over(_columns + (long)column * _width, ScalarType.Float, [columns, _width], () => { });
        Tensor.Over(_dots, ScalarType.Float, [rows, columns], () => { }).addmm_(left, right.transpose(0, 1), 0);
    }

    /// <summary>The dot products of a row of the present tile, counted within the tile.</summary>
    public ReadOnlySpan<float> Dots(int row) => new(_dots + (long)row * _tileColumns, _tileColumns);

    private static void Centred(Points points, ReadOnlySpan<double> centre, ReadOnlySpan<int> order, float* target, float[] squares)
    {
        for (var i = 0; i < points.Count; i++)
        {
            var row = points.Row(order.IsEmpty ? i : order[i]);
            double square = 0;
            for (var d = 0; d < row.Length; d++)
            {
                var value = (float)(row[d] - centre[d]);
                *target++ = value;
                square += (double)value * value;
            }
            squares[i] = (float)square;
        }
    }

    private static float* Allocate(long count) => (float*)NativeMemory.AlignedAlloc((nuint)Math.Max(1, count) * sizeof(float), 64);

    public void Dispose()
    {
        NativeMemory.AlignedFree(_dots);
        NativeMemory.AlignedFree(_columns);
        if (_rows != _columns) NativeMemory.AlignedFree(_rows);
    }
}
