using System.Globalization;
using System.Text.Json.Serialization;
using VoxMake.Tooling;

namespace VoxMake.CodecTool;

/// <summary>Settings of <c>vox-codec tokenize</c>; <see cref="TokenizeVerb.Describe"/> says what they mean.</summary>
internal sealed record TokenizeSettings(
    string? Voice = null,
    int MaxTokens = 2048,
    int MinFrames = 6,
    int? MaxFrames = null,
    bool RemoveDuplicateFrames = false,
    double? MaxDuplicateShare = null,
    int? CodebookSize = null,
    int ShardTokens = 4_000_000,
    string? Language = null)
{
    /// <exception cref="ToolException">A setting is out of range.</exception>
    public void Check()
    {
        In("max_tokens", MaxTokens, 16, 1 << 20);
        In("min_frames", MinFrames, 1, 1 << 20);
        if (MaxFrames is { } most) In("max_frames", most, MinFrames, 1 << 20);
        if (MaxDuplicateShare is { } share) In("max_duplicate_share", share, 0, 1);
        if (CodebookSize is { } size) In("codebook_size", size, 1, 1 << 20);
        In("shard_tokens", ShardTokens, 1, 1 << 28);
    }

    private static void In(string field, double value, double least, double most)
    {
        if (!(value >= least && value <= most)) throw new ToolException(string.Create(CultureInfo.InvariantCulture, $"{value} is out of range; allowed is {least} to {most}")) { Field = field };
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(TokenizeSettings))]
internal sealed partial class TokenizeJson : JsonSerializerContext;
