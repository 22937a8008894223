using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.SpeechTool.Clustering;

/// <summary><c>speaker_ids.json</c>: who speaks what (docs/targets/diarize.md).</summary>
/// <param name="Files">By id of the clip.</param>
/// <param name="Speakers">By name.</param>
/// <param name="Rows">The ids of the rows of embeddings.npy, in their order.</param>
/// <param name="Method">The way that speakers were found.</param>
/// <param name="Sure">How sure that is, 0 to 1.</param>
/// <param name="Warnings">Why it is not.</param>
internal sealed record SpeakerIdsFile(
    SortedDictionary<string, SpeakerOfFile> Files,
    SortedDictionary<string, SpeakerOfAll> Speakers,
    IReadOnlyList<string> Rows,
    string Method,
    double Sure,
    IReadOnlyList<string> Warnings)
{
    public byte[] Json() => JsonSerializer.SerializeToUtf8Bytes(this, SpeakerIdsJson.Default.SpeakerIdsFile);
}

/// <summary>A clip's speaker.</summary>
/// <param name="Speaker">Null for an outlier that is left out.</param>
/// <param name="Source">given, diarized or corrected; null where there is no speaker.</param>
internal sealed record SpeakerOfFile(string? Speaker, double Probability, string? Source);

/// <summary>A speaker.</summary>
/// <param name="Clips">How many.</param>
/// <param name="Sample">The file to listen to; null where no clip could be read.</param>
/// <param name="Typical">The most typical clips, at most five.</param>
internal sealed record SpeakerOfAll(int Clips, string? Sample, IReadOnlyList<string> Typical);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(SpeakerIdsFile))]
internal sealed partial class SpeakerIdsJson : JsonSerializerContext;
