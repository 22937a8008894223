using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.Report.Card;

/// <summary>Export's provenance.json, what a card says of it.</summary>
internal sealed record ExportStory(ExportedLicence? Licence = null, ExportedModel? Model = null)
{
    /// <exception cref="JsonException">It is something else.</exception>
    public static ExportStory Read(string path) => JsonSerializer.Deserialize(File.ReadAllBytes(path), ExportStoryJson.Default.ExportStory) ?? throw new JsonException("it is null");
}

/// <summary>What may be done with the voice, as far as the licences of recordings and base model say.</summary>
/// <param name="Id">As Hugging Face spells it, or <c>unknown</c>.</param>
/// <param name="Sentence">The same for people, with the reason.</param>
internal sealed record ExportedLicence(string Id, string Sentence);

/// <summary>What was exported.</summary>
/// <param name="Dtype">Of the weights.</param>
/// <param name="Voices">Names that prompts begin with, those with the most examples first.</param>
/// <param name="Adapter">Null where all weights were trained.</param>
internal sealed record ExportedModel(string? Family = null, string? Dtype = null, IReadOnlyList<string>? Voices = null, ExportedAdapter? Adapter = null);

/// <summary>A LoRA adapter.</summary>
/// <param name="Rslora">Whether it counts alpha / the root of rank times, instead of alpha / rank.</param>
internal sealed record ExportedAdapter(int Rank, double Alpha, bool Rslora = false, IReadOnlyList<string>? Targets = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ExportStory))]
internal sealed partial class ExportStoryJson : JsonSerializerContext;
