using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.TrainTool;

/// <summary>JSON objects that pass through: read as they are, written with line ends of Unix.</summary>
internal static class JsonFile
{
    private const long Longest = 64 << 20; // bytes

    /// <exception cref="ToolException">It is no object.</exception>
    public static JsonObject Read(InputFile file)
    {
        try
        {
            if (new FileInfo(file.Path).Length > Longest) throw new JsonException($"it has more than {Longest} bytes");
            return JsonNode.Parse(File.ReadAllBytes(file.Path), null, new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject ?? throw new JsonException("it is no object");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException) { throw new ToolException($"cannot be read: {error.Message}") { File = file.Name }; }
    }

    public static void Write(string path, JsonObject json)
    {
        using var file = File.Create(path);
        using (var writer = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) json.WriteTo(writer);
        file.Write("\n"u8);
    }

    /// <summary>A text of an object, null where there is none.</summary>
    public static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>A number of an object, null where there is none.</summary>
    public static double? Number(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<double>(out var number) ? number : null;
}
