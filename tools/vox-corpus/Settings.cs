using System.Text.Json.Serialization;

namespace VoxMake.CorpusTool;

// Positional records with defaults: System.Text.Json's source generator forgets the initialisers of init-only properties
// (and keeps those of settable ones).

/// <summary>Review has no settings: everything that it knows stands in edits.</summary>
public sealed record ReviewSettings;

/// <summary>Settings of <c>vox-corpus quality</c>; <see cref="QualityVerb.Describe"/> says what they mean.</summary>
public sealed record QualitySettings(
    double MinDurationS = 0.8,
    double MaxDurationS = 15,
    double? MinSnrDb = null,
    double? MaxClipping = 0.001,
    double? MaxSilenceShare = null,
    bool RequireText = false,
    double? MinAlignmentScore = null,
    double? MinConfidence = null,
    IReadOnlyList<string>? Speakers = null)
{
    /// <summary>Settable, since a default that is no constant must stay apart from a null that is given: null is off.</summary>
    public IReadOnlyList<double>? CharactersPerSecond { get; set; } = [5, 30];
}

/// <summary>Settings of <c>vox-corpus dataset</c>; <see cref="DatasetVerb.Describe"/> says what they mean.</summary>
public sealed record DatasetSettings(
    double TrainSplit = 0.9,
    double ValSplit = 0.1,
    double TestSplit = 0.0,
    bool Shuffle = true,
    long Seed = 42,
    string SplitBy = "recording");

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ReviewSettings))]
[JsonSerializable(typeof(QualitySettings))]
[JsonSerializable(typeof(DatasetSettings))]
internal sealed partial class SettingsJson : JsonSerializerContext;
