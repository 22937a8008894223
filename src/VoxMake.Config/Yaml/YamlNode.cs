namespace VoxMake.Config.Yaml;

/// <summary>A value of a YAML text, and where it begins.</summary>
internal abstract class YamlNode(Place place)
{
    public Place Place { get; } = place;
}

/// <summary>A value that was refused already (a tag, an alias); whoever meets it says nothing more.</summary>
internal sealed class RefusedNode(Place place) : YamlNode(place);

/// <summary>A text as it was written, without its quotes.</summary>
internal sealed class ScalarNode(Place place, string text, bool isPlain) : YamlNode(place)
{
    public string Text { get; } = text;

    /// <summary>Without quotes and on no block of its own: then <c>5</c> is a number and <c>true</c> a flag.</summary>
    public bool IsPlain { get; } = isPlain;

    /// <summary>Nothing at all behind the colon.</summary>
    public bool IsEmpty => IsPlain && Text.Length == 0;

    /// <summary>What the text stands for: null, a bool, a long, a double or a string.</summary>
    public object? Value => IsPlain ? CoreSchema.Resolve(Text) : Text;
}

/// <summary>A list.</summary>
internal sealed class ListNode(Place place) : YamlNode(place)
{
    public List<YamlNode> Items { get; } = [];
}

/// <summary>A key and its value.</summary>
internal sealed record Entry(string Name, Place KeyPlace, YamlNode Value)
{
    /// <summary>Where the value is; a section and a value that is left empty are where their key is.</summary>
    public Place Place => Value is MapNode or ScalarNode { IsEmpty: true } ? KeyPlace : Value.Place;
}

/// <summary>Keys and values, each key once, in the order of the file.</summary>
internal sealed class MapNode(Place place) : YamlNode(place)
{
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);

    public IReadOnlyList<Entry> Entries => _entries;

    public Entry? Find(string name) => _index.TryGetValue(name, out var at) ? _entries[at] : null;

    /// <summary>Adds a key; false where there is one of this name.</summary>
    public bool Add(Entry entry)
    {
        if (!_index.TryAdd(entry.Name, _entries.Count)) return false;
        _entries.Add(entry);
        return true;
    }

    /// <summary>Adds a key or takes the place of the one of this name.</summary>
    public void Set(Entry entry)
    {
        if (_index.TryGetValue(entry.Name, out var at)) _entries[at] = entry;
        else Add(entry);
    }

    /// <summary>The same without some keys.</summary>
    public MapNode Without(Func<Entry, bool> dropped)
    {
        var rest = new MapNode(Place);
        foreach (var entry in _entries)
            if (!dropped(entry)) rest.Add(entry);
        return rest;
    }

    /// <summary>
    /// This map on top of what it extends: maps are merged key by key, anything else replaces. A key with nothing behind it says nothing about a map
    /// below; an explicit null replaces it.
    /// </summary>
    public MapNode Over(MapNode below)
    {
        var merged = new MapNode(Place);
        foreach (var entry in below._entries) merged.Add(entry);
        foreach (var entry in _entries)
            merged.Set((entry.Value, merged.Find(entry.Name)?.Value) switch
            {
                (MapNode mine, MapNode theirs) => entry with { Value = mine.Over(theirs) },
                (ScalarNode { IsEmpty: true }, MapNode theirs) => entry with { Value = theirs },
                _ => entry,
            });
        return merged;
    }
}
