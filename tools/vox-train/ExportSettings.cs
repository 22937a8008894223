using System.Text.Json.Serialization;

namespace VoxMake.TrainTool;

/// <summary>Settings of <c>vox-train export</c>; <see cref="ExportVerb.Describe"/> says what they mean.</summary>
public sealed record ExportSettings(string Name = "voice");

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ExportSettings))]
internal sealed partial class ExportJson : JsonSerializerContext;
