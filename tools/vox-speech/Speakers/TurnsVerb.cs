using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Protocol;
using VoxMake.Speech.Speakers;
using VoxMake.Speech.Speakers.Turns;
using VoxMake.Tooling;

namespace VoxMake.SpeechTool.Speakers;

/// <summary>Settings of <c>turns</c>.</summary>
internal sealed record TurnsSettings(string Method = VoiceNetwork.Resemblyzer, double Threshold = 0.6, int? MinSpeakers = null, int? MaxSpeakers = null, double BridgeS = 1)
{
    /// <exception cref="ToolException">A setting is out of range.</exception>
    public TurnSettings Checked()
    {
        SettingRange.Within("threshold", Threshold, 0, 1);
        SettingRange.Within("min_speakers", MinSpeakers, 1, 1000);
        SettingRange.Within("max_speakers", MaxSpeakers, MinSpeakers ?? 1, 1000);
        SettingRange.Within("bridge_s", BridgeS, 0, 60);
        return new TurnSettings(Threshold, MinSpeakers ?? 1, MaxSpeakers ?? 1000, BridgeS);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(TurnsSettings))]
internal sealed partial class TurnsJson : JsonSerializerContext;

/// <summary>The network, and how turns are found.</summary>
internal sealed record TurnEars(IVoiceEmbedder Network, TurnSettings Settings) : IDisposable
{
    public void Dispose() => Network.Dispose();
}

/// <summary>Finds who speaks when in long recordings (docs/targets/turns.md).</summary>
internal sealed class TurnsVerb : ItemVerb<TurnsSettings, TurnEars>
{
    public override string Name => "turns";
    public override string Summary => "finds who speaks when in recordings (speaker diarization), as RTTM";
    public override JsonTypeInfo SettingsType => TurnsJson.Default.TurnsSettings;
    public override IReadOnlyList<FileRole> FileRoles => [VoiceNetwork.Files];

    public override string? Describe(string setting) => setting switch
    {
        "method" => VoiceNetwork.MethodHelp,
        "threshold" => "stretches whose mean cosine is at least this are one speaker (0 to 1); default 0.6, for resemblyzer: another network wants its own",
        "min_speakers" => "never fewer speakers (1 to 1000)",
        "max_speakers" => "never more speakers (min_speakers to 1000)",
        "bridge_s" => "pauses of one speaker up to this long belong to the turn (0 to 60 s); default 1",
        _ => null,
    };

    protected override TurnEars Load(TurnsSettings settings, Func<string, IReadOnlyList<InputFile>> files)
    {
        var turns = settings.Checked();
        return new TurnEars(VoiceNetwork.Load(settings.Method, files(VoiceNetwork.Role)), turns);
    }

    protected override IItemWorker CreateWorker(TurnEars shared) => new TurnsWorker(shared);
}

internal sealed class TurnsWorker(TurnEars ears) : IItemWorker
{
    private readonly TurnFinder _finder = new(ears.Network, ears.Settings);

    public ItemResult Process(WorkItem item, IOutputFolder output)
    {
        var clip = HeardClip.ReadVoice(item);
        var turns = _finder.Find(clip.Sound, clip.Speech ?? EnergySpeech.Spans(clip.Sound));
        if (turns.Count == 0) return ItemResult.Rejected("silent", $"nothing in {clip.Seconds.ToString("0.00", CultureInfo.InvariantCulture)} s is as loud as speech");
        return ItemResult.Ok(Columns.Of(
            ("speakers", turns.Select(turn => turn.Speaker).Distinct().Count()),
            ("turns", turns.Count)), output.Write("turns", ".rttm", Encoding.UTF8.GetBytes(Rttm.Write(item.Id, turns)))) with { AudioSeconds = clip.Seconds };
    }

    public void Dispose() { }
}
