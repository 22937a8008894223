using VoxMake.Yaml;

namespace VoxMake.Text.Rules;

/// <summary>Reads one map of a file of rules by its keys; keys that nobody asked for are errors.</summary>
internal sealed class RuleSection(MapNode map, RuleErrors errors)
{
    private readonly List<string> _known = [];

    public MapNode Map => map;

    public RuleErrors Errors => errors;

    /// <summary>The value of a key, or null.</summary>
    public YamlNode? Find(string key)
    {
        _known.Add(key);
        return Map.Find(key)?.Value;
    }

    public RuleSection? Section(string key) => Find(key) switch
    {
        null => null,
        MapNode keys => new(keys, Errors),
        var other => Wrong<RuleSection>(other, $"expected keys below '{key}'"),
    };

    /// <summary>The maps of a list.</summary>
    public IEnumerable<RuleSection> Sections(string key)
    {
        foreach (var item in List(key))
            if (item is MapNode keys) yield return new(keys, Errors);
            else Errors.Add(item, $"expected keys in braces, such as {{ written: …, spoken: … }}, in the list '{key}'");
    }

    public IReadOnlyList<YamlNode> List(string key) => Find(key) switch
    {
        null => [],
        ListNode list => list.Items,
        var other => Wrong<IReadOnlyList<YamlNode>>(other, $"expected a list behind '{key}', such as [a, b]") ?? [],
    };

    public IReadOnlyList<ScalarNode> Texts(string key) => [.. List(key).Select(item => AsText(item, key)).OfType<ScalarNode>()];

    public ScalarNode? Text(string key, bool required = false)
    {
        var found = Find(key);
        if (found is not null) return AsText(found, key);
        if (required) Errors.Add(Map, $"the key '{key}' is missing here");
        return null;
    }

    public bool Flag(string key)
    {
        if (Find(key) is not { } found) return false;
        if (found is ScalarNode { Value: bool flag }) return flag;
        Errors.Add(found, $"expected true or false behind '{key}'");
        return false;
    }

    /// <summary>Keys and texts of a map whose keys are free.</summary>
    public IEnumerable<(ScalarNode Key, ScalarNode Value)> Pairs(string key)
    {
        switch (Find(key))
        {
            case null: break;
            case MapNode keys:
                foreach (var entry in keys.Entries)
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
                Errors.Add(entry.Key, $"the key '{Excerpt.Of(entry.Key.Text)}' is not known here; expected one of {string.Join(", ", _known.Distinct().Order(StringComparer.Ordinal))}");
    }

    public ScalarNode? AsText(YamlNode node, string key)
    {
        if (node is ScalarNode text) return text;
        return Wrong<ScalarNode>(node, $"expected a text behind '{Excerpt.Of(key)}'");
    }

    private T? Wrong<T>(YamlNode node, string message) where T : class
    {
        Errors.Add(node, message);
        return null;
    }
}
