using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.Report.Card;

/// <summary>Validate's validation.json of a VITS voice, what a card says of it.</summary>
/// <param name="Exact">Whether bits were compared; else samples, within the tolerance.</param>
internal sealed record VitsProof(bool Exact = false, double Tolerance = 0, IReadOnlyList<ProvenSentence>? Sentences = null)
{
    /// <exception cref="JsonException">It is something else.</exception>
    public static VitsProof Read(string path) => JsonSerializer.Deserialize(File.ReadAllBytes(path), VitsProofJson.Default.VitsProof) ?? throw new JsonException("it is null");

    /// <summary>What was proven, in a sentence.</summary>
    public string Sentence => FormattableString.Invariant($"Loaded from these files in a fresh process, it spoke {Sentences?.Count ?? 0} held-back sentences with {(Exact ? "the very samples" : $"the samples, within {Tolerance},")} that the network spoke at the end of its training.");
}

/// <summary>A sentence that was spoken again.</summary>
internal sealed record ProvenSentence(int N = 0);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(VitsProof))]
internal sealed partial class VitsProofJson : JsonSerializerContext;
