namespace VoxMake.Graph.Storage;

/// <summary>Places by key, in memory, without an object for each: one array, at most three quarters full.</summary>
internal sealed class PlaceTable
{
    private RecordPlace[] _slots = new RecordPlace[64];

    /// <summary>How many keys it knows.</summary>
    public int Count { get; private set; }

    /// <summary>Puts a place in, in place of an earlier one of its key, which is handed back.</summary>
    public RecordPlace Put(RecordPlace place)
    {
        if (Count >= _slots.Length / 4 * 3) Grow();
        ref var slot = ref _slots[SlotOf(place)];
        var before = slot;
        if (before.IsNone) Count++;
        slot = place;
        return before;
    }

    /// <summary>The place of a key, or none.</summary>
    public RecordPlace Find(RecordPlace key) => _slots[SlotOf(key)];

    /// <summary>All places, in the order of their keys.</summary>
    public RecordPlace[] Sorted()
    {
        var places = new RecordPlace[Count];
        var count = 0;
        foreach (var place in _slots)
            if (!place.IsNone) places[count++] = place;
        Array.Sort(places);
        return places;
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new RecordPlace[old.Length + old.Length / 2];
        foreach (var place in old)
            if (!place.IsNone) _slots[SlotOf(place)] = place;
    }

    /// <summary>Where a key is, or would be.</summary>
    private long SlotOf(RecordPlace key)
    {
        var slot = key.Home(_slots.Length);
        while (!_slots[slot].IsNone && !_slots[slot].IsOf(key)) slot = slot + 1 == _slots.Length ? 0 : slot + 1;
        return slot;
    }
}
