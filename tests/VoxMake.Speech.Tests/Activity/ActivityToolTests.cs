using System.Diagnostics;
using System.Runtime.InteropServices;
using VoxMake.Audio;
using VoxMake.Audio.Timed;
using VoxMake.Protocol;
using Outcome = VoxMake.Protocol.Outcome;

namespace VoxMake.Speech.Activity.Tests;

/// <summary><c>vox-speech activity</c> as the host starts it.</summary>
public class ActivityToolTests
{
    private static readonly string Shipped = Path.Combine(AppContext.BaseDirectory, "models", "silero_vad.onnx");

    /// <summary>A recording in the folder, at a rate and with channels of its own.</summary>
    private static WorkItem Recording(TemporaryFolder folder, string id, ReadOnlySpan<float> sound, int rate = 16_000)
    {
        File.WriteAllBytes(folder.File(id), WavWriter.Mono16(sound, rate));
        return Item(folder, id);
    }

    private static WorkItem Item(TemporaryFolder folder, string id) =>
        new(id, new Dictionary<string, InputFile> { ["audio"] = new(id, id, Digest.OfFile(folder.File(id)), new FileInfo(folder.File(id)).Length) }, Columns.Empty);

    private static Dictionary<string, IReadOnlyList<InputFile>> Network(TemporaryFolder folder)
    {
        File.Copy(Path.Combine(TestFiles.Repository, "models", "silero_vad.onnx"), folder.File("network"));
        return new() { ["network"] = [new("silero_vad.onnx", "network", Digest.OfFile(folder.File("network")), 0)] };
    }

    private static SpeechSpans Spans(TemporaryFolder folder, ItemEvent item) => SpeechSpans.Parse(File.ReadAllBytes(folder.File("out/" + item.Outputs.Single().Path)));

    private static float[] Jfk() => Sound16k.Read(TestFiles.GoldenClip("data/formats/jfk.wav"));

    [SkippableFact]
    public void Speech_is_told_in_the_recordings_own_samples()
    {
        NeedsOnnx.OrSkip();
        using var folder = new TemporaryFolder();
        var jfk = Jfk();
        var fast = new float[Resampler.OutputLength(jfk.Length, 16_000, 44_100)];
        Resampler.Resample(jfk, 16_000, 44_100, fast);
        var run = Tool.Order(folder, "vox-speech", "activity", "{}", [Recording(folder, "16k", jfk), Recording(folder, "44k", fast, 44_100)], Network(folder));
        Assert.True(run.Exit == 0, run.Said);
        Assert.Contains("onnxruntime", run.Of<StartedEvent>().Single().Versions.Keys);
        var items = run.Of<ItemEvent>().ToDictionary(item => item.Id);
        var spans = Spans(folder, items["16k"]);
        Assert.Equal((16_000, 176_000, 512, 344), (spans.SampleRate, spans.Samples, spans.Window, spans.Probabilities.Count));
        Assert.Equal([new(5152, 36320), new(52256, 71136), new(86048, 122848), new(130592, 169952)], spans.Speech);
        var columns = items["16k"].Columns;
        Assert.Equal((5152L, 169952L), (columns["speech_start"].AsInteger, columns["speech_end"].AsInteger));
        Assert.Equal(spans.Speech.Sum(span => span.Length) / 16000.0, columns["speech_s"].AsReal!.Value, 1e-9);
        Assert.Equal(spans.Speech.Sum(span => span.Length) / 176000.0, columns["speech_share"].AsReal!.Value, 1e-9);
        columns = items["44k"].Columns;
        Assert.Equal(5152 * 2.75625, columns["speech_start"].AsInteger!.Value, 3 * 512 * 2.75625);
        Assert.Equal(169952 * 2.75625, columns["speech_end"].AsInteger!.Value, 3 * 512 * 2.75625);
        Assert.Equal(176_000, Spans(folder, items["44k"]).Samples);
    }

    [SkippableFact]
    public void Silence_noise_and_clips_shorter_than_a_window_are_answered_too()
    {
        NeedsOnnx.OrSkip();
        using var folder = new TemporaryFolder();
        var random = new Random(1);
        var noise = Enumerable.Range(0, 32_000).Select(_ => (float)(random.NextDouble() - 0.5) * 0.02f).ToArray();
        var run = Tool.Order(folder, "vox-speech", "activity", "{}",
            [Recording(folder, "zeros", new float[48_000]), Recording(folder, "noise", noise), Recording(folder, "one", new float[1]), Recording(folder, "low", new float[10], 8000)]);
        Assert.True(run.Exit == 0, run.Said);
        Assert.Equal(4, run.Of<ItemEvent>().Count());
        foreach (var item in run.Of<ItemEvent>())
        {
            Assert.Equal(Outcome.Ok, item.Outcome); // Quality decides
            Assert.Equal((0L, 0L, 0.0, 0.0), (item.Columns["speech_start"].AsInteger, item.Columns["speech_end"].AsInteger, item.Columns["speech_s"].AsReal, item.Columns["speech_share"].AsReal));
            Assert.Empty(Spans(folder, item).Speech);
            Assert.NotEmpty(Spans(folder, item).Probabilities);
        }
    }

    [SkippableFact]
    public void A_single_word_is_speech_and_a_broken_file_is_rejected()
    {
        NeedsOnnx.OrSkip();
        using var folder = new TemporaryFolder();
        File.Copy(TestFiles.Shared("data/fsdd/7_jackson_10.wav"), folder.File("word")); // 8 kHz
        File.WriteAllText(folder.File("text"), "no sound at all");
        var run = Tool.Order(folder, "vox-speech", "activity", """{"min_speech_duration_ms": 100}""", [Item(folder, "word"), Item(folder, "text")]);
        Assert.True(run.Exit == 0, run.Said);
        var items = run.Of<ItemEvent>().ToDictionary(item => item.Id);
        Assert.True(items["word"].Columns["speech_s"].AsReal > 0.1);
        using var reader = AudioFile.Open(folder.File("word"));
        Assert.InRange(items["word"].Columns["speech_end"].AsInteger!.Value, 1, reader.Frames!.Value);
        Assert.Equal((Outcome.Rejected, "not_audio"), (items["text"].Outcome, items["text"].Reason));
    }

    /// <summary>Whichever threads and company a recording has, its bytes are the same.</summary>
    [SkippableFact]
    public void A_recording_gives_the_same_bytes_in_any_company()
    {
        NeedsOnnx.OrSkip();
        using var folder = new TemporaryFolder();
        var jfk = Jfk();
        var items = Enumerable.Range(0, 6).Select(i => Recording(folder, $"{i}", jfk.AsSpan(i % 3 * 1000))).ToList();
        var together = Tool.Order(folder, "vox-speech", "activity", "{}", items).Of<ItemEvent>().ToDictionary(item => item.Id, item => item.Outputs.Single().Digest);
        Assert.Equal(6, together.Count);
        Assert.Equal(3, together.Values.Distinct().Count());
        using var other = new TemporaryFolder();
        var alone = Tool.Order(other, "vox-speech", "activity", "{}", [Recording(other, "0", jfk)]).Of<ItemEvent>().Single();
        Assert.Equal(together["0"], alone.Outputs.Single().Digest);
        Assert.Equal(together["3"], alone.Outputs.Single().Digest);
    }

    [SkippableFact]
    public void What_resampling_gives_piece_by_piece_is_what_it_gives_at_once()
    {
        NeedsOnnx.OrSkip();
        using var network = Silero.Load(Shipped);
        using var listener = new ActivityListener(network, new SpeechRules());
        using var folder = new TemporaryFolder();
        foreach (var rate in new[] { 8000, 16_000, 22_050, 44_100, 48_000 })
        {
            var jfk = Jfk();
            var sound = new float[Resampler.OutputLength(jfk.Length, 16_000, rate)];
            if (rate == 16_000) jfk.CopyTo(sound, 0);
            else Resampler.Resample(jfk, 16_000, rate, sound);
            var stereo = MemoryMarshal.Cast<float, byte>(sound.SelectMany(x => new[] { x, x }).ToArray());
            var format = new AudioFormat("wav float", SampleEncoding.Float32, rate, 2);
            var wav = new byte[WavWriter.FileBytes(format, sound.Length)];
            WavWriter.WriteHeader(wav, format, sound.Length);
            stereo.CopyTo(wav.AsSpan(WavWriter.HeaderBytes));
            File.WriteAllBytes(folder.File("clip.wav"), wav);
            var heard = listener.Hear(folder.File("clip.wav"));
            var whole = Sound16k.Read(folder.File("clip.wav"));
            Assert.Equal((whole.Length, rate, (long)sound.Length), (heard.Spans.Samples, heard.SampleRate, heard.Frames));
            var probabilities = network.Probabilities(whole);
            Assert.Equal(probabilities.Select(p => (float)Math.Round((double)p, 3)), heard.Spans.Probabilities);
            Assert.Equal(new SpeechRules().Speech(probabilities, whole.Length), heard.Spans.Speech);
        }
    }

    [SkippableFact]
    public void Settings_out_of_range_and_another_network_stop_with_the_field()
    {
        NeedsOnnx.OrSkip();
        using var folder = new TemporaryFolder();
        var item = Recording(folder, "clip", new float[16_000]);
        foreach (var (settings, field) in new[] { ("""{"threshold": 1.5}""", "threshold"), ("""{"threshold": 0.4, "neg_threshold": 0.5}""", "neg_threshold"), ("""{"speech_pad_ms": -1}""", "speech_pad_ms"), ("""{"max_speech_duration_s": 0}""", "max_speech_duration_s") })
        {
            var run = Tool.Order(folder, "vox-speech", "activity", settings, [item]);
            Assert.Equal((2, field), (run.Exit, run.Error.Field));
        }
        var wrong = Tool.Order(folder, "vox-speech", "activity", "{}", [item], new() { ["network"] = [Tool.Input(folder, "other.onnx", "no network")] });
        Assert.Equal((2, "network"), (wrong.Exit, wrong.Error.Field));
        Assert.Contains("models", wrong.Error.Try, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Without_onnxruntime_the_message_says_what_to_do()
    {
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "vox-speech.dll"), "silero", Shipped]) { RedirectStandardError = true };
        start.Environment["VOX_ONNXRUNTIME"] = folder.Path;
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(2, process.ExitCode);
        Assert.Contains("onnxruntime was not found", said, StringComparison.Ordinal);
        Assert.Contains("build.sh", said, StringComparison.Ordinal);
    }
}
