using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.Report.Card;

/// <summary>Dataset's statistics.json, what a card says of it.</summary>
internal sealed record DatasetFigures(
    long Clips = 0,
    double Hours = 0,
    IReadOnlyDictionary<string, DatasetAmount>? Splits = null,
    IReadOnlyDictionary<string, DatasetAmount>? Speakers = null,
    IReadOnlyDictionary<string, long>? Languages = null,
    IReadOnlyDictionary<string, long>? Licences = null,
    long ClipsWithoutLicence = 0)
{
    /// <exception cref="JsonException">It is something else.</exception>
    public static DatasetFigures Read(string path) => JsonSerializer.Deserialize(File.ReadAllBytes(path), DatasetFiguresJson.Default.DatasetFigures) ?? throw new JsonException("it is null");
}

/// <summary>Clips and their length.</summary>
internal sealed record DatasetAmount(long Clips, double Hours);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DatasetFigures))]
internal sealed partial class DatasetFiguresJson : JsonSerializerContext;
