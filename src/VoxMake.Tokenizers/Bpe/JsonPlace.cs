using System.Text.Json;

namespace VoxMake.Tokenizers.Bpe;

/// <summary>A value of a JSON file that knows where it stands, so that whatever is wrong with it is told by file and path.</summary>
internal readonly struct JsonPlace(JsonElement value, JsonPath path)
{
    private const int LongestShown = 60;

    public bool IsNull => value.ValueKind == JsonValueKind.Null;

    public bool IsText => value.ValueKind == JsonValueKind.String;

    public bool IsList => value.ValueKind == JsonValueKind.Array;

    /// <summary>How many items a list has.</summary>
    public int Count => List().GetArrayLength();

    public JsonPlace this[int index] => new(List()[index], path.Item(index));

    public JsonPlace this[string name] => Find(name) ?? throw Wrong($"has no {name}");

    /// <summary>A property, where it is there.</summary>
    public JsonPlace? Find(string name) => Object().TryGetProperty(name, out var inner) ? new(inner, path.Property(name)) : null;

    /// <summary>A property that is there and not null.</summary>
    public JsonPlace? Set(string name) => Find(name) is { IsNull: false } place ? place : null;

    public IEnumerable<JsonPlace> Items()
    {
        var index = 0;
        foreach (var item in List().EnumerateArray()) yield return new(item, path.Item(index++));
    }

    /// <summary>The properties of an object, by name.</summary>
    public IEnumerable<(string Name, JsonPlace Place)> Properties()
    {
        foreach (var property in Object().EnumerateObject())
        {
            var name = Name(property);
            yield return (name, new(property.Value, path.Property(name)));
        }
    }

    public string Text()
    {
        if (!IsText) throw Expected("a text");
        try { return value.GetString()!; }
        catch (InvalidOperationException error) { throw Halved(error); }
    }

    public bool Flag() => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Expected("true or false"),
    };

    /// <summary>A whole number from 0 to <paramref name="most"/>.</summary>
    public int Number(int most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 && number <= most ? number : throw Expected($"a whole number, 0 to {most}");

    /// <summary>The component's <c>type</c>.</summary>
    public string Type() => this["type"].Text();

    /// <summary>What is thrown where this is not what it should be.</summary>
    public TokenizerException Expected(string what) => Wrong($"is {Shown()}; expected {what}");

    /// <summary>What is thrown where something is wrong with this.</summary>
    /// <param name="what">A sentence without its subject.</param>
    public TokenizerException Wrong(string what) => new($"{path.File}: {path} {what}");

    private JsonElement Object() => value.ValueKind == JsonValueKind.Object ? value : throw Expected("an object");

    private JsonElement List() => IsList ? value : throw Expected("a list");

    private string Name(JsonProperty property)
    {
        try { return property.Name; }
        catch (InvalidOperationException error) { throw Halved(error); }
    }

    private TokenizerException Halved(Exception error) => new($"{path.File}: {path} has half a surrogate pair, which is no character", error);

    private string Shown() => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => value.GetRawText() is { Length: > LongestShown } raw ? raw[..LongestShown] + "…" : value.GetRawText(),
    };
}
