using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Audio;
using VoxMake.Audio.Cutting;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.AudioTool;

/// <summary>Settings of <c>segment</c>.</summary>
internal sealed record SegmentSettings(double MinS = 2, double MaxS = 15, double SilenceDb = 40, double MinSilenceS = 0.2);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(SegmentSettings))]
internal sealed partial class SegmentJson : JsonSerializerContext;

/// <summary>
/// Cuts recordings: where somebody has found out where speech is (role <c>activity</c>) or which word is where (role <c>words</c>) at pauses and never inside a word
/// (<see cref="PauseCutter"/>), else at silences (<see cref="SilenceCutter"/>, a heuristic on energy). The pieces are the recording: no gap, no overlap, no sample changed.
/// </summary>
internal sealed class SegmentVerb : ItemVerb<SegmentSettings>
{
    public static readonly Setting MinS = new("min_s", "shortest piece; at most half of max_s", 0.1, 600, "s");
    public static readonly Setting MaxS = new("max_s", "longest piece", 0.2, 3600, "s");
    public static readonly Setting SilenceDb = new("silence_db", "how far below the loudest 40 ms of the recording silence lies, where nobody has heard it", 5, 120, "dB");
    public static readonly Setting MinSilenceS = new("min_silence_s",
        "shortest silence to cut in; of pauses that were found by hearing: shorter ones are taken only where there is no other", 0.01, 10, "s");
    private static readonly Setting[] All = [MinS, MaxS, SilenceDb, MinSilenceS];

    public override string Name => "segment";
    public override string Summary => "cuts long recordings at pauses, without losing a sample";
    public override JsonTypeInfo SettingsType => SegmentJson.Default.SegmentSettings;
    public override string? Describe(string setting) => Array.Find(All, known => known.Name == setting)?.ToString();
    protected override IItemWorker CreateWorker(SegmentSettings settings) => new SegmentWorker(settings);
}

internal sealed class SegmentWorker : IItemWorker
{
    private readonly SilenceCutter _silence;
    private readonly PauseCutter _pauses;
    private byte[] _piece = [];

    public SegmentWorker(SegmentSettings settings)
    {
        SegmentVerb.MinS.Check(settings.MinS);
        SegmentVerb.MaxS.Check(settings.MaxS);
        SegmentVerb.SilenceDb.Check(settings.SilenceDb);
        SegmentVerb.MinSilenceS.Check(settings.MinSilenceS);
        if (settings.MaxS < 2 * settings.MinS)
            throw new ToolException(string.Create(CultureInfo.InvariantCulture, $"{settings.MaxS} s is less than twice min_s ({settings.MinS} s), so that some lengths could not be cut; allowed is {2 * settings.MinS} s and more")) { Field = "max_s" };
        _silence = new SilenceCutter(settings.MinS, settings.MaxS, settings.SilenceDb, settings.MinSilenceS);
        _pauses = new PauseCutter(settings.MinS, settings.MaxS, settings.MinSilenceS);
    }

    public ItemResult Process(WorkItem item, IOutputFolder output) => AudioItem.RejectBroken(() =>
    {
        var input = AudioItem.Input(item);
        FrameEnergies frames;
        AudioFormat format;
        using (var reader = AudioFile.Open(input.Path)) (format, frames) = (reader.Format, Frames(reader));
        var (length, seconds) = (frames.Length, frames.Length / (double)format.SampleRate);
        var heard = HeardRecording.Of(item, length, format.SampleRate);
        if (seconds <= _silence.MaxSeconds)
        {
            var whole = heard.Columns([new(0, false, 0), new(length, false, 0)]).Single();
            return ItemResult.Expanded([Child(0, length, whole, [output.Pass("audio", input), .. heard.PassOn(item, output)])]) with { AudioSeconds = seconds };
        }
        if (heard.Words is null && item.Columns["text"].ToString() != "")
            return ItemResult.Rejected("long_with_text", string.Create(CultureInfo.InvariantCulture,
                $"the recording lasts {seconds:F1} s, more than max_s ({_silence.MaxSeconds} s), and has a text of which nobody has said which word is where: ")
                + "align it, cut both by hand, or give it without text to be transcribed");

        var cuts = heard.Map is { } map ? _pauses.Cuts(map, frames) : [.. _silence.Cuts(frames, format.SampleRate).Select(at => new CutPoint(at, false, 0))];
        var columns = heard.Columns(cuts);
        var children = new List<ChildItem>(columns.Count);
        using var again = AudioFile.Open(input.Path);
        for (var i = 0; i < columns.Count; i++) children.Add(Child(cuts[i].At, cuts[i + 1].At, columns[i], [Piece(again, cuts[i].At, cuts[i + 1].At, output), .. heard.Part(cuts[i].At, cuts[i + 1].At, format.SampleRate, output)]));
        return ItemResult.Expanded(children) with { AudioSeconds = seconds };
    });

    private static FrameEnergies Frames(AudioReader reader)
    {
        var (frames, mono) = (SilenceCutter.NewFrames(reader.Format.SampleRate), new MonoReader(reader));
        for (ReadOnlySpan<float> block; !(block = mono.Next()).IsEmpty;) frames.Add(block);
        return frames;
    }

    private OutputFile Piece(AudioReader reader, long start, long end, IOutputFolder output)
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
        return output.Write("audio", ".wav", _piece.AsSpan(0, size));
    }

    private static ChildItem Child(long start, long end, Columns columns, IReadOnlyList<OutputFile> files) =>
        new(string.Create(CultureInfo.InvariantCulture, $"-{start:D9}-{end:D9}"), files, columns.With(Columns.Of(("start_sample", start), ("end_sample", end))));

    public void Dispose() { }
}
