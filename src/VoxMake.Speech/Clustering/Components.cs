namespace VoxMake.Speech.Clustering;

/// <summary>Which points hang together: a forest with paths halved and joined by size (Tarjan 1975).</summary>
internal sealed class Components
{
    private readonly int[] _parent;
    private readonly int[] _size;

    public Components(int count)
    {
        _parent = [.. Enumerable.Range(0, count)];
        _size = new int[count];
        Array.Fill(_size, 1);
        Count = count;
    }

    /// <summary>How many there are now.</summary>
    public int Count { get; private set; }

    /// <summary>The point that stands for the component of a point.</summary>
    public int Of(int point)
    {
        while (_parent[point] != point) point = _parent[point] = _parent[_parent[point]];
        return point;
    }

    /// <summary>Joins two; false where they hung together before.</summary>
    public bool Join(int a, int b)
    {
        (a, b) = (Of(a), Of(b));
        if (a == b) return false;
        if (_size[a] < _size[b]) (a, b) = (b, a);
        _parent[b] = a;
        _size[a] += _size[b];
        Count--;
        return true;
    }

    /// <summary>Components numbered from 0, in the order of their first points; for each point its number.</summary>
    public int[] Numbers()
    {
        var number = new Dictionary<int, int>();
        var numbers = new int[_parent.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            var root = Of(i);
            if (!number.TryGetValue(root, out numbers[i])) number.Add(root, numbers[i] = number.Count);
        }
        return numbers;
    }
}
