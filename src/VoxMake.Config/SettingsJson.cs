using System.Text.Json.Nodes;
using VoxMake.Config.Records;
using VoxMake.Secrets;

namespace VoxMake.Config;

/// <summary>
/// Settings in the one form that keys are made of and tools read (DESIGN 4): names in snake_case, in ordinal order; real numbers as the shortest
/// text that reads back, always with a point or an exponent; null written out. Paths and secrets are in no part.
/// </summary>
/// <param name="Lineage">What can change a result from its first step on.</param>
/// <param name="Extending">What only says how far it goes (<see cref="ExtendsAttribute"/>).</param>
/// <param name="NotInKey">What cannot change a result.</param>
public sealed record SettingsJson(JsonObject Lineage, JsonObject Extending, JsonObject NotInKey)
{
    /// <summary>What can change a result: the first two parts.</summary>
    public JsonObject InKey { get; } = Merge(Lineage, Extending);

    /// <summary>No settings.</summary>
    public static SettingsJson None => new([], [], []);

    /// <summary>The settings of a section.</summary>
    /// <exception cref="ArgumentException">It is no record of keys, has sections of its own (that are not null), or declares a key both ways.</exception>
    public static SettingsJson Of(object section)
    {
        var (lineage, extending, notInKey) = (new JsonObject(), new JsonObject(), new JsonObject());
        foreach (var key in Sorted(RecordShape.Of(section.GetType()).Keys, static key => key.Name))
        {
            if (key.Kind == KeyKind.Section && key.Get(section) is null) continue;
            if (key.Kind == KeyKind.Section) throw new ArgumentException($"{section.GetType().Name} has sections; settings are made of one section, not of many");
            if (key.Kind is KeyKind.Path or KeyKind.Secret) continue;
            if (key.NotInKey && key.Extends) throw new ArgumentException($"{section.GetType().Name}.{key.Name} is marked [NotInKey] and [Extends]: it can be only one of them");
            (key.NotInKey ? notInKey : key.Extends ? extending : lineage).Add(key.Name, Node(key.Name, key.Get(section)));
        }
        return new(lineage, extending, notInKey);
    }

    /// <summary>Loose values, all of them in the key: <c>SettingsJson.Of(("sample_rate", audio.SampleRate), ("text", null))</c>.</summary>
    /// <exception cref="ArgumentException">A name stands twice, or a value is no text, number, flag or interval.</exception>
    public static SettingsJson Of(params (string Name, object? Value)[] values)
    {
        var nodes = new List<Setting>(values.Length);
        foreach (var (name, value) in values) nodes.Add(new(name, Node(name, value)));
        return new(Object(nodes), [], []);
    }

    /// <summary>These settings and others.</summary>
    /// <exception cref="ArgumentException">Both have a name.</exception>
    public SettingsJson With(SettingsJson others)
    {
        var merged = new SettingsJson(Merge(Lineage, others.Lineage), Merge(Extending, others.Extending), Merge(NotInKey, others.NotInKey));
        foreach (var (name, _) in merged.InKey)
            if (merged.NotInKey.ContainsKey(name)) throw Twice(name);
        return merged;
    }

    /// <summary>These settings but for some, such as a name that stands elsewhere in the call.</summary>
    public SettingsJson Without(params ReadOnlySpan<string> names)
    {
        var rest = With(None);
        foreach (var name in names)
            foreach (var part in new[] { rest.Lineage, rest.Extending, rest.NotInKey }) part.Remove(name);
        return new(rest.Lineage, rest.Extending, rest.NotInKey);
    }

    /// <summary>All parts as one object: what a tool is told.</summary>
    public JsonObject All => Merge(InKey, NotInKey);

    private sealed record Setting(string Name, JsonNode? Value);

    private static JsonObject Merge(JsonObject a, JsonObject b)
    {
        var nodes = new List<Setting>(a.Count + b.Count);
        foreach (var (name, value) in a) nodes.Add(new(name, value?.DeepClone()));
        foreach (var (name, value) in b) nodes.Add(new(name, value?.DeepClone()));
        return Object(nodes);
    }

    private static JsonObject Object(IReadOnlyList<Setting> settings)
    {
        var json = new JsonObject();
        foreach (var (name, value) in Sorted(settings, static setting => setting.Name))
            if (!json.TryAdd(name, value)) throw Twice(name);
        return json;
    }

    private static T[] Sorted<T>(IReadOnlyList<T> named, Func<T, string> name) where T : class
    {
        T[] sorted = [.. named];
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(name(a), name(b)));
        return sorted;
    }

    private static ArgumentException Twice(string name) => new($"setting '{name}' is given twice");

    private static JsonNode? Node(string name, object? value) => value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        int whole => JsonValue.Create((long)whole),
        long whole => JsonValue.Create(whole),
        double real => Real(name, real),
        Names names => new JsonArray([.. names.Select(static name => (JsonNode)JsonValue.Create(name))]),
        Interval both => new JsonArray(Real(name, both.Min), Real(name, both.Max)),
        Secret => throw new ArgumentException($"setting '{name}' is a secret; secrets never enter settings"),
        _ => throw new ArgumentException($"setting '{name}' is a {value.GetType().Name}; expected text, a number, true, false, names, an interval or null"),
    };

    /// <summary>Parsed from its text, because a JSON number made from a double forgets that 20.0 was no whole number.</summary>
    private static JsonNode Real(string name, double number) =>
        double.IsFinite(number) ? JsonNode.Parse(Numbers.Real(number))! : throw new ArgumentException($"setting '{name}' is {Numbers.Text(number)}, which JSON cannot hold");
}
