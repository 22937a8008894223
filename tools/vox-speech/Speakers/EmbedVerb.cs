using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Protocol;
using VoxMake.Speech;
using VoxMake.Speech.Speakers;
using VoxMake.Tooling;

namespace VoxMake.SpeechTool.Speakers;

/// <summary>Settings of <c>embed</c>.</summary>
internal sealed record EmbedSettings(string Method = VoiceNetwork.Resemblyzer);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(EmbedSettings))]
internal sealed partial class EmbedJson : JsonSerializerContext;

/// <summary>Turns each clip's voice into a vector of length 1, near those of the same speaker's other clips (docs/targets/embed.md). Clips are heard alone: each has the same bytes in whatever company.</summary>
internal sealed class EmbedVerb : ItemVerb<EmbedSettings, IVoiceEmbedder>
{
    public override string Name => "embed";
    public override string Summary => "turns each clip's voice into a vector (speaker embedding)";
    public override JsonTypeInfo SettingsType => EmbedJson.Default.EmbedSettings;
    public override IReadOnlyList<FileRole> FileRoles => [VoiceNetwork.Files];
    public override string? Describe(string setting) => setting == "method" ? VoiceNetwork.MethodHelp : null;

    protected override IVoiceEmbedder Load(EmbedSettings settings, Func<string, IReadOnlyList<InputFile>> files) => VoiceNetwork.Load(settings.Method, files(VoiceNetwork.Role));

    protected override IItemWorker CreateWorker(IVoiceEmbedder shared) => new EmbedWorker(shared);
}

internal sealed class EmbedWorker(IVoiceEmbedder embedder) : IItemWorker
{
    public ItemResult Process(WorkItem item, IOutputFolder output)
    {
        var clip = HeardClip.ReadVoice(item);
        var embedding = embedder.Embed(clip.Sound, clip.Speech ?? []);
        return ItemResult.Ok(Columns.Of(
            ("spoken_s", embedding.SpokenSamples / (double)Sound16k.Rate),
            ("windows", embedding.Windows)), output.Write("embedding", ".npy", NpyFile.Vector(embedding.Vector))) with { AudioSeconds = clip.Seconds };
    }

    public void Dispose() { }
}
