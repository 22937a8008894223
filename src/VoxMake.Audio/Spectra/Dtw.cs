using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoxMake.Audio;

/// <summary>How far two frames are apart.</summary>
public enum DtwMetric
{
    /// <summary>√Σ(x - y)².</summary>
    Euclidean,

    /// <summary>1 - x·y / (|x|·|y|).</summary>
    Cosine,

    /// <summary>Σ|x - y| / width.</summary>
    MeanAbsolute,
}

/// <summary>What an alignment may do.</summary>
/// <param name="Metric">How far two frames are apart.</param>
/// <param name="Subsequence">The shorter one may begin and end anywhere in the longer one (Müller, Fundamentals of Music Processing, section 7.2).</param>
/// <param name="Band">Sakoe-Chiba band: radius as a share of the shorter length, above 0 to 1; null for none.</param>
public sealed record DtwSettings(DtwMetric Metric = DtwMetric.Euclidean, bool Subsequence = false, double? Band = null);

/// <summary>Two sequences aligned.</summary>
/// <param name="Cost">The distances along the path, added up.</param>
/// <param name="Path">Pairs of frames from the start to the end; every step moves on by one frame in x, in y or in both.</param>
public sealed record DtwAlignment(double Cost, IReadOnlyList<(int X, int Y)> Path);

/// <summary>
/// Dynamic time warping (Sakoe and Chiba 1978) with steps (1,1), (0,1) and (1,0) of equal weight, as <c>librosa.sequence.dtw</c>; of steps that cost the same the
/// first in this order is taken. In float64.
/// </summary>
public static class Dtw
{
    private const byte Diagonal = 0, AlongColumns = 1, AlongRows = 2;

    /// <summary>Aligns two sequences of frames; takes frames of x times frames of y bytes.</summary>
    /// <param name="x">[frames, width].</param>
    /// <param name="y">[frames, width], of the same width.</param>
    /// <param name="settings">Metric and constraints; null for Euclidean without constraints.</param>
    /// <exception cref="ArgumentException">
    /// An empty sequence, different widths, a distance that is no number (values that are not finite, cosine of zeros), sequences too long to be held, or no path within the band.
    /// </exception>
    public static DtwAlignment Align(FrameTable x, FrameTable y, DtwSettings? settings = null)
    {
        settings ??= new DtwSettings();
        if (x.Width != y.Width) throw new ArgumentException($"frames of {x.Width} numbers cannot be aligned with frames of {y.Width}");
        if (x.Frames == 0 || y.Frames == 0) throw new ArgumentException("a sequence without frames cannot be aligned");
        if ((long)x.Frames * y.Frames > Array.MaxLength) throw new ArgumentException($"{x.Frames} by {y.Frames} frames are too many to align");
        if (settings.Band is { } band && !(band > 0 && band <= 1)) throw new ArgumentException($"the band's radius is {band}; it must be above 0 and at most 1");
        if (!settings.Subsequence || x.Frames <= y.Frames) return AlignRows(x, y, settings);
        var turned = AlignRows(y, x, settings); // the shorter one is looked for in the longer one
        return turned with { Path = [.. turned.Path.Select(step => (step.Y, step.X))] };
    }

    private static DtwAlignment AlignRows(FrameTable rows, FrameTable columns, DtwSettings settings)
    {
        var (lowest, highest) = Diagonals(rows.Frames, columns.Frames, settings.Band);
        var (rowNorms, columnNorms) = settings.Metric == DtwMetric.Cosine ? (Norms(rows), Norms(columns)) : ([], []);
        var steps = new byte[rows.Frames * columns.Frames];
        var (above, costs) = (new double[columns.Frames], new double[columns.Frames]);
        for (var n = 0; n < rows.Frames; n++)
        {
            (above, costs) = (costs, above);
            for (var m = 0; m < columns.Frames; m++)
            {
                var (best, step) = (double.PositiveInfinity, Diagonal);
                if (m - n >= lowest && m - n <= highest)
                {
                    var distance = settings.Metric switch
                    {
                        DtwMetric.Cosine => 1 - Math.Clamp(Dot(rows[n], columns[m]) / (rowNorms[n] * columnNorms[m]), -1, 1),
                        DtwMetric.MeanAbsolute => MeanAbsolute(rows[n], columns[m]),
                        _ => Euclidean(rows[n], columns[m]),
                    };
                    if (double.IsNaN(distance)) throw new ArgumentException($"frames {n} and {m} have no distance: all numbers must be finite, and for cosine not all 0");
                    if (n == 0 && (m == 0 || settings.Subsequence)) best = distance;
                    if (n > 0 && m > 0 && above[m - 1] + distance < best) (best, step) = (above[m - 1] + distance, Diagonal);
                    if (m > 0 && costs[m - 1] + distance < best) (best, step) = (costs[m - 1] + distance, AlongColumns);
                    if (n > 0 && above[m] + distance < best) (best, step) = (above[m] + distance, AlongRows);
                }
                costs[m] = best;
                steps[n * columns.Frames + m] = step;
            }
        }
        var end = settings.Subsequence ? Array.IndexOf(costs, costs.Min()) : columns.Frames - 1;
        if (double.IsInfinity(costs[end])) throw new ArgumentException("no path lies within the band, or a distance is infinite");
        return new DtwAlignment(costs[end], Path(steps, rows.Frames - 1, end, columns.Frames, settings.Subsequence));
    }

    private static (int, int)[] Path(byte[] steps, int n, int m, int columns, bool subsequence)
    {
        var path = new List<(int, int)> { (n, m) };
        while (n > 0 || m > 0 && !subsequence)
        {
            var step = steps[n * columns + m];
            if (step != AlongColumns) n--;
            if (step != AlongRows) m--;
            path.Add((n, m));
        }
        path.Reverse();
        return [.. path];
    }

    /// <summary>The smallest and largest column - row inside the band, as <c>librosa.util.fill_off_diagonal</c> leaves it.</summary>
    private static (int Lowest, int Highest) Diagonals(int rows, int columns, double? band)
    {
        if (band is not { } share) return (-rows, columns);
        var radius = (int)Math.Round(share * Math.Min(rows, columns), MidpointRounding.ToEven);
        return rows < columns ? (1 - radius, radius + columns - rows - 1) : (1 - radius - (rows - columns), radius - 1);
    }

    private static double Euclidean(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return Math.Sqrt(sum);
    }

    /// <summary>Eight sums side by side, the same ones on every machine: most of the time of an alignment is spent here.</summary>
    private static double MeanAbsolute(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var blocksA = MemoryMarshal.Cast<double, Vector256<double>>(a);
        var blocksB = MemoryMarshal.Cast<double, Vector256<double>>(b);
        var (even, odd) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var block = 0;
        for (; block + 1 < blocksA.Length; block += 2)
        {
            even += Vector256.Abs(blocksA[block] - blocksB[block]);
            odd += Vector256.Abs(blocksA[block + 1] - blocksB[block + 1]);
        }
        if (block < blocksA.Length) even += Vector256.Abs(blocksA[block] - blocksB[block]);
        var sum = Vector256.Sum(even + odd);
        for (var i = blocksA.Length * Vector256<double>.Count; i < a.Length; i++) sum += Math.Abs(a[i] - b[i]);
        return sum / a.Length;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static double[] Norms(FrameTable table) => [.. Enumerable.Range(0, table.Frames).Select(frame => Math.Sqrt(Dot(table[frame], table[frame])))];
}
