using System.Security.Cryptography;
using System.Text;

namespace VoxMake.Report.Rows;

/// <summary>
/// A sample of a stream that does not depend on the stream's order: the things whose ids have the smallest digests. What is picked from it is spread evenly over the ids.
/// </summary>
internal sealed class SpreadSample<T>(int capacity)
{
    private readonly PriorityQueue<(string Id, T Thing), (ulong Digest, string Id)> _queue = new(Comparer<(ulong, string)>.Create(
        static (a, b) => a.Item1 != b.Item1 ? b.Item1.CompareTo(a.Item1) : string.CompareOrdinal(b.Item2, a.Item2)));

    /// <summary>How many were offered.</summary>
    public long Seen { get; private set; }

    /// <summary>Offers one; the thing is only made if it is taken for the time being.</summary>
    public void Offer(string id, Func<T> thing)
    {
        Seen++;
        if (capacity == 0) return;
        var priority = (DigestOf(id), id);
        if (_queue.Count >= capacity)
        {
            _queue.TryPeek(out _, out var worst);
            if (_queue.Comparer.Compare(priority, worst) <= 0) return;
            _queue.Dequeue();
        }
        _queue.Enqueue((id, thing()), priority);
    }

    /// <summary>All that is held, by id.</summary>
    public IReadOnlyList<T> All => [.. _queue.UnorderedItems.OrderBy(item => item.Element.Id, StringComparer.Ordinal).Select(item => item.Element.Thing)];

    private static ulong DigestOf(string id)
    {
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), digest);
        return BitConverter.ToUInt64(digest);
    }
}

/// <summary>Picking a few of many.</summary>
internal static class Spread
{
    /// <summary><paramref name="count"/> things, spread evenly over the list from its first to its last.</summary>
    public static IEnumerable<T> Evenly<T>(IReadOnlyList<T> list, int count)
    {
        if (count >= list.Count) return list;
        return count <= 1 ? list.Take(count) : Enumerable.Range(0, count).Select(i => list[(int)((long)i * (list.Count - 1) / (count - 1))]);
    }
}
