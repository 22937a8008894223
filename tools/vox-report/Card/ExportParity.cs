using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.Report.Card;

/// <summary>Export's parity.json of a language model: how near the merged one is to the trained one.</summary>
internal sealed record ExportParity(IReadOnlyList<ParityText> Texts)
{
    /// <exception cref="JsonException">It is something else.</exception>
    public static ExportParity Read(string path) => JsonSerializer.Deserialize(File.ReadAllBytes(path), ExportParityJson.Default.ExportParity) ?? throw new JsonException("it is null");

    /// <summary>What was found; null where no text was compared.</summary>
    public string? Sentence
    {
        get
        {
            ParityRow[] rows = [.. Texts.SelectMany(text => new[] { text.Likeliest, text.Heard }).OfType<ParityRow>()];
            return rows.Length == 0 ? null : string.Create(CultureInfo.InvariantCulture,
                $"Over {rows.Sum(row => row.Tokens):N0} tokens of {(Texts.Count == 1 ? "a text" : $"{Texts.Count} texts")}, the likeliest ones and those that were heard while it trained, "
                + $"it holds the same token likeliest at {rows.Sum(row => row.SameLikeliest):N0}; no token's logprob differs by more than {rows.Max(row => row.MaxLogprobDifference):0.0000}, "
                + $"and the divergence is at most {rows.Max(row => row.Divergence):0.000000} nats a token (`parity.json`).");
        }
    }
}

/// <summary>One text, over the tokens that the trained network took for likeliest and over those that were heard of it; null where there are none.</summary>
internal sealed record ParityText(ParityRow? Likeliest = null, ParityRow? Heard = null);

/// <param name="Divergence">Nats a token.</param>
internal sealed record ParityRow(long Tokens, long SameLikeliest, double MaxLogprobDifference, double Divergence);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ExportParity))]
internal sealed partial class ExportParityJson : JsonSerializerContext;
