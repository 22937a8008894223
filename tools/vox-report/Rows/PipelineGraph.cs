using System.Text.Json;
using System.Text.Json.Serialization;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.Report.Rows;

/// <summary>What the host says of the graph that made the rows: the file of role <c>graph</c>.</summary>
public sealed record PipelineGraph(string? Name = null, string? Title = null, IReadOnlyList<GraphStage>? Stages = null)
{
    /// <summary>Reads the one file of the role; null where there is none.</summary>
    /// <exception cref="ToolException">There are several, or it is not what it should be.</exception>
    public static PipelineGraph? Read(IReadOnlyList<InputFile> files)
    {
        if (files.Count == 0) return null;
        if (files.Count > 1) throw new ToolException($"one graph was expected, {files.Count} were given") { File = files[1].Name };
        try
        {
            using var stream = File.OpenRead(files[0].Path);
            return JsonSerializer.Deserialize(stream, PipelineGraphJson.Default.PipelineGraph);
        }
        catch (JsonException error)
        {
            throw new ToolException($"this does not describe a graph: {error.Message}") { File = files[0].Name, Try = "expected {\"name\", \"title\", \"stages\": [{\"name\", \"tool\", \"verb\", \"key\", \"settings\", \"counts\", \"versions\"}]}" };
        }
    }

    /// <summary>The stage of that name; null where there is none.</summary>
    public GraphStage? Stage(string name) => Stages?.FirstOrDefault(stage => stage.Name == name);
}

/// <summary>One stage of the graph.</summary>
public sealed record GraphStage(
    string Name,
    string? Tool = null,
    string? Verb = null,
    string? Key = null,
    JsonElement? Settings = null,
    IReadOnlyDictionary<string, long>? Counts = null,
    IReadOnlyDictionary<string, string>? Versions = null)
{
    /// <summary>
    /// The bounds that this stage's settings put on a measure: <c>min_x</c> and <c>max_x</c>, or <c>x: [min, max]</c>; at the top or one object deeper.
    /// </summary>
    public (double? Min, double? Max) Bounds(string measure)
    {
        double? min = null, max = null;
        foreach (var (name, value) in Flat())
        {
            if (name == "min_" + measure) min = Number(value);
            else if (name == "max_" + measure) max = Number(value);
            else if (name == measure && value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2) (min, max) = (Number(value[0]), Number(value[1]));
        }
        return (min, max);

        static double? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
    }

    /// <summary>Settings by name, those of inner objects too.</summary>
    private IEnumerable<(string Name, JsonElement Value)> Flat()
    {
        if (Settings is not { ValueKind: JsonValueKind.Object } settings) yield break;
        foreach (var setting in settings.EnumerateObject())
        {
            yield return (setting.Name, setting.Value);
            if (setting.Value.ValueKind != JsonValueKind.Object) continue;
            foreach (var inner in setting.Value.EnumerateObject()) yield return (inner.Name, inner.Value);
        }
    }
}

/// <summary>How the graph is written: snake_case names; what a newer host adds is passed over.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PipelineGraph))]
internal sealed partial class PipelineGraphJson : JsonSerializerContext;
