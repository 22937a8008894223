namespace VoxMake.Speech.Clustering;

/// <summary>A symmetric matrix over pairs of points with zeros on its diagonal, such as distances; half of it is kept.</summary>
public sealed class PairMatrix
{
    private readonly double[] _values;

    private PairMatrix(int count)
    {
        Count = count;
        _values = new double[(long)count * (count - 1) / 2 + 1];
    }

    /// <summary>Points.</summary>
    public int Count { get; }

    /// <summary>The value of a pair; 0 for a point with itself.</summary>
    public double this[int a, int b] => a == b ? 0 : _values[Place(a, b)];

    /// <summary>1 − cosine of points on the unit sphere, 0 to 2.</summary>
    public static PairMatrix Cosine(Points unit, int threads = 1)
    {
        var matrix = new PairMatrix(unit.Count);
        Parallel.For(0, unit.Count, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads) }, i =>
        {
            for (var j = 0; j < i; j++) matrix._values[Place(i, j)] = Points.SquaredDistance(unit.Row(i), unit.Row(j)) / 2;
        });
        return matrix;
    }

    /// <summary>The pairs among some of the points, in their order.</summary>
    public PairMatrix Select(IReadOnlyList<int> indices)
    {
        var matrix = new PairMatrix(indices.Count);
        for (var i = 0; i < indices.Count; i++)
            for (var j = 0; j < i; j++) matrix._values[Place(i, j)] = this[indices[i], indices[j]];
        return matrix;
    }

    private static long Place(int a, int b) => a > b ? (long)a * (a - 1) / 2 + b : (long)b * (b - 1) / 2 + a;
}
