namespace VoxMake.Speech.Clustering;

/// <summary>Points as people see them on a plane: the two directions in which they differ most (principal components, Pearson 1901), through their mean.</summary>
public static class PlanarView
{
    private const int MostRounds = 500;

    /// <summary><c>[count]</c> coordinates. A direction's sign is such that its largest number is positive; a direction in which nothing differs gives zeros.</summary>
    public static (double X, double Y)[] Of(Points points)
    {
        if (points.Count == 0) return [];
        var mean = points.Mean(Enumerable.Range(0, points.Count));
        var covariance = Covariance(points, mean);
        var first = Leading(covariance, points.Width, []);
        var second = Leading(covariance, points.Width, [first]);
        var places = new (double, double)[points.Count];
        for (var i = 0; i < places.Length; i++)
        {
            var row = points.Row(i);
            double x = 0, y = 0;
            for (var d = 0; d < row.Length; d++)
            {
                x += (row[d] - mean[d]) * first[d];
                y += (row[d] - mean[d]) * second[d];
            }
            places[i] = (x, y);
        }
        return places;
    }

    private static double[] Covariance(Points points, double[] mean)
    {
        var width = points.Width;
        var covariance = new double[width * width];
        var off = new double[width];
        for (var i = 0; i < points.Count; i++)
        {
            var row = points.Row(i);
            for (var d = 0; d < width; d++) off[d] = row[d] - mean[d];
            for (var d = 0; d < width; d++)
                for (var e = 0; e < width; e++) covariance[d * width + e] += off[d] * off[e] / points.Count;
        }
        return covariance;
    }

    /// <summary>The leading eigenvector by the power method (Golub and Van Loan, section 7.3), at right angles to those that are known; zeros where nothing is left.</summary>
    private static double[] Leading(double[] matrix, int width, IReadOnlyList<double[]> known)
    {
        var vector = new double[width];
        for (var d = 0; d < width; d++) vector[d] = 1 + d % 7 / 7.0; // any direction will do; this one is at right angles to no likely one
        for (var round = 0; round < MostRounds; round++)
        {
            var next = new double[width];
            for (var d = 0; d < width; d++) next[d] = Points.Dot(matrix.AsSpan(d * width, width), vector);
            foreach (var other in known)
            {
                var along = Points.Dot(next, other);
                for (var d = 0; d < width; d++) next[d] -= along * other[d];
            }
            var length = Math.Sqrt(Points.Dot(next, next));
            if (!(length > 1e-14)) return new double[width];
            for (var d = 0; d < width; d++) next[d] /= length;
            var moved = Points.SquaredDistance(next, vector);
            vector = next;
            if (moved < 1e-20) break;
        }
        var largest = vector.MaxBy(Math.Abs);
        return largest < 0 ? [.. vector.Select(value => -value)] : vector;
    }
}
