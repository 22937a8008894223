using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoxMake.Speech.Clustering;

/// <summary>Points to be clustered, <c>[count, width]</c> in float64, row by row. All results here are those of float64 distances between them.</summary>
public sealed class Points
{
    private readonly double[] _values;

    /// <param name="values"><c>[count, width]</c>, finite.</param>
    /// <exception cref="ArgumentException">The sizes do not fit, or a value is NaN or infinite.</exception>
    public Points(double[] values, int count, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (values.LongLength != (long)count * width) throw new ArgumentException($"{values.LongLength} values are not {count} points of {width}");
        var bad = Array.FindIndex(values, value => !double.IsFinite(value));
        if (bad >= 0) throw new ArgumentException($"point {bad / width} holds {values[bad]} at place {bad % width}; every value has to be finite");
        (_values, Count, Width) = (values, count, width);
    }

    /// <summary>Embeddings as points on the unit sphere, where Euclidean distance and cosine say the same: |a − b|² = 2 − 2·cos.</summary>
    /// <param name="embeddings"><c>[count, width]</c>.</param>
    /// <exception cref="ArgumentException">An embedding is zero, or holds NaN or infinity.</exception>
    public static Points Unit(ReadOnlySpan<float> embeddings, int count, int width)
    {
        if (embeddings.Length != (long)count * width) throw new ArgumentException($"{embeddings.Length} values are not {count} embeddings of {width}");
        var values = new double[embeddings.Length];
        for (var row = 0; row < count; row++)
        {
            double square = 0;
            for (var i = row * width; i < (row + 1) * width; i++) square += (double)embeddings[i] * embeddings[i];
            if (!(square > 0) || !double.IsFinite(square)) throw new ArgumentException($"embedding {row} has no direction: its length is {Math.Sqrt(square)}");
            var length = Math.Sqrt(square);
            for (var i = row * width; i < (row + 1) * width; i++) values[i] = embeddings[i] / length;
        }
        return new Points(values, count, width);
    }

    /// <summary>How many.</summary>
    public int Count { get; }

    /// <summary>Numbers of each.</summary>
    public int Width { get; }

    /// <summary>One point.</summary>
    public ReadOnlySpan<double> Row(int index) => _values.AsSpan(index * Width, Width);

    /// <summary>Some of the points, in the order of <paramref name="indices"/>.</summary>
    public Points Select(IReadOnlyList<int> indices)
    {
        var values = new double[(long)indices.Count * Width];
        for (var i = 0; i < indices.Count; i++) Row(indices[i]).CopyTo(values.AsSpan(i * Width, Width));
        return new Points(values, indices.Count, Width);
    }

    /// <summary>The mean of some of the points, <c>[width]</c>.</summary>
    public double[] Mean(IEnumerable<int> indices)
    {
        var mean = new double[Width];
        var count = 0;
        foreach (var index in indices)
        {
            var row = Row(index);
            for (var i = 0; i < mean.Length; i++) mean[i] += row[i];
            count++;
        }
        for (var i = 0; i < mean.Length; i++) mean[i] /= Math.Max(1, count);
        return mean;
    }

    /// <summary>Euclidean distance of two points.</summary>
    public double Distance(int a, int b) => Math.Sqrt(SquaredDistance(Row(a), Row(b)));

    /// <summary>For each point the first one whose numbers are the same: itself, where there is none before it.</summary>
    public int[] FirstTwins()
    {
        var first = new int[Count];
        var buckets = new Dictionary<int, List<int>>();
        for (var i = 0; i < Count; i++)
        {
            var hash = new HashCode();
            foreach (var value in Row(i)) hash.Add(value);
            ref var bucket = ref CollectionsMarshal.GetValueRefOrAddDefault(buckets, hash.ToHashCode(), out _);
            bucket ??= [];
            var twin = -1;
            foreach (var other in bucket)
                if (Row(other).SequenceEqual(Row(i)))
                {
                    twin = other;
                    break;
                }
            first[i] = twin < 0 ? i : twin;
            if (twin < 0) bucket.Add(i);
        }
        return first;
    }

    /// <summary>The product of two points, summed from the first number on.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>The square of the Euclidean distance. The order of the sum is fixed (eight running sums, then pairs of them), so that every machine gets the same bits.</summary>
    public static double SquaredDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (a.Length != b.Length) throw new ArgumentException($"points of {a.Length} and {b.Length} numbers have no distance");
        ref var first = ref MemoryMarshal.GetReference(a);
        ref var second = ref MemoryMarshal.GetReference(b);
        var (even, odd) = (Vector256<double>.Zero, Vector256<double>.Zero);
        nuint at = 0;
        for (; at + 8 <= (nuint)a.Length; at += 8)
        {
            var low = Vector256.LoadUnsafe(ref first, at) - Vector256.LoadUnsafe(ref second, at);
            var high = Vector256.LoadUnsafe(ref first, at + 4) - Vector256.LoadUnsafe(ref second, at + 4);
            even += low * low;
            odd += high * high;
        }
        var sums = even + odd;
        var sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
        for (var i = (int)at; i < a.Length; i++)
        {
            var difference = a[i] - b[i];
            sum += difference * difference;
        }
        return sum;
    }
}
