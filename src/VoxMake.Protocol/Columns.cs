using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.Protocol;

/// <summary>What a column can hold.</summary>
public enum ValueKind : byte { Null, Text, Integer, Real, Flag }

/// <summary>One typed column value: text, a whole number, a real number, true or false, or nothing (n/a).</summary>
[JsonConverter(typeof(ValueJsonConverter))]
public readonly struct Value : IEquatable<Value>
{
    private readonly string? _text;
    private readonly long _bits;

    private Value(ValueKind kind, string? text, long bits) => (Kind, _text, _bits) = (kind, text, bits);

    /// <summary>Which of the kinds it is.</summary>
    public ValueKind Kind { get; }

    /// <summary>n/a.</summary>
    public static Value Null => default;

    public static implicit operator Value(string? text) => text is null ? default : new(ValueKind.Text, text, 0);
    public static implicit operator Value(long number) => new(ValueKind.Integer, null, number);
    public static implicit operator Value(int number) => new(ValueKind.Integer, null, number);
    public static implicit operator Value(bool flag) => new(ValueKind.Flag, null, flag ? 1 : 0);

    /// <summary>A real number; NaN and the infinities, which JSON lacks, become n/a.</summary>
    public static implicit operator Value(double number) =>
        double.IsFinite(number) ? new(ValueKind.Real, null, BitConverter.DoubleToInt64Bits(number == 0 ? 0.0 : number)) : default;

    /// <summary>The text, or null if it is none.</summary>
    public string? AsText => _text;

    /// <summary>The number as an integer, or null if it is none.</summary>
    public long? AsInteger => Kind == ValueKind.Integer ? _bits : null;

    /// <summary>The number, whole or real, or null if it is none.</summary>
    public double? AsReal => Kind switch
    {
        ValueKind.Real => BitConverter.Int64BitsToDouble(_bits),
        ValueKind.Integer => _bits,
        _ => null,
    };

    /// <summary>True or false, or null if it is neither.</summary>
    public bool? AsFlag => Kind == ValueKind.Flag ? _bits != 0 : null;

    /// <summary>The value as people and CSV files read it; n/a is empty. Real numbers always carry a point or an exponent, so that the kind survives.</summary>
    public override string ToString() => Kind switch
    {
        ValueKind.Text => _text!,
        ValueKind.Integer => _bits.ToString(CultureInfo.InvariantCulture),
        ValueKind.Real => RealText(BitConverter.Int64BitsToDouble(_bits)),
        ValueKind.Flag => _bits != 0 ? "true" : "false",
        _ => "",
    };

    private static string RealText(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') >= 0 ? text : text + ".0";
    }

    public bool Equals(Value other) => Kind == other.Kind && _bits == other._bits && _text == other._text;
    public override bool Equals(object? other) => other is Value value && Equals(value);
    public override int GetHashCode() => HashCode.Combine(Kind, _bits, _text);
    public static bool operator ==(Value a, Value b) => a.Equals(b);
    public static bool operator !=(Value a, Value b) => !a.Equals(b);
}

/// <summary>Writes a value as the JSON of its kind.</summary>
public sealed class ValueJsonConverter : JsonConverter<Value>
{
    public override bool HandleNull => true;

    public override Value Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => Value.Null,
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => reader.ValueSpan.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0 && reader.TryGetInt64(out var whole) ? (Value)whole : reader.GetDouble(),
        _ => throw new JsonException("a column holds text, a number, true, false or null"),
    };

    public override void Write(Utf8JsonWriter writer, Value value, JsonSerializerOptions options)
    {
        switch (value.Kind)
        {
            case ValueKind.Null: writer.WriteNullValue(); break;
            case ValueKind.Text: writer.WriteStringValue(value.AsText); break;
            default: writer.WriteRawValue(value.ToString(), skipInputValidation: true); break;
        }
    }
}

/// <summary>
/// Named values of one item, ordered by name (ordinal), each name once: two sets of the same columns are written as the same bytes.
/// </summary>
[JsonConverter(typeof(ColumnsJsonConverter))]
public sealed class Columns : IReadOnlyList<KeyValuePair<string, Value>>
{
    private readonly KeyValuePair<string, Value>[] _sorted;

    private Columns(KeyValuePair<string, Value>[] sorted) => _sorted = sorted;

    /// <summary>No columns.</summary>
    public static Columns Empty { get; } = new([]);

    /// <summary>Columns from pairs in any order, as in <c>Columns.Of(("num_samples", n), ("peak", peak))</c>.</summary>
    /// <exception cref="ArgumentException">A name stands twice.</exception>
    public static Columns Of(params ReadOnlySpan<(string Name, Value Value)> pairs)
    {
        var sorted = new KeyValuePair<string, Value>[pairs.Length];
        for (var i = 0; i < pairs.Length; i++) sorted[i] = new(pairs[i].Name, pairs[i].Value);
        return Sorted(sorted);
    }

    /// <summary>Columns from pairs in any order.</summary>
    /// <exception cref="ArgumentException">A name stands twice.</exception>
    public static Columns Of(IEnumerable<KeyValuePair<string, Value>> pairs) => Sorted([.. pairs]);

    private static Columns Sorted(KeyValuePair<string, Value>[] pairs)
    {
        if (pairs.Length == 0) return Empty;
        if (AreSorted(pairs)) return new(pairs);
        Array.Sort(pairs, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        for (var i = 1; i < pairs.Length; i++)
            if (pairs[i].Key == pairs[i - 1].Key) throw new ArgumentException($"column '{pairs[i].Key}' is given twice");
        return new(pairs);
    }

    private static bool AreSorted(KeyValuePair<string, Value>[] pairs)
    {
        for (var i = 1; i < pairs.Length; i++)
            if (string.CompareOrdinal(pairs[i - 1].Key, pairs[i].Key) >= 0) return false;
        return true;
    }

    /// <summary>The value of a column; n/a where there is no such column.</summary>
    public Value this[string name]
    {
        get
        {
            int low = 0, high = _sorted.Length - 1;
            while (low <= high)
            {
                var middle = (low + high) / 2;
                var order = string.CompareOrdinal(_sorted[middle].Key, name);
                if (order == 0) return _sorted[middle].Value;
                if (order < 0) low = middle + 1;
                else high = middle - 1;
            }
            return Value.Null;
        }
    }

    /// <summary>These columns with others added; where both have a name, the other's value counts.</summary>
    public Columns With(Columns others)
    {
        if (others.Count == 0) return this;
        if (Count == 0) return others;
        var merged = new List<KeyValuePair<string, Value>>(Count + others.Count);
        for (int i = 0, j = 0; i < Count || j < others.Count;)
        {
            var order = i == Count ? 1 : j == others.Count ? -1 : string.CompareOrdinal(_sorted[i].Key, others[j].Key);
            merged.Add(order < 0 ? _sorted[i] : others[j]);
            if (order <= 0) i++;
            if (order >= 0) j++;
        }
        return new([.. merged]);
    }

    public KeyValuePair<string, Value> this[int index] => _sorted[index];
    public int Count => _sorted.Length;
    public IEnumerator<KeyValuePair<string, Value>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, Value>>)_sorted).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => _sorted.GetEnumerator();
}

/// <summary>Writes columns as an object, names sorted.</summary>
public sealed class ColumnsJsonConverter : JsonConverter<Columns>
{
    private static readonly ValueJsonConverter Values = new();

    /// <summary>Names of the columns that were read last: the next item mostly has the same, and need not keep its own copies of them.</summary>
    [ThreadStatic] private static string[]? _lastNames;

    public override Columns Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("columns are an object of name: value");
        var last = _lastNames ?? [];
        var pairs = new List<KeyValuePair<string, Value>>(last.Length);
        var same = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var known = pairs.Count < last.Length && reader.ValueTextEquals(last[pairs.Count]);
            var name = known ? last[pairs.Count] : reader.GetString()!;
            same &= known;
            reader.Read();
            pairs.Add(new(name, Values.Read(ref reader, typeof(Value), options)));
        }
        if (!same) _lastNames = [.. pairs.Select(pair => pair.Key)];
        try { return Columns.Of(pairs); }
        catch (ArgumentException error) { throw new JsonException(error.Message); }
    }

    public override void Write(Utf8JsonWriter writer, Columns value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        for (var i = 0; i < value.Count; i++)
        {
            writer.WritePropertyName(value[i].Key);
            Values.Write(writer, value[i].Value, options);
        }
        writer.WriteEndObject();
    }
}
