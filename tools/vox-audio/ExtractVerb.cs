using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Audio;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.AudioTool;

/// <summary>Settings of <c>extract</c>.</summary>
internal sealed record ExtractSettings(double MaxFileMb = 2000, double MaxDurationS = 14400, double TimeoutS = 600);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ExtractSettings))]
internal sealed partial class ExtractJson : JsonSerializerContext;

/// <summary>Finds out what each file really is, decodes it once from end to end, and hands on what the later verbs read.</summary>
internal sealed class ExtractVerb : ItemVerb<ExtractSettings>
{
    public static readonly Setting MaxFileMb = new("max_file_mb", "largest file that is opened", 0.001, 100_000, "MB");
    public static readonly Setting MaxDurationS = new("max_duration_s", "longest recording that is accepted", 1, 86_400, "s");
    public static readonly Setting TimeoutS = new("timeout_s", "longest time that ffmpeg may take for one file", 1, 86_400, "s");
    private static readonly Setting[] All = [MaxFileMb, MaxDurationS, TimeoutS];

    public override string Name => "extract";
    public override string Summary => "finds out what files really are, checks them by decoding, and turns video and rare formats into wav";
    public override JsonTypeInfo SettingsType => ExtractJson.Default.ExtractSettings;
    public override string? Describe(string setting) => Array.Find(All, known => known.Name == setting)?.ToString();
    protected override IItemWorker CreateWorker(ExtractSettings settings) => new ExtractWorker(settings);
}

internal sealed class ExtractWorker : IItemWorker
{
    /// <summary>Containers round durations and count encoder delay; what is missing beyond this was cut off.</summary>
    private const double DurationToleranceS = 1, DurationToleranceShare = 0.02;

    private readonly ExtractSettings _settings;
    private readonly float[] _block = new float[1 << 14];

    public ExtractWorker(ExtractSettings settings)
    {
        ExtractVerb.MaxFileMb.Check(settings.MaxFileMb);
        ExtractVerb.MaxDurationS.Check(settings.MaxDurationS);
        ExtractVerb.TimeoutS.Check(settings.TimeoutS);
        _settings = settings;
    }

    public ItemResult Process(WorkItem item, IOutputFolder output) => AudioItem.RejectBroken(() =>
    {
        var input = AudioItem.Input(item);
        var bytes = new FileInfo(input.Path).Length;
        if (bytes > _settings.MaxFileMb * 1e6)
            throw new AudioFormatException(Reject.TooLarge, string.Create(CultureInfo.InvariantCulture, $"the file has {bytes / 1e6:F1} MB; max_file_mb is {_settings.MaxFileMb}"));

        var kind = FileKind.Of(input.Path);
        using var reader = AudioFile.TryOpen(input.Path, kind, out _);
        if (reader is null) return Decode(input, kind, output);
        if (kind.Name == "ogg") OggFile.CheckEnd(input.Path);
        return Result(reader.Format, reader.Format.Name, CheckedLength(reader), output.Pass("audio", input));
    });

    /// <summary>Reads a file to its end.</summary>
    /// <returns>Samples a channel.</returns>
    private long CheckedLength(AudioReader reader)
    {
        var format = reader.Format;
        CheckDuration((reader.Frames ?? 0) / (double)format.SampleRate);
        var block = _block.AsSpan(0, _block.Length / format.Channels * format.Channels);
        var frames = 0L;
        for (int read; (read = reader.Read(block)) > 0; frames += read)
        {
            if (AudioFormat.IsFloat(format.Stored)) Level.RefuseNotFinite(block[..(read * format.Channels)], frames * format.Channels);
            if (reader.Frames is null) CheckDuration(frames / (double)format.SampleRate);
        }
        if (reader.Frames is { } expected && frames != expected)
            throw new AudioFormatException(Reject.Truncated, $"the header says {expected} samples, {frames} could be decoded: it was cut off or damaged, get it again");
        if (frames == 0) throw new AudioFormatException(Reject.NoSamples, "the file has a header, but no samples");
        return frames;
    }

    private ItemResult Decode(InputFile input, FileKind kind, IOutputFolder output)
    {
        var limit = TimeSpan.FromSeconds(_settings.TimeoutS);
        var stream = Ffmpeg.Probe(input.Path, kind, limit);
        CheckDuration(stream.DurationSeconds ?? 0);
        var path = output.NewPath(".wav");
        try
        {
            Ffmpeg.ToWav(input.Path, kind, stream, path, _settings.MaxDurationS, limit);
            AudioFormat format;
            long frames;
            using (var wav = WavReader.TryOpen(path)!) (format, frames) = (wav.Format, CheckedLength(wav));
            var seconds = frames / (double)format.SampleRate;
            if (stream.DurationSeconds is { } expected && seconds < expected - Math.Max(DurationToleranceS, DurationToleranceShare * expected))
                throw new AudioFormatException(Reject.Truncated, string.Create(CultureInfo.InvariantCulture, $"the {kind.Name} file says {expected:F1} s, {seconds:F1} s could be decoded: it was cut off or damaged, get it again"));
            return Result(format, kind.Name == stream.Codec ? kind.Name : $"{kind.Name} {stream.Codec}", frames, output.Add("audio", path));
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private void CheckDuration(double seconds)
    {
        if (seconds > _settings.MaxDurationS)
            throw new AudioFormatException(Reject.TooLong, string.Create(CultureInfo.InvariantCulture, $"the recording lasts {seconds:F1} s or more; max_duration_s is {_settings.MaxDurationS}"));
    }

    private static ItemResult Result(AudioFormat format, string name, long frames, OutputFile audio) =>
        ItemResult.Ok(Columns.Of(
            ("source_format", name),
            ("source_rate", format.SampleRate),
            ("source_channels", format.Channels),
            ("source_samples", frames)), audio) with { AudioSeconds = frames / (double)format.SampleRate };

    public void Dispose() { }
}
