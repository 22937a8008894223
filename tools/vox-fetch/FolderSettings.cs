using System.Text.Json.Serialization;

namespace VoxMake.Fetch;

/// <summary>Settings of <c>vox-fetch folder</c>; <see cref="FolderVerb.Describe"/> says what they mean.</summary>
/// <remarks>Positional with defaults: System.Text.Json's source generator forgets the initialisers of init-only properties.</remarks>
public sealed record FolderSettings(
    string? Format = null,
    string? Licence = null,
    string? Language = null,
    string? Speaker = null,
    string? TranscriptsName = null,
    string TranscriptsFolder = ".");

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(FolderSettings))]
internal sealed partial class FetchJson : JsonSerializerContext;
