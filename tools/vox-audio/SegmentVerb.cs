using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Audio;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.AudioTool;

/// <summary>Settings of <c>segment</c>.</summary>
internal sealed record SegmentSettings(double MinS = 2, double MaxS = 15, double SilenceDb = 40, double MinSilenceS = 0.2);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(SegmentSettings))]
internal sealed partial class SegmentJson : JsonSerializerContext;

/// <summary>Cuts recordings at silences (<see cref="SilenceCutter"/>, a heuristic on energy). The pieces are the recording: no gap, no overlap, no sample changed.</summary>
internal sealed class SegmentVerb : ItemVerb<SegmentSettings>
{
    public static readonly Setting MinS = new("min_s", "shortest piece; at most half of max_s", 0.1, 600, "s");
    public static readonly Setting MaxS = new("max_s", "longest piece", 0.2, 3600, "s");
    public static readonly Setting SilenceDb = new("silence_db", "how far below the loudest 40 ms of the recording silence lies", 5, 120, "dB");
    public static readonly Setting MinSilenceS = new("min_silence_s", "shortest silence to cut in", 0.01, 10, "s");
    private static readonly Setting[] All = [MinS, MaxS, SilenceDb, MinSilenceS];

    public override string Name => "segment";
    public override string Summary => "cuts long recordings at silences, without losing a sample";
    public override JsonTypeInfo SettingsType => SegmentJson.Default.SegmentSettings;
    public override string? Describe(string setting) => Array.Find(All, known => known.Name == setting)?.ToString();
    protected override IItemWorker CreateWorker(SegmentSettings settings) => new SegmentWorker(settings);
}

internal sealed class SegmentWorker : IItemWorker
{
    private readonly SilenceCutter _cutter;
    private readonly float[] _block = new float[1 << 14];
    private readonly float[] _mono = new float[1 << 14];
    private byte[] _piece = [];

    public SegmentWorker(SegmentSettings settings)
    {
        SegmentVerb.MinS.Check(settings.MinS);
        SegmentVerb.MaxS.Check(settings.MaxS);
        SegmentVerb.SilenceDb.Check(settings.SilenceDb);
        SegmentVerb.MinSilenceS.Check(settings.MinSilenceS);
        if (settings.MaxS < 2 * settings.MinS)
            throw new ToolException(string.Create(CultureInfo.InvariantCulture, $"{settings.MaxS} s is less than twice min_s ({settings.MinS} s), so that some lengths could not be cut; allowed is {2 * settings.MinS} s and more")) { Field = "max_s" };
        _cutter = new SilenceCutter(settings.MinS, settings.MaxS, settings.SilenceDb, settings.MinSilenceS);
    }

    public ItemResult Process(WorkItem item, IOutputFolder output) => AudioItem.RejectBroken(() =>
    {
        var input = AudioItem.Input(item);
        FrameEnergies frames;
        AudioFormat format;
        using (var reader = AudioFile.Open(input.Path)) (format, frames) = (reader.Format, Frames(reader));
        var (length, seconds) = (frames.Length, frames.Length / (double)format.SampleRate);
        if (seconds <= _cutter.MaxSeconds) return Whole(length, output.Pass("audio", input)) with { AudioSeconds = seconds };
        if (item.Columns["text"].ToString() != "")
            return ItemResult.Rejected("long_with_text", string.Create(CultureInfo.InvariantCulture,
                $"the recording lasts {seconds:F1} s, more than max_s ({_cutter.MaxSeconds} s), and has a text, which cannot be cut along with it yet: cut it by hand, or give it without text to be transcribed"));

        var cuts = _cutter.Cuts(frames, format.SampleRate);
        var children = new List<ChildItem>(cuts.Count - 1);
        using var again = AudioFile.Open(input.Path);
        for (var i = 1; i < cuts.Count; i++) children.Add(Piece(again, cuts[i - 1], cuts[i], output));
        return ItemResult.Expanded(children) with { AudioSeconds = seconds };
    });

    private FrameEnergies Frames(AudioReader reader)
    {
        var (channels, frames, samples) = (reader.Format.Channels, SilenceCutter.NewFrames(reader.Format.SampleRate), 0L);
        var block = _block.AsSpan(0, _block.Length / channels * channels);
        for (int read; (read = reader.Read(block)) > 0; samples += read)
        {
            if (AudioFormat.IsFloat(reader.Format.Stored)) Level.RefuseNotFinite(block[..(read * channels)], samples * channels);
            MonoClip.Average(block[..(read * channels)], channels, _mono);
            frames.Add(_mono.AsSpan(0, read));
        }
        return samples > 0 ? frames : throw new AudioFormatException(Reject.NoSamples, "the file has a header, but no samples");
    }

    private static ItemResult Whole(long length, OutputFile audio) => ItemResult.Expanded([Child(0, length, audio)]);

    private ChildItem Piece(AudioReader reader, long start, long end, IOutputFolder output)
    {
        var size = WavWriter.FileBytes(reader.Format, end - start);
        if (_piece.Length < size) _piece = new byte[(int)Math.Min(Array.MaxLength, 2L * size)];
        WavWriter.WriteHeader(_piece, reader.Format, end - start);
        for (var done = WavWriter.HeaderBytes; done < size;)
        {
            var read = reader.ReadStored(_piece.AsSpan(done, size - done));
            if (read == 0) throw new AudioFormatException(Reject.Truncated, "the file gave fewer samples when it was read again");
            done += read * reader.Format.FrameBytes;
        }
        return Child(start, end, output.Write("audio", ".wav", _piece.AsSpan(0, size)));
    }

    private static ChildItem Child(long start, long end, OutputFile audio) =>
        new(string.Create(CultureInfo.InvariantCulture, $"-{start:D9}-{end:D9}"), [audio], Columns.Of(("start_sample", start), ("end_sample", end)));

    public void Dispose() { }
}
