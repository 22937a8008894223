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
        SettingRange.Within("max_tokens", MaxTokens, 16, 1 << 20);
        SettingRange.Within("min_frames", MinFrames, 1, 1 << 20);
        SettingRange.Within("max_frames", MaxFrames, MinFrames, 1 << 20);
        SettingRange.Within("max_duplicate_share", MaxDuplicateShare, 0, 1);
        SettingRange.Within("codebook_size", CodebookSize, 1, 1 << 20);
        SettingRange.Within("shard_tokens", ShardTokens, 1, 1 << 28);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(TokenizeSettings))]
internal sealed partial class TokenizeJson : JsonSerializerContext;
