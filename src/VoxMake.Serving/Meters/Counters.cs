using System.Collections.Concurrent;

namespace VoxMake.Serving.Meters;

/// <summary>A number that only rises; by any thread.</summary>
public sealed class Counter
{
    private long _value;

    public long Value => Volatile.Read(ref _value);

    public void Add(long count) => Interlocked.Add(ref _value, count);
}

/// <summary>A counter for each set of labels, such as <c>finished_reason="stop"</c>. Labels must come from a small set that the server knows, never from a request.</summary>
public sealed class LabelledCounter
{
    private readonly ConcurrentDictionary<string, Counter> _counters = new(StringComparer.Ordinal);

    public Counter this[string labels] => _counters.GetOrAdd(labels, _ => new Counter());

    /// <summary>In the order of the labels.</summary>
    public IEnumerable<(string Labels, long Value)> Values => _counters.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Value.Value));
}

/// <summary>How often a value fell below each of some bounds, as Prometheus counts; by any thread.</summary>
/// <param name="bounds">Rising.</param>
public sealed class Histogram(IReadOnlyList<double> bounds)
{
    private readonly long[] _counts = new long[bounds.Count + 1];
    private readonly Lock _gate = new();
    private double _sum;

    public void Add(double value)
    {
        var at = 0;
        while (at < bounds.Count && value > bounds[at]) at++;
        lock (_gate)
        {
            _counts[at]++;
            _sum += value;
        }
    }

    /// <summary>For each bound, the last of them +∞, how many values were at most so large; and the sum of all.</summary>
    public (IReadOnlyList<(double Bound, long Count)> Buckets, double Sum) Read()
    {
        lock (_gate)
        {
            var total = 0L;
            return ([.. _counts.Select((count, at) => (at < bounds.Count ? bounds[at] : double.PositiveInfinity, total += count))], _sum);
        }
    }
}
