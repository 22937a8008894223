using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.Report.Voice;

/// <summary>Evaluate's metrics.json, as <c>vox-eval pairs</c> writes it.</summary>
internal sealed record EvaluatedMetrics(IReadOnlyDictionary<string, EvaluatedMetric>? Metrics, long Pairs = 0, string? Interval = null, IReadOnlyList<int>? SampleRates = null, long ResampledRecordings = 0)
{
    /// <exception cref="JsonException">It is something else.</exception>
    public static EvaluatedMetrics Read(string path) => JsonSerializer.Deserialize(File.ReadAllBytes(path), EvaluatedMetricsJson.Default.EvaluatedMetrics) ?? throw new JsonException("it is null");
}

/// <summary>One metric over all pairs.</summary>
/// <param name="Low">Lower end of the 95 % interval.</param>
/// <param name="High">Its upper end.</param>
/// <param name="N">Pairs that it was measured of.</param>
/// <param name="NotAvailable">Pairs that it could not be measured of, by reason.</param>
internal sealed record EvaluatedMetric(double? Mean, double? Low, double? High, long N, string? Unit = null, string? Definition = null, IReadOnlyDictionary<string, long>? NotAvailable = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(EvaluatedMetrics))]
internal sealed partial class EvaluatedMetricsJson : JsonSerializerContext;
