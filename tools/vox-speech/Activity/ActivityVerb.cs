using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Audio;
using VoxMake.Onnx;
using VoxMake.Protocol;
using VoxMake.Speech;
using VoxMake.Speech.Activity;
using VoxMake.Tooling;

namespace VoxMake.SpeechTool.Activity;

/// <summary>Settings of <c>activity</c>: those of Silero's <c>get_speech_timestamps</c>, under its names (<see cref="SpeechRules"/>).</summary>
internal sealed record ActivitySettings(
    double Threshold = 0.5, double? NegThreshold = null, double MinSpeechDurationMs = 250, double? MaxSpeechDurationS = null,
    double MinSilenceDurationMs = 100, double SpeechPadMs = 30, double MinSilenceAtMaxSpeech = 98, bool UseMaxPossSilAtMaxSpeech = true)
{
    /// <exception cref="ToolException">A setting is out of range.</exception>
    public SpeechRules Checked()
    {
        SettingRange.Within("threshold", Threshold, 0.01, 0.99);
        SettingRange.Within("neg_threshold", NegThreshold, 0, Threshold);
        SettingRange.Within("min_speech_duration_ms", MinSpeechDurationMs, 0, 60_000);
        SettingRange.Within("max_speech_duration_s", MaxSpeechDurationS, 0.5, 86_400);
        SettingRange.Within("min_silence_duration_ms", MinSilenceDurationMs, 0, 60_000);
        SettingRange.Within("speech_pad_ms", SpeechPadMs, 0, 5_000);
        SettingRange.Within("min_silence_at_max_speech", MinSilenceAtMaxSpeech, 0, 60_000);
        return new SpeechRules(Threshold, NegThreshold, MinSpeechDurationMs, MaxSpeechDurationS, MinSilenceDurationMs, SpeechPadMs, MinSilenceAtMaxSpeech, UseMaxPossSilAtMaxSpeech);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ActivitySettings))]
internal sealed partial class ActivityJson : JsonSerializerContext;

/// <summary>The network, and what becomes of its probabilities.</summary>
internal sealed record Ears(Silero Network, SpeechRules Rules) : IDisposable
{
    public void Dispose() => Network.Dispose();
}

/// <summary>Finds where somebody speaks in each recording, with Silero's network (docs/targets/activity.md).</summary>
internal sealed class ActivityVerb : ItemVerb<ActivitySettings, Ears>
{
    public const string Network = "network";

    /// <summary>The network that ships.</summary>
    public static string Shipped => Path.Combine(AppContext.BaseDirectory, "models", "silero_vad.onnx");

    public override string Name => "activity";
    public override string Summary => "finds where somebody speaks in recordings";
    public override JsonTypeInfo SettingsType => ActivityJson.Default.ActivitySettings;
    public override IReadOnlyList<FileRole> FileRoles => [new(Network, "Silero's network, silero_vad.onnx; default: the one that ships")];

    public override string? Describe(string setting) => setting switch
    {
        "threshold" => "speech begins with a window at least so likely to hold it (0.01 to 0.99); default 0.5",
        "neg_threshold" => "speech may end with a window less likely than this (0 to threshold); default threshold - 0.15",
        "min_speech_duration_ms" => "speech that is not longer is left out (0 to 60000 ms); default 250",
        "max_speech_duration_s" => "longer speech is cut in two at a pause (0.5 to 86400 s); off by default",
        "min_silence_duration_ms" => "speech ends where so long a silence follows (0 to 60000 ms); default 100",
        "speech_pad_ms" => "speech is made longer by it on both sides (0 to 5000 ms); default 30",
        "min_silence_at_max_speech" => "pauses shorter than this cut no long speech (0 to 60000 ms); default 98",
        "use_max_poss_sil_at_max_speech" => "whether long speech is cut at its longest pause, not at its last; default true",
        _ => null,
    };

    /// <summary>Reads a network, in the words of tools.</summary>
    /// <exception cref="ToolException">There is no onnxruntime, or the file is not Silero's network.</exception>
    public static Silero Read(string path)
    {
        if (!File.Exists(path)) throw new ToolException("there is no such file") { File = path, Field = Network, Try = "take silero_vad.onnx from the folder models" };
        _ = OnnxVersions.Read();
        try { return Silero.Load(path); }
        catch (OnnxException error) { throw new ToolException(error.Message) { Field = Network, Try = "take silero_vad.onnx from the folder models" }; }
    }

    protected override Ears Load(ActivitySettings settings, Func<string, IReadOnlyList<InputFile>> files)
    {
        var rules = settings.Checked();
        return new Ears(Read(files(Network) is [var file, ..] ? file.Path : Shipped), rules);
    }

    protected override IItemWorker CreateWorker(Ears shared) => new ActivityWorker(shared);
}

internal sealed class ActivityWorker(Ears ears) : IItemWorker
{
    private readonly ActivityListener _listener = new(ears.Network, ears.Rules);

    public ItemResult Process(WorkItem item, IOutputFolder output)
    {
        if (!item.Inputs.TryGetValue("audio", out var audio)) throw new ToolException($"the item '{item.Id}' has no input with the role 'audio'");
        RecordingActivity heard;
        try { heard = _listener.Hear(audio.Path); }
        catch (AudioFormatException broken) { return ItemResult.Rejected(broken.Reason, broken.Message); }
        var speech = heard.Spans.Speech.Sum(span => (long)span.Length);
        return ItemResult.Ok(Columns.Of(
            ("speech_start", heard.FirstSpeech),
            ("speech_end", heard.LastSpeech),
            ("speech_s", speech / (double)Sound16k.Rate),
            ("speech_share", speech / (double)heard.Spans.Samples)), output.Write("activity", ".json", heard.Spans.ToJson())) with { AudioSeconds = heard.Frames / (double)heard.SampleRate };
    }

    public void Dispose() => _listener.Dispose();
}
