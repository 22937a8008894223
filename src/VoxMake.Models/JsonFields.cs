using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoxMake.Models;

/// <summary>Fields of an object of a model's file, each checked as it is asked for; a field that is not there, or null, is null.</summary>
/// <param name="file">What messages call the file.</param>
/// <param name="path">Where in the file the object stands; empty for the whole.</param>
internal sealed class JsonFields(JsonObject json, string file, string path = "")
{
    public string File => file;

    /// <summary>A field's full name.</summary>
    public string Path(string name) => path.Length == 0 ? name : $"{path}.{name}";

    public ModelException Missing(string name) => new($"{file}: {Path(name)} is missing");

    public string? Text(string name) => json[name] is null ? null : json[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : throw Not(name, "a text");

    public bool? Flag(string name) => json[name] is null ? null : json[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : throw Not(name, "true or false");

    /// <summary>A finite number.</summary>
    public double? Number(string name) => json[name] is null ? null : json[name] is JsonValue value && value.TryGetValue<double>(out var number) && double.IsFinite(number) ? number : throw Not(name, "a number");

    /// <summary>A whole number from 1 to <paramref name="most"/>.</summary>
    public int? Size(string name, int most) =>
        json[name] is null ? null : json[name] is JsonValue value && value.TryGetValue<int>(out var size) && size >= 1 && size <= most ? size : throw Not(name, $"a whole number from 1 to {most}");

    /// <summary>One token id or a list of them, none negative.</summary>
    public IReadOnlyList<int> Ids(string name) => json[name] switch
    {
        null => [],
        JsonArray list => [.. list.Select(id => IdOf(name, id))],
        var one => [IdOf(name, one)],
    };

    public JsonFields? Object(string name) => json[name] is null ? null : json[name] is JsonObject inner ? new JsonFields(inner, file, Path(name)) : throw Not(name, "an object");

    private int IdOf(string name, JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var id) && id >= 0 ? id : throw Not(name, "a token id, or a list of them");

    private ModelException Not(string name, string expected)
    {
        var found = json[name]!.ToJsonString();
        return new ModelException($"{file}: {Path(name)} is {(found.Length > 60 ? found[..60] + "…" : found)}; expected {expected}");
    }
}
