using VoxMake.Yaml;

namespace VoxMake.Config.Reading;

/// <summary>Maps of several files made one.</summary>
internal static class Merging
{
    /// <summary>The same without some keys.</summary>
    public static MapNode Without(this MapNode map, Func<Entry, bool> dropped)
    {
        var rest = new MapNode(map.Place);
        foreach (var entry in map.Entries)
            if (!dropped(entry)) rest.Add(entry);
        return rest;
    }

    /// <summary>
    /// This map on top of what it extends: maps are merged key by key, anything else replaces. A key with nothing behind it says nothing about a map
    /// below; an explicit null replaces it.
    /// </summary>
    public static MapNode Over(this MapNode above, MapNode below)
    {
        var merged = new MapNode(above.Place);
        foreach (var entry in below.Entries) merged.Add(entry);
        foreach (var entry in above.Entries)
            merged.Set((entry.Value, merged.Find(entry.Name)?.Value) switch
            {
                (MapNode mine, MapNode theirs) => entry with { Value = mine.Over(theirs) },
                (ScalarNode { IsEmpty: true }, MapNode theirs) => entry with { Value = theirs },
                _ => entry,
            });
        return merged;
    }
}
