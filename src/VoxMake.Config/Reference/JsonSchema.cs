using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using VoxMake.Config.Records;

namespace VoxMake.Config.Reference;

/// <summary>
/// The configuration as a JSON Schema (draft 2020-12), for editors that complete and check YAML. It says nothing of what is required, because that may
/// stand in an extended file.
/// </summary>
public static class JsonSchema
{
    /// <summary>The content of configs/voxmake.schema.json.</summary>
    public static string Render()
    {
        var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            json.WriteString("title", "A VoxMake configuration: one file is one voice");
            json.WriteString("type", "object");
            WriteKeys(json, RecordShape.Of(typeof(VoxConfig)), isRoot: true);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void WriteKeys(Utf8JsonWriter json, RecordShape shape, bool isRoot)
    {
        json.WriteBoolean("additionalProperties", false);
        json.WriteStartObject("properties");
        if (isRoot)
        {
            json.WriteStartObject("extends");
            json.WriteString("description", "the file whose values count where this one says nothing, relative to this file");
            json.WriteString("type", "string");
            json.WriteEndObject();
        }
        foreach (var key in shape.Keys)
        {
            json.WriteStartObject(key.Name);
            if (key.Kind == KeyKind.Section) WriteSection(json, key);
            else WriteValue(json, key);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteSection(Utf8JsonWriter json, Key key)
    {
        json.WriteString("description", key.Section.Doc);
        WriteType(json, "object", key.IsNullable);
        WriteKeys(json, key.Section, isRoot: false);
    }

    private static void WriteValue(Utf8JsonWriter json, Key key)
    {
        json.WriteString("description", key.Unit is null ? key.Doc : $"{key.Doc} ({key.Unit})");
        switch (key.Kind)
        {
            case KeyKind.Flag: WriteType(json, "boolean", key.IsNullable); break;
            case KeyKind.Integer: WriteType(json, "integer", key.IsNullable); break;
            case KeyKind.Number: WriteType(json, "number", key.IsNullable); break;
            case KeyKind.Interval:
                WriteType(json, "array", key.IsNullable);
                json.WriteNumber("minItems", 2);
                json.WriteNumber("maxItems", 2);
                json.WriteStartObject("items");
                json.WriteString("type", "number");
                WriteRange(json, key);
                json.WriteEndObject();
                break;
            case KeyKind.Names:
                WriteType(json, "array", key.IsNullable);
                json.WriteBoolean("uniqueItems", true);
                json.WriteStartObject("items");
                WriteValues(json, key);
                json.WriteEndObject();
                break;
            default: WriteType(json, "string", key.IsNullable); break;
        }
        if (key.Kind != KeyKind.Interval) WriteRange(json, key);
        if (key.Kind != KeyKind.Names) WriteValues(json, key);
        WriteDefault(json, key);
    }

    private static void WriteType(Utf8JsonWriter json, string type, bool isNullable)
    {
        if (!isNullable)
        {
            json.WriteString("type", type);
            return;
        }
        json.WriteStartArray("type");
        json.WriteStringValue(type);
        json.WriteStringValue("null");
        json.WriteEndArray();
    }

    private static void WriteRange(Utf8JsonWriter json, Key key)
    {
        if (key.Range is null) return;
        json.WriteNumber("minimum", key.Range.Min);
        json.WriteNumber("maximum", key.Range.Max);
    }

    private static void WriteValues(Utf8JsonWriter json, Key key)
    {
        if (key.OneOf is null) return;
        json.WriteStartArray("enum");
        foreach (var value in key.OneOf)
            if (key.Kind == KeyKind.Integer) json.WriteRawValue(value);
            else json.WriteStringValue(value);
        if (key.IsNullable) json.WriteNullValue();
        json.WriteEndArray();
    }

    private static void WriteDefault(Utf8JsonWriter json, Key key)
    {
        if (key.IsRequired) return;
        json.WritePropertyName("default");
        switch (key.Default)
        {
            case null: json.WriteNullValue(); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int whole: json.WriteNumberValue(whole); break;
            case double real: json.WriteNumberValue(real); break;
            case Interval both: json.WriteRawValue(both.ToString()); break;
            case Names names:
                json.WriteStartArray();
                foreach (var name in names) json.WriteStringValue(name);
                json.WriteEndArray();
                break;
            case var text: json.WriteStringValue((string)text); break;
        }
    }
}
