using System.Reflection;
using VoxMake.Secrets;

namespace VoxMake.Config.Records;

/// <summary>What a key can hold.</summary>
internal enum KeyKind : byte { Text, Path, Secret, Flag, Integer, Number, Interval, Names, Section }

/// <summary>One key of a section, as its property and attributes declare it.</summary>
internal sealed class Key
{
    private readonly PropertyInfo _property;
    private readonly DocAttribute? _doc;
    private readonly RecordShape _owner;

    public Key(RecordShape owner, PropertyInfo property)
    {
        _owner = owner;
        _property = property;
        Name = SnakeCase(property.Name);
        var type = Nullable.GetUnderlyingType(property.PropertyType);
        var path = false;
        foreach (var attribute in property.GetCustomAttributes(inherit: false))
            switch (attribute)
            {
                case DocAttribute doc: _doc = doc; break;
                case RangeAttribute range: Range = range; break;
                case OneOfAttribute oneOf: OneOf = oneOf.Values; break;
                case NotInKeyAttribute: NotInKey = true; break;
                case ExtendsAttribute: Extends = true; break;
                case ConfigPathAttribute: path = true; break;
                case System.Runtime.CompilerServices.RequiredMemberAttribute: IsRequired = true; break;
            }
        Kind = KindOf(type ?? property.PropertyType, path);
        // the records' rule, held by a test: a text or section that is not required and has no default may be null
        IsNullable = type is not null || (!property.PropertyType.IsValueType && !IsRequired && Default is null);
    }

    public string Name { get; }
    public KeyKind Kind { get; }
    public bool IsRequired { get; }
    public bool IsNullable { get; }
    public bool NotInKey { get; }
    public bool Extends { get; }
    public RangeAttribute? Range { get; }
    public IReadOnlyList<string>? OneOf { get; }
    public string Doc => _doc?.Text ?? "";
    public string? Unit => _doc?.Unit;

    /// <summary>The value where the file says nothing; null too where the key is required.</summary>
    public object? Default => IsRequired ? null : Get(_owner.Defaults);

    /// <summary>The shape of the section under this key.</summary>
    public RecordShape Section => RecordShape.Of(_property.PropertyType);

    public PropertyInfo Property => _property;
    public object? Get(object record) => _property.GetValue(record);

    /// <summary>Sets a value of the key's kind: string, Secret, bool, long, double, Interval, Names, a section's record, or null.</summary>
    public void Set(object record, object? value) => _property.SetValue(record, value is long whole && Kind == KeyKind.Integer ? checked((int)whole) : value);

    private KeyKind KindOf(Type type, bool path)
    {
        if (type == typeof(string)) return path ? KeyKind.Path : KeyKind.Text;
        if (type == typeof(int)) return KeyKind.Integer;
        if (type == typeof(double)) return KeyKind.Number;
        if (type == typeof(bool)) return KeyKind.Flag;
        if (type == typeof(Interval)) return KeyKind.Interval;
        if (type == typeof(Secret)) return KeyKind.Secret;
        if (type == typeof(Names)) return KeyKind.Names;
        return type.IsClass ? KeyKind.Section : throw new NotSupportedException($"{_property.DeclaringType!.Name}.{_property.Name}: the configuration has no values of type {type.Name}");
    }

    /// <summary><c>MaxDurationS</c> is <c>max_duration_s</c>.</summary>
    private static string SnakeCase(string name)
    {
        var text = new System.Text.StringBuilder(name.Length + 8);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }
}
