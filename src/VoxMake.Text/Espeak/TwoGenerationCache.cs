namespace VoxMake.Text.Espeak;

/// <summary>
/// Remembers what was asked for lately: at least the last <paramref name="capacity"/> different keys, at most twice as many. When the young half is full it becomes the old one, and what was old and
/// not asked for since is forgotten. Safe under threads.
/// </summary>
internal sealed class TwoGenerationCache<TKey, TValue>(int capacity) where TKey : notnull
{
    private readonly Lock _gate = new();
    private Dictionary<TKey, TValue> _young = [], _old = [];

    public int Count { get { lock (_gate) return _young.Count + _old.Count; } }

    public bool TryGet(TKey key, out TValue value)
    {
        lock (_gate)
        {
            if (_young.TryGetValue(key, out value!)) return true;
            if (!_old.Remove(key, out value!)) return false;
            AddYoung(key, value);
            return true;
        }
    }

    public void Add(TKey key, TValue value)
    {
        lock (_gate) AddYoung(key, value);
    }

    private void AddYoung(TKey key, TValue value)
    {
        if (_young.Count >= capacity) (_old, _young) = (_young, []);
        _young[key] = value;
    }
}
