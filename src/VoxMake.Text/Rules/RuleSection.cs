namespace VoxMake.Text.Rules;

/// <summary>Reads one map of a file of rules by its keys; keys that nobody asked for are errors.</summary>
internal sealed class RuleSection
{
    private readonly Dictionary<string, RuleEntry> _entries;
    private readonly List<string> _known = [];

    public RuleSection(RuleMap map, RuleErrors errors)
    {
        (Map, Errors) = (map, errors);
        _entries = map.Entries.ToDictionary(entry => entry.Key.Text, StringComparer.Ordinal);
    }

    public RuleMap Map { get; }

    public RuleErrors Errors { get; }

    /// <summary>The value of a key, or null.</summary>
    public RuleNode? Find(string key)
    {
        _known.Add(key);
        return _entries.GetValueOrDefault(key)?.Value;
    }

    public RuleSection? Section(string key) => Find(key) switch
    {
        null => null,
        RuleMap map => new(map, Errors),
        var other => Wrong<RuleSection>(other, $"expected keys below '{key}'"),
    };

    /// <summary>The maps of a list.</summary>
    public IEnumerable<RuleSection> Sections(string key)
    {
        foreach (var item in List(key))
            if (item is RuleMap map) yield return new(map, Errors);
            else Errors.Add(item, $"expected keys in braces, such as {{ written: …, spoken: … }}, in the list '{key}'");
    }

    public IReadOnlyList<RuleNode> List(string key) => Find(key) switch
    {
        null => [],
        RuleList list => list.Items,
        var other => Wrong<IReadOnlyList<RuleNode>>(other, $"expected a list behind '{key}', such as [a, b]") ?? [],
    };

    public IReadOnlyList<RuleText> Texts(string key) => [.. List(key).Select(item => AsText(item, key)).OfType<RuleText>()];

    public RuleText? Text(string key, bool required = false)
    {
        var found = Find(key);
        if (found is not null) return AsText(found, key);
        if (required) Errors.Add(Map, $"the key '{key}' is missing here");
        return null;
    }

    public bool Flag(string key)
    {
        if (Find(key) is not { } found) return false;
        if (found is RuleText { IsPlain: true, Text: "true" or "false" } text) return text.Text == "true";
        Errors.Add(found, $"expected true or false behind '{key}'");
        return false;
    }

    /// <summary>Keys and texts of a map whose keys are free.</summary>
    public IEnumerable<(RuleText Key, RuleText Value)> Pairs(string key)
    {
        switch (Find(key))
        {
            case null: break;
            case RuleMap map:
                foreach (var entry in map.Entries)
                    if (AsText(entry.Value, entry.Key.Text) is { } value) yield return (entry.Key, value);
                break;
            case var other: Errors.Add(other, $"expected keys and texts below '{key}'"); break;
        }
    }

    /// <summary>All has been asked for: what is left is unknown.</summary>
    public void Done()
    {
        foreach (var entry in Map.Entries)
            if (!_known.Contains(entry.Key.Text))
                Errors.Add(entry.Key, $"the key '{RuleErrors.Shown(entry.Key.Text)}' is not known here; expected one of {string.Join(", ", _known.Distinct().Order(StringComparer.Ordinal))}");
    }

    public RuleText? AsText(RuleNode node, string key)
    {
        if (node is RuleText text) return text;
        return Wrong<RuleText>(node, $"expected a text behind '{RuleErrors.Shown(key)}'");
    }

    private T? Wrong<T>(RuleNode node, string message) where T : class
    {
        Errors.Add(node, message);
        return null;
    }
}
