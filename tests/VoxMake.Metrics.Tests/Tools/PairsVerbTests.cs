using System.Text.Json;
using VoxMake.Audio;
using VoxMake.EvalTool;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.Metrics.Tests.Tools;

public class PairsVerbTests
{
    private static int Run(params string[] args) => new ToolProgram("vox-eval", "", [new PairsVerb()], _ => new Dictionary<string, string>()).Run(args);

    private static string Wav(TemporaryFolder folder, string name, ReadOnlySpan<float> samples, int rate = 22050)
    {
        var format = new AudioFormat("wav", SampleEncoding.Signed16, rate, 1);
        var bytes = new byte[WavWriter.FileBytes(format, samples.Length)];
        WavWriter.WriteHeader(bytes, format, samples.Length);
        SampleConversion.ToSigned16(samples, 1, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(bytes.AsSpan(WavWriter.HeaderBytes)));
        File.WriteAllBytes(folder.File(name), bytes);
        return folder.File(name);
    }

    private static InputFile Input(string path) => new(Path.GetFileName(path), path, Digest.OfFile(path), new FileInfo(path).Length);

    private static WorkItem Pair(string id, string? speech, string? recording, double? took = 1.0)
    {
        var inputs = new Dictionary<string, InputFile>();
        if (speech is not null) inputs["speech"] = Input(speech);
        if (recording is not null) inputs["audio"] = Input(recording);
        return new WorkItem(id, inputs, took is { } seconds ? Columns.Of(("synthesis_s", seconds)) : Columns.Empty);
    }

    private static (int Code, JsonElement Metrics, string Csv) Evaluate(IEnumerable<WorkItem> items, string settings = "{}", int threads = 2)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder.File("items.jsonl"), items.Select(item => JsonSerializer.Serialize(item, ProtocolJson.Default.WorkItem)));
        var order = new WorkOrder
        {
            Protocol = WorkOrder.CurrentProtocol, Tool = "vox-eval", Verb = "pairs", Settings = JsonDocument.Parse(settings).RootElement, Threads = threads, Device = "cpu", Out = "out", Items = "items.jsonl",
            Files = new Dictionary<string, IReadOnlyList<InputFile>>(),
        };
        File.WriteAllText(folder.File("order.json"), JsonSerializer.Serialize(order, ProtocolJson.Default.WorkOrder));
        var code = Run("pairs", "--order", folder.File("order.json"));
        return File.Exists(folder.File("out/metrics.json"))
            ? (code, JsonDocument.Parse(File.ReadAllBytes(folder.File("out/metrics.json"))).RootElement, File.ReadAllText(folder.File("out/metrics.csv")))
            : (code, default, "");
    }

    [Fact]
    public void A_voice_that_says_it_as_it_was_said_is_at_no_distance()
    {
        var (code, metrics, csv) = Evaluate([Pair("a", LjSpeech.Clip("LJ001-0002"), LjSpeech.Clip("LJ001-0002"), took: 0.5), Pair("b", LjSpeech.Clip("LJ001-0008"), LjSpeech.Clip("LJ001-0008"), took: 0.5)]);
        Assert.Equal(0, code);
        var all = metrics.GetProperty("metrics");
        Assert.Equal(0, all.GetProperty("mel_distance").GetProperty("mean").GetDouble());
        Assert.Equal(0, all.GetProperty("mcd_db").GetProperty("high").GetDouble());
        Assert.Equal(1, all.GetProperty("duration_ratio").GetProperty("mean").GetDouble());
        var seconds = new[] { "LJ001-0002", "LJ001-0008" }.Average(id => 0.5 / (Clips.Mono(LjSpeech.Clip(id)).Length / 22050.0));
        Assert.Equal(seconds, all.GetProperty("real_time_factor").GetProperty("mean").GetDouble(), 1e-12);
        Assert.Equal(2, all.GetProperty("mcd_db").GetProperty("n").GetInt32());
        Assert.StartsWith("id,mel_distance,mcd_db,duration_ratio,real_time_factor,not_available\na,0,0,1,", csv);
    }

    [Fact]
    public void What_cannot_be_measured_is_counted_by_reason_and_not_as_0()
    {
        using var folder = new TemporaryFolder();
        var speech = LjSpeech.Clip("LJ001-0008");
        File.WriteAllText(folder.File("text.wav"), "this is no sound at all");
        var (code, metrics, csv) = Evaluate(
        [
            Pair("good", LjSpeech.Clip("LJ001-0002"), speech),
            Pair("no_sound", folder.File("text.wav"), speech),
            Pair("short", Wav(folder, "short.wav", new float[300]), speech),
            Pair("silent", Wav(folder, "silent.wav", new float[30000]), speech),
            Pair("sentences/001", speech, null),
            Pair("untimed", speech, LjSpeech.Clip("LJ001-0002"), took: null),
            Pair("unspoken", null, speech) with { Outcome = Outcome.Rejected, Reason = "no_characters", Message = "no character of it is known" },
        ]);
        Assert.Equal(0, code);
        var (mel, rtf, duration) = (metrics.GetProperty("metrics").GetProperty("mel_distance"), metrics.GetProperty("metrics").GetProperty("real_time_factor"), metrics.GetProperty("metrics").GetProperty("duration_ratio"));
        Assert.Equal("""{"no_recording":1,"not_spoken":1,"synthesis_not_audio":1,"synthesis_silent":1,"synthesis_too_short":1}""", JsonSerializer.Serialize(mel.GetProperty("not_available")));
        Assert.Equal(2, mel.GetProperty("n").GetInt32());
        Assert.InRange(mel.GetProperty("mean").GetDouble(), 0.3, 3);
        Assert.Equal("""{"not_spoken":1,"not_timed":1,"synthesis_not_audio":1}""", JsonSerializer.Serialize(rtf.GetProperty("not_available")));
        Assert.Equal("""{"no_recording":1,"not_spoken":1,"synthesis_not_audio":1}""", JsonSerializer.Serialize(duration.GetProperty("not_available")));
        Assert.Contains("\nunspoken,,,,,not_spoken\n", csv);
        Assert.Contains(",synthesis_silent\n", csv);
    }

    [Fact]
    public void No_pair_at_all_has_no_mean()
    {
        var (code, metrics, _) = Evaluate([]);
        Assert.Equal(0, code);
        Assert.Equal(JsonValueKind.Null, metrics.GetProperty("metrics").GetProperty("mel_distance").GetProperty("mean").ValueKind);
        Assert.Equal(0, metrics.GetProperty("metrics").GetProperty("mel_distance").GetProperty("n").GetInt32());
    }

    [Fact]
    public void A_recording_of_another_rate_is_resampled_to_the_synthesis()
    {
        using var folder = new TemporaryFolder();
        var recording = Clips.Mono(LjSpeech.Clip("LJ001-0008"));
        var synthesis = new float[Resampler.OutputLength(recording.Length, 22050, 16000)];
        Resampler.Resample(recording, 22050, 16000, synthesis);
        var (_, metrics, _) = Evaluate([Pair("a", Wav(folder, "a.wav", synthesis, 16000), LjSpeech.Clip("LJ001-0008"))]);
        Assert.Equal(1, metrics.GetProperty("resampled_recordings").GetInt32());
        Assert.Equal("[16000]", JsonSerializer.Serialize(metrics.GetProperty("sample_rates")));
        Assert.InRange(metrics.GetProperty("metrics").GetProperty("mel_distance").GetProperty("mean").GetDouble(), 1e-9, 0.05); // 16 bits
    }

    [Fact]
    public void Any_number_of_threads_writes_the_same_files()
    {
        string[] ids = ["LJ001-0002", "LJ001-0004", "LJ001-0008", "LJ001-0009"];
        List<WorkItem> items = [.. ids.SelectMany(a => ids.Select(b => Pair($"{a}-{b}", LjSpeech.Clip(a), LjSpeech.Clip(b))))];
        var one = Evaluate(items, threads: 1);
        var three = Evaluate(items, threads: 3);
        Assert.Equal(one.Csv, three.Csv);
        Assert.Equal(one.Metrics.GetRawText(), three.Metrics.GetRawText());
        Assert.Equal(items.Select(item => item.Id), one.Csv.Split('\n')[1..^1].Select(line => line.Split(',')[0]));
    }

    [Fact]
    public void Only_what_was_asked_for_is_measured()
    {
        var (_, metrics, csv) = Evaluate([Pair("a", LjSpeech.Clip("LJ001-0002"), LjSpeech.Clip("LJ001-0008"))], """{"metrics": ["rtf", "duration"]}""");
        Assert.Equal(["duration_ratio", "real_time_factor"], metrics.GetProperty("metrics").EnumerateObject().Select(metric => metric.Name));
        Assert.StartsWith("id,duration_ratio,real_time_factor,not_available\n", csv);
    }

    [Theory]
    [InlineData("""{"metrics": ["pesq"]}""")]
    [InlineData("""{"hop_length": 0}""")]
    [InlineData("""{"win_length": 2000}""")]
    [InlineData("""{"n_mels": 13}""")]
    [InlineData("""{"n_fft": 1}""")]
    [InlineData("""{"mels": 80}""")]
    public void Settings_that_make_no_sense_are_refused(string settings) => Assert.Equal(2, Evaluate([], settings).Code);

    [Fact]
    public void By_hand_recordings_are_found_by_name()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("spoken/validation/LJ001-0002.wav"), WavWriter.Mono16(Clips.Mono(LjSpeech.Clip("LJ001-0002")), 22050));
        File.WriteAllText(folder.File("spoken/metadata.csv"), "file_name,synthesis_s\nvalidation/LJ001-0002.wav,0.25\n");
        Assert.Equal(0, Run("pairs", folder.File("spoken/metadata.csv"), folder.File("out"), "--recordings", LjSpeech.Clip("LJ001-0002"), LjSpeech.Clip("LJ001-0008")));
        Assert.Contains("validation/LJ001-0002,0,0,1,", File.ReadAllText(folder.File("out/metrics.csv")));
        Assert.Equal(2, Run("pairs", folder.File("spoken"), folder.File("out"), "--recordings", LjSpeech.Clip("LJ001-0002"), LjSpeech.Clip("LJ001-0002")));
    }
}
