using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Audio;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.AudioTool;

/// <summary><c>inspect</c> has no settings: what it measures has fixed definitions, so that a threshold moved later measures nothing again.</summary>
internal sealed record InspectSettings;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(InspectSettings))]
internal sealed partial class InspectJson : JsonSerializerContext;

/// <summary>Measures the untouched signal of each clip; writes no files. docs/targets/inspect.md defines the columns.</summary>
internal sealed class InspectVerb : ItemVerb<InspectSettings>
{
    public override string Name => "inspect";
    public override string Summary => "measures level, clipping, silence and noise of each clip as it is";
    public override JsonTypeInfo SettingsType => InspectJson.Default.InspectSettings;
    protected override IItemWorker CreateWorker(InspectSettings settings) => new InspectWorker();
}

internal sealed class InspectWorker : IItemWorker
{
    private const double MaxSeconds = 3600; // clips, not recordings: they are held in memory
    private const double ClippedFrom = 0.999;
    private const double SilenceDb = 40;

    private readonly MonoClip _clip = new();
    private readonly ClippingCounter _clipping = new(ClippedFrom);
    private readonly FrameEnergies _frames = new(hop: 512, hopsPerFrame: 4);

    public ItemResult Process(WorkItem item, IOutputFolder output) => AudioItem.RejectBroken(() =>
    {
        using var reader = AudioFile.Open(AudioItem.Input(item).Path);
        var (rate, channels) = (reader.Format.SampleRate, reader.Format.Channels);
        _clipping.Reset(channels);
        _clip.Load(reader, MaxSeconds, _clipping);
        var samples = _clip.Samples;
        _frames.Reset();
        _frames.Add(samples);
        var (start, end) = _frames.Trim(SilenceDb);
        var silent = Level.Peak(samples) == 0;
        var seconds = samples.Length / (double)rate;
        return ItemResult.Ok(Columns.Of(
            ("duration_s", seconds),
            ("sample_rate", rate),
            ("channels", channels),
            ("peak_dbfs", Level.Decibels(Level.Peak(samples))),
            ("rms_dbfs", Level.Decibels(Math.Sqrt(Level.SumOfSquares(samples) / samples.Length))),
            ("dc_offset", Level.Sum(samples) / samples.Length),
            ("clipping", _clipping.Share),
            ("clipping_longest_run", _clipping.LongestRun),
            ("leading_silence_s", silent ? Value.Null : start / (double)rate),
            ("trailing_silence_s", silent ? Value.Null : (samples.Length - end) / (double)rate),
            ("silence_share", silent ? Value.Null : _frames.SilentShare(SilenceDb)),
            ("snr_db", WadaSnr.Estimate(samples) is { } snr ? snr : Value.Null))) with { AudioSeconds = seconds };
    });

    public void Dispose() { }
}
