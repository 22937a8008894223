using System.Collections.Concurrent;
using System.Reflection;

namespace VoxMake.Config.Records;

/// <summary>The keys of a record. Reading, settings, schema and reference all ask it, so that they cannot disagree.</summary>
internal sealed class RecordShape
{
    private static readonly ConcurrentDictionary<Type, RecordShape> Known = new();
    private readonly Type _type;
    private readonly Dictionary<string, Key> _byName = new(StringComparer.Ordinal);
    private object? _defaults;

    private RecordShape(Type type)
    {
        _type = type;
        var keys = new List<Key>();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            if (property.CanWrite) keys.Add(new Key(this, property)); // what is only computed is no key
        if (keys.Count == 0) throw new ArgumentException($"{type.Name} has no keys");
        Keys = keys;
        foreach (var key in keys) _byName.Add(key.Name, key);
    }

    /// <summary>The shape of a record type.</summary>
    public static RecordShape Of(Type type) => Known.GetOrAdd(type, static type => new RecordShape(type));

    /// <summary>In the order of the record.</summary>
    public IReadOnlyList<Key> Keys { get; }

    public Key? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>What the section is for.</summary>
    public string Doc => _type.GetCustomAttribute<DocAttribute>(inherit: false)?.Text ?? "";

    /// <summary>A record that holds its defaults; required keys are not set yet.</summary>
    public object New() => Activator.CreateInstance(_type)!;

    internal object Defaults => _defaults ??= New();
}
