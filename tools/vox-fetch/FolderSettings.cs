using System.Text.Json.Serialization;

namespace VoxMake.Fetch;

/// <summary>Settings of <c>vox-fetch folder</c>; <see cref="FolderVerb.Describe"/> says what they mean.</summary>
public sealed record FolderSettings
{
    public string? Format { get; init; }
    public string? Licence { get; init; }
    public string? Language { get; init; }
    public string? Speaker { get; init; }
    public string? TranscriptsName { get; init; }
    public string TranscriptsFolder { get; init; } = ".";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(FolderSettings))]
internal sealed partial class FetchJson : JsonSerializerContext;
