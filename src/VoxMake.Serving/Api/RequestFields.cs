using System.Globalization;
using System.Text.Json;

namespace VoxMake.Serving.Api;

/// <summary>
/// The fields of a JSON object as pydantic 2 reads them (lax mode): a whole number may be written 4.0 or "4", a flag "true" or 1. What does not fit is noted, and read on, so that a client hears of
/// all faults at once. A field that is null is one that is not there.
/// </summary>
internal sealed class RequestFields(JsonElement body, FieldFaults faults, string place = "body")
{
    /// <summary>The field's value; null where it is missing or null.</summary>
    public JsonElement? Find(string name) => body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>Notes a field that must be there and is not.</summary>
    public bool Required(string name)
    {
        if (Find(name) is not null) return true;
        faults.Add("missing", PlaceOf(name), "Field required", body);
        return false;
    }

    public string PlaceOf(string name) => $"{place}.{name}";

    public string? Text(string name) => Find(name) is { } value ? Text(value, PlaceOf(name), faults) : null;

    public bool? Flag(string name)
    {
        if (Find(name) is not { } value) return null;
        switch (value.ValueKind)
        {
            case JsonValueKind.True: return true;
            case JsonValueKind.False: return false;
            case JsonValueKind.Number when value.TryGetDouble(out var number) && number is 0 or 1: return value.GetDouble() == 1;
            case JsonValueKind.String when value.TryText()?.ToLowerInvariant() is "true" or "1" or "yes" or "on" or "t" or "y": return true;
            case JsonValueKind.String when value.TryText()?.ToLowerInvariant() is "false" or "0" or "no" or "off" or "f" or "n": return false;
            case JsonValueKind.String or JsonValueKind.Number:
                faults.Add("bool_parsing", PlaceOf(name), "Input should be a valid boolean, unable to interpret input", value);
                return null;
            default:
                faults.Add("bool_type", PlaceOf(name), "Input should be a valid boolean", value);
                return null;
        }
    }

    public long? Whole(string name, long least = long.MinValue)
    {
        if (Find(name) is not { } value || Whole(value, PlaceOf(name), faults) is not { } whole) return null;
        if (whole < least) faults.Add("greater_than_equal", PlaceOf(name), $"Input should be greater than or equal to {least}", value);
        return whole;
    }

    public double? Number(string name)
    {
        if (Find(name) is not { } value) return null;
        if (Number(value, PlaceOf(name), faults) is not { } number) return null;
        return number;
    }

    public IReadOnlyList<long>? WholeList(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Array) return [.. value.EnumerateArray().Select((entry, at) => Whole(entry, $"{PlaceOf(name)}.{at}", faults) ?? 0)];
        faults.Add("list_type", PlaceOf(name), "Input should be a valid list", value);
        return null;
    }

    /// <summary>A text, or a list of at most so many.</summary>
    public IReadOnlyList<string>? Texts(string name, int most)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String && value.TryText() is { } one) return [one];
        if (value.ValueKind != JsonValueKind.Array)
        {
            faults.Add("string_type", PlaceOf(name), "Input should be a valid string", value);
            faults.Add("list_type", PlaceOf(name), "Input should be a valid list", value);
            return null;
        }
        var (count, mine) = (value.GetArrayLength(), new FieldFaults());
        var texts = value.EnumerateArray().Take(most + 1).Select((entry, at) => Text(entry, $"{PlaceOf(name)}.{at}", mine) ?? "").ToList();
        if (count > most) mine.Add("too_long", PlaceOf(name), $"List should have at most {most} items after validation, not {count}", value);
        if (mine.Count > 0) faults.Add("string_type", PlaceOf(name), "Input should be a valid string", value);
        faults.Add(mine);
        return texts;
    }

    /// <summary>Numbers by the names of an object's fields.</summary>
    public IReadOnlyDictionary<string, double>? Numbers(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Object)
        {
            faults.Add("dict_type", PlaceOf(name), "Input should be a valid dictionary", value);
            return null;
        }
        var numbers = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var entry in value.EnumerateObject()) numbers[entry.Name] = Number(entry.Value, $"{PlaceOf(name)}.{entry.Name}", faults) ?? 0;
        return numbers;
    }

    /// <summary>The fields of an object; null where there is none.</summary>
    public RequestFields? Object(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Object) return new RequestFields(value, faults, PlaceOf(name));
        faults.Add("model_attributes_type", PlaceOf(name), "Input should be a valid dictionary or object to extract fields from", value);
        return null;
    }

    public static string? Text(JsonElement value, string place, FieldFaults faults)
    {
        if (value.TryText() is { } text) return text;
        if (value.ValueKind == JsonValueKind.String) faults.Add("string_unicode", place, "Input should be a valid string, unable to parse raw data as a unicode string", "…");
        else faults.Add("string_type", place, "Input should be a valid string", value);
        return null;
    }

    public static long? Whole(JsonElement value, string place, FieldFaults faults)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number when value.TryGetInt64(out var whole): return whole;
            case JsonValueKind.Number when value.TryGetDouble(out var number) && Math.Abs(number) < 1e18:
                if (number == Math.Floor(number)) return (long)number;
                faults.Add("int_from_float", place, "Input should be a valid integer, got a number with a fractional part", value);
                return null;
            case JsonValueKind.Number:
                faults.Add("int_parsing_size", place, "Unable to parse input string as an integer, exceeded maximum size", value);
                return null;
            case JsonValueKind.True: return 1;
            case JsonValueKind.False: return 0;
            case JsonValueKind.String when long.TryParse(value.TryText()?.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed): return parsed;
            case JsonValueKind.String:
                faults.Add("int_parsing", place, "Input should be a valid integer, unable to parse string as an integer", value);
                return null;
            default:
                faults.Add("int_type", place, "Input should be a valid integer", value);
                return null;
        }
    }

    private static double? Number(JsonElement value, string place, FieldFaults faults)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number when value.TryGetDouble(out var number) && double.IsFinite(number): return number;
            case JsonValueKind.String when double.TryParse(value.TryText()?.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) && double.IsFinite(parsed): return parsed;
            case JsonValueKind.True: return 1;
            case JsonValueKind.False: return 0;
            case JsonValueKind.Number:
                faults.Add("finite_number", place, "Input should be a finite number", value);
                return null;
            case JsonValueKind.String:
                faults.Add("float_parsing", place, "Input should be a valid number, unable to parse string as a number", value);
                return null;
            default:
                faults.Add("float_type", place, "Input should be a valid number", value);
                return null;
        }
    }
}
