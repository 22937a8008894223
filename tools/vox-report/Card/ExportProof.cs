using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.Report.Card;

/// <summary>Validate's validation.json, what a card says of it.</summary>
/// <param name="Exact">Whether bits were compared; else samples, within the tolerance.</param>
internal sealed record ExportProof(bool Exact = false, double Tolerance = 0, IReadOnlyList<ProvenSentence>? Sentences = null)
{
    /// <exception cref="JsonException">It is something else.</exception>
    public static ExportProof Read(string path) => JsonSerializer.Deserialize(File.ReadAllBytes(path), ExportJson.Default.ExportProof) ?? throw new JsonException("it is null");

    /// <summary>What was proven, in a sentence.</summary>
    public string Sentence => FormattableString.Invariant($"Loaded from these files in a fresh process, it spoke {Sentences?.Count ?? 0} held-back sentences with {(Exact ? "the very samples" : $"the samples, within {Tolerance},")} that the network spoke at the end of its training.");
}

/// <summary>A sentence that was spoken again.</summary>
internal sealed record ProvenSentence(int N = 0);

/// <summary>Export's provenance.json, what a card says of it.</summary>
internal sealed record ExportStory(ExportedLicence? Licence = null)
{
    /// <exception cref="JsonException">It is something else.</exception>
    public static ExportStory Read(string path) => JsonSerializer.Deserialize(File.ReadAllBytes(path), ExportJson.Default.ExportStory) ?? throw new JsonException("it is null");
}

/// <summary>What may be done with the voice, as far as the licences of recordings and base model say.</summary>
/// <param name="Id">As Hugging Face spells it, or <c>unknown</c>.</param>
/// <param name="Sentence">The same for people, with the reason.</param>
internal sealed record ExportedLicence(string Id, string Sentence);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ExportProof))]
[JsonSerializable(typeof(ExportStory))]
internal sealed partial class ExportJson : JsonSerializerContext;
