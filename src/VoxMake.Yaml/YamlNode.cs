namespace VoxMake.Yaml;

/// <summary>A value of a YAML text, and where it begins.</summary>
public abstract class YamlNode(Place place)
{
    /// <summary>Where it begins.</summary>
    public Place Place { get; } = place;
}

/// <summary>A value that was refused already (a tag, an alias); whoever meets it says nothing more.</summary>
public sealed class RefusedNode(Place place) : YamlNode(place);

/// <summary>A text as it was written, without its quotes.</summary>
public sealed class ScalarNode(Place place, string text, bool isPlain) : YamlNode(place)
{
    /// <summary>The text, without its quotes.</summary>
    public string Text { get; } = text;

    /// <summary>Without quotes and on no block of its own: then <c>5</c> is a number and <c>true</c> a flag.</summary>
    public bool IsPlain { get; } = isPlain;

    /// <summary>Nothing at all behind the colon.</summary>
    public bool IsEmpty => IsPlain && Text.Length == 0;

    /// <summary>What the text stands for: null, a bool, a long, a double or a string.</summary>
    public object? Value => IsPlain ? CoreSchema.Resolve(Text) : Text;
}

/// <summary>A list.</summary>
public sealed class ListNode(Place place) : YamlNode(place)
{
    /// <summary>Its values, in the order of the file.</summary>
    public List<YamlNode> Items { get; } = [];
}

/// <summary>A key and its value.</summary>
public sealed record Entry(ScalarNode Key, YamlNode Value)
{
    /// <summary>The key's text.</summary>
    public string Name => Key.Text;

    /// <summary>Where the key is.</summary>
    public Place KeyPlace => Key.Place;

    /// <summary>Where the value is; a section and a value that is left empty are where their key is.</summary>
    public Place Place => Value is MapNode or ScalarNode { IsEmpty: true } ? KeyPlace : Value.Place;
}

/// <summary>Keys and values, each key once, in the order of the file.</summary>
public sealed class MapNode(Place place) : YamlNode(place)
{
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>The entry of a key; null where there is none.</summary>
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
}
