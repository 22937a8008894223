using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using VoxMake.Audio;
using VoxMake.Audio.Timed;
using VoxMake.Protocol;
using VoxMake.Speech.Recognition;
using VoxMake.Speech.Recognition.Subtitles;
using VoxMake.Speech.Tests.Recognition;

namespace VoxMake.Speech.Tests.Tools;

/// <summary><c>vox-speech transcribe</c> as the host and as people start it, with a server as its engine.</summary>
[Collection("libtorch")]
public sealed class TranscribeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private InputFile Sound(string name, double seconds, float amplitude = 0.1f)
    {
        File.WriteAllBytes(_folder.File(name), WavWriter.Mono16([.. Enumerable.Range(0, (int)(seconds * 16_000)).Select(i => amplitude * MathF.Sin(i * 0.05f))], 16_000));
        return Input(name);
    }

    private InputFile Input(string name) => new(name, name, Digest.OfFile(_folder.File(name)), new FileInfo(_folder.File(name)).Length);

    private InputFile Activity(string name, params SpeechSpan[] speech)
    {
        File.WriteAllBytes(_folder.File(name), new SpeechSpans(16_000, 32_000, speech, 512, []).ToJson());
        return Input(name);
    }

    private static WorkItem Item(string id, InputFile? audio, string? text = null, InputFile? activity = null)
    {
        var inputs = new Dictionary<string, InputFile>();
        if (audio is not null) inputs["audio"] = audio;
        if (activity is not null) inputs["activity"] = activity;
        return new WorkItem(id, inputs, text is null ? Columns.Empty : Columns.Of(("text", text)));
    }

    private Tool Run(TranscriptionServer server, IEnumerable<WorkItem> items, string more = "") =>
        Tool.Order(_folder, "vox-speech", "transcribe", $$"""{"engine":"endpoint","endpoint":"{{server.Address}}","endpoint_model":"m","attempts":1{{more}}}""", items);

    private string Output(ItemEvent item, string name) => File.ReadAllText(Path.Combine(_folder.Path, "out", item.Outputs.Single(file => file.Name == name).Path!));

    private static ItemEvent One(Tool tool, string id) => tool.Of<ItemEvent>().Single(item => item.Id == id);

    [SkippableFact]
    public void What_is_said_comes_as_text_and_as_subtitles()
    {
        Torch.Tests.NeedsTorch.OrSkip();
        using var server = new TranscriptionServer((sent, _) => TranscriptionServer.Verbose(sent, "good morning"));
        var item = One(Run(server, [Item("a", Sound("a.wav", 2))]), "a");
        Assert.Equal(Outcome.Ok, item.Outcome);
        Assert.Equal(["transcript", "srt", "vtt"], item.Outputs.Select(file => file.Name));
        Assert.Equal(("good morning", "transcribed", "en", ""), (item.Columns["text"].AsText, item.Columns["text_source"].AsText, item.Columns["spoken_language"].AsText, item.Columns["guards"].AsText));
        Assert.Equal((Math.Round(Math.Exp(-0.1), 4), 0.01, 1.1), (item.Columns["confidence"].AsReal, item.Columns["no_speech"].AsReal, item.Columns["compression_ratio"].AsReal));
        var cue = new SubtitleCue(500, 2000, "good morning");
        Assert.Equal([cue], SubRip.Read(Output(item, "srt")));
        Assert.Equal([cue], WebVtt.Read(Output(item, "vtt")));
        Assert.Equal("good morning", TranscriptReader.Read(Encoding.UTF8.GetBytes(Output(item, "transcript"))).Segments.Single().Text);
        Assert.Equal(2.0, item.AudioSeconds);
    }

    [SkippableFact]
    public void What_comes_with_a_text_keeps_it_and_nothing_is_asked()
    {
        Torch.Tests.NeedsTorch.OrSkip();
        using var server = new TranscriptionServer((sent, _) => TranscriptionServer.Verbose(sent, "something else"));
        var item = One(Run(server, [Item("a", Sound("a.wav", 2), text: "as somebody wrote it"), Item("b", Sound("b.wav", 2), text: "  ")]), "a");
        Assert.Equal(("as somebody wrote it", "given"), (item.Columns["text"].AsText, item.Columns["text_source"].AsText));
        Assert.Empty(item.Outputs);
        Assert.Single(server.Asked); // for b, whose text is none
    }

    [SkippableFact]
    public void Where_nobody_speaks_nothing_is_asked_and_the_text_is_empty()
    {
        Torch.Tests.NeedsTorch.OrSkip();
        using var server = new TranscriptionServer((sent, _) => TranscriptionServer.Verbose(sent, "Thanks for watching!"));
        var tool = Run(server, [Item("silent", Sound("a.wav", 2, amplitude: 0)), Item("noise", Sound("b.wav", 2), activity: Activity("b.json"))]);
        Assert.Empty(server.Asked);
        Assert.All(new[] { One(tool, "silent"), One(tool, "noise") }, item =>
        {
            Assert.Equal((Outcome.Ok, "", "no_speech", 1.0), (item.Outcome, item.Columns["text"].AsText, item.Columns["guards"].AsText, item.Columns["no_speech"].AsReal));
            Assert.Equal(("", "WEBVTT\n\n"), (Output(item, "srt"), Output(item, "vtt")));
        });
    }

    [SkippableFact]
    public void Speech_without_a_text_is_named()
    {
        Torch.Tests.NeedsTorch.OrSkip();
        using var server = new TranscriptionServer((_, _) => TranscriptionServer.Json("""{"text":""}"""));
        var item = One(Run(server, [Item("a", Sound("a.wav", 2))]), "a");
        Assert.Equal((Outcome.Ok, "", "no_text"), (item.Outcome, item.Columns["text"].AsText, item.Columns["guards"].AsText));
    }

    [SkippableFact, Trait("Category", "Slow")]
    public void Whisper_writes_down_recordings_with_their_words_whatever_their_rate()
    {
        Torch.Tests.NeedsTorch.OrSkip();
        var model = SmallWhisper.In(_folder);
        var clips = new[] { "fsdd/7_jackson_6.wav", "formats/LJ001-0002.mp3" }.Select(name => TestFiles.Shared("data/" + name))
            .Select(path => Item(Path.GetFileName(path), new InputFile(Path.GetFileName(path), path, Digest.OfFile(path), new FileInfo(path).Length))).ToList();
        ItemEvent[] Heard()
        {
            if (Directory.Exists(Path.Combine(_folder.Path, "out"))) Directory.Delete(Path.Combine(_folder.Path, "out"), recursive: true); // names are given once
            var tool = Tool.Order(_folder, "vox-speech", "transcribe", """{"word_timestamps":true,"language":"en","beam_size":2}""", clips, new() { ["model"] = model });
            Assert.True(tool.Exit == ExitCode.Done, tool.Said);
            return [.. tool.Of<ItemEvent>().OrderBy(item => item.Id, StringComparer.Ordinal)];
        }
        var (first, again) = (Heard(), Heard());
        Assert.Equal(2, first.Length);
        Assert.Equal(first.Select(item => item.Outputs.Select(file => file.Digest)), again.Select(item => item.Outputs.Select(file => file.Digest))); // a random network says nothing, but always the same
        Assert.All(again, item =>
        {
            Assert.Equal((Outcome.Ok, "transcribed"), (item.Outcome, item.Columns["text_source"].AsText));
            var heard = TranscriptReader.Read(Encoding.UTF8.GetBytes(Output(item, "transcript")));
            Assert.Equal(item.AudioSeconds, heard.Duration, 3);
            Assert.Equal(item.Columns["text"].AsText, heard.Text);
            Assert.Equal("en", heard.Language);
            Assert.NotEmpty(heard.Segments.SelectMany(segment => segment.Words));
        });
    }

    [Fact]
    public void Every_option_says_what_it_is_for()
    {
        var help = Tool.Run("vox-speech", "transcribe", "--help");
        Assert.Equal(0, help.Exit);
        var verb = new SpeechTool.TranscribeVerb();
        Assert.All(verb.SettingsType.Properties, setting => Assert.NotNull(verb.Describe(setting.Name)));
    }

    private const string Doubtful = """
        {"language":"en","text":"Good morning. Thanks for watching!","segments":[{"start":0,"end":1,"text":"Good morning.","avg_logprob":-0.1},{"start":1.2,"end":2,"text":"Thanks for watching!","avg_logprob":-0.5}]}
        """;

    [SkippableTheory]
    [InlineData("mark", "ok", "Good morning. Thanks for watching!", 2)]
    [InlineData("drop", "ok", "Good morning.", 1)]
    [InlineData("reject", "rejected", null, 0)]
    public void What_looks_made_up_is_marked_dropped_or_rejects_the_recording(string guard, string outcome, string? text, int cues)
    {
        Torch.Tests.NeedsTorch.OrSkip();
        using var server = new TranscriptionServer((_, _) => TranscriptionServer.Json(Doubtful));
        var item = One(Run(server, [Item("a", Sound("a.wav", 2))], $",\"guard\":\"{guard}\""), "a");
        Assert.Equal(outcome, item.Outcome.ToString().ToLowerInvariant());
        Assert.Equal("known_phrase", item.Columns["guards"].AsText);
        if (text is null)
        {
            Assert.Contains("1 of 2 segments look made up (known_phrase): 'Thanks for watching!'", item.Message, StringComparison.Ordinal);
            return;
        }
        Assert.Equal(text, item.Columns["text"].AsText);
        Assert.Equal(cues, SubRip.Read(Output(item, "srt")).Count);
        var json = JsonDocument.Parse(Output(item, "transcript")).RootElement;
        var named = json.GetProperty(guard == "drop" ? "dropped_segments" : "segments").EnumerateArray().Last();
        Assert.Equal(("Thanks for watching!", "known_phrase"), (named.GetProperty("text").GetString(), named.GetProperty("guards")[0].GetString()));
    }

    [SkippableFact]
    public void Where_the_speech_is_known_what_is_written_elsewhere_is_made_up()
    {
        Torch.Tests.NeedsTorch.OrSkip();
        using var server = new TranscriptionServer((_, _) => TranscriptionServer.Json("""{"language":"en","text":"Yes. No way.","segments":[{"start":0,"end":1,"text":"Yes."},{"start":1.2,"end":2,"text":"No way."}]}"""));
        var item = One(Run(server, [Item("a", Sound("a.wav", 2), activity: Activity("a.json", new SpeechSpan(0, 16_000)))], ",\"guard\":\"drop\""), "a");
        Assert.Equal(("Yes.", "no_speech"), (item.Columns["text"].AsText, item.Columns["guards"].AsText));
    }

    [SkippableFact]
    public void Several_languages_are_told_apart_by_segments_and_the_longest_is_the_recordings()
    {
        Torch.Tests.NeedsTorch.OrSkip();
        using var server = new TranscriptionServer((_, _) => TranscriptionServer.Json(
            """{"language":"english","text":"Yes. Guten Morgen.","segments":[{"start":0,"end":0.5,"text":"Yes.","language":"en"},{"start":0.5,"end":2,"text":"Guten Morgen.","language":"de"}]}"""));
        var item = One(Run(server, [Item("a", Sound("a.wav", 2))]), "a");
        Assert.Equal("de", item.Columns["spoken_language"].AsText);
        Assert.Equal(["en", "de"], TranscriptReader.Read(Encoding.UTF8.GetBytes(Output(item, "transcript"))).Segments.Select(segment => segment.Language));
    }

    [SkippableFact]
    public void One_recording_that_fails_does_not_stop_the_others_and_only_it_is_to_be_done_again()
    {
        Torch.Tests.NeedsTorch.OrSkip();
        using var server = new TranscriptionServer((sent, _) => sent.Seconds > 2.5 ? TranscriptionServer.Error(500, "oops") : TranscriptionServer.Verbose(sent, "fine"));
        var tool = Run(server, [Item("a", Sound("a.wav", 2)), Item("b", Sound("b.wav", 3)), Item("c", Sound("c.wav", 1))]);
        Assert.Equal(ExitCode.Failed, tool.Exit);
        Assert.Equal([Outcome.Ok, Outcome.Failed, Outcome.Ok], new[] { "a", "b", "c" }.Select(id => One(tool, id).Outcome)); // ok is remembered by the host, failed is not
        Assert.Contains("it answered 500: oops", One(tool, "b").Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_wrong_key_stops_the_batch_and_is_named_without_being_shown()
    {
        Torch.Tests.NeedsTorch.OrSkip();
        Environment.SetEnvironmentVariable("VOX_TEST_KEY", "sk-never-shown-1234");
        using var server = new TranscriptionServer((sent, _) => TranscriptionServer.Error(401, "Incorrect API key provided: " + sent.Authorization!["Bearer ".Length..]));
        var tool = Run(server, Enumerable.Range(0, 20).Select(i => Item($"a{i}", Sound($"a{i}.wav", 1))), ",\"api_key_env\":\"VOX_TEST_KEY\"");
        Assert.Equal(ExitCode.Failed, tool.Exit);
        Assert.Contains("Incorrect API key", tool.Error.Message, StringComparison.Ordinal);
        Assert.Contains("api_key_env", tool.Error.Try, StringComparison.Ordinal);
        Assert.InRange(server.Asked.Count, 1, 2); // one a thread
        Assert.DoesNotContain("sk-never-shown", tool.Said + string.Concat(tool.Events), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("""{"engine":"siri"}""", "engine")]
    [InlineData("""{"engine":"endpoint"}""", "endpoint")]
    [InlineData("""{"engine":"endpoint","endpoint":"x"}""", "endpoint")]
    [InlineData("""{"engine":"endpoint","endpoint":"http://h"}""", "endpoint_model")]
    [InlineData("""{"engine":"endpoint","endpoint":"http://h","endpoint_model":"m","api_key_env":"VOX_NO_SUCH_KEY"}""", "api_key_env")]
    [InlineData("""{"engine":"whisper"}""", "model")]
    [InlineData("""{"engine":"whisper","guard":"hope"}""", "guard")]
    [InlineData("""{"engine":"whisper","formats":["doc"]}""", "formats")]
    [InlineData("""{"engine":"whisper","language":"Klingonisch, bitte"}""", "language")]
    [InlineData("""{"engine":"endpoint","endpoint":"http://h","endpoint_model":"m","attempts":0}""", "attempts")]
    public void Settings_that_do_not_fit_are_named(string settings, string field)
    {
        Torch.Tests.NeedsTorch.OrSkip();
        var tool = Tool.Order(_folder, "vox-speech", "transcribe", settings, [Item("a", Sound("a.wav", 1))]);
        Assert.Equal((ExitCode.BadInput, field), (tool.Exit, tool.Error.Field));
    }

    [SkippableFact]
    public void What_is_no_sound_is_rejected()
    {
        Torch.Tests.NeedsTorch.OrSkip();
        using var server = new TranscriptionServer((sent, _) => TranscriptionServer.Verbose(sent, "x"));
        File.WriteAllText(_folder.File("a.wav"), "not audio");
        Assert.Equal(Outcome.Rejected, One(Run(server, [Item("a", Input("a.wav"))]), "a").Outcome);
        Assert.Empty(server.Asked);
    }

    [SkippableFact]
    public void By_hand_it_prints_and_writes_where_it_is_told()
    {
        Torch.Tests.NeedsTorch.OrSkip();
        using var server = new TranscriptionServer((sent, _) => TranscriptionServer.Verbose(sent, FormattableString.Invariant($"{sent.Seconds} seconds")));
        Sound("a.wav", 1);
        Sound("b.wav", 2);
        string[] engine = ["--engine", "endpoint", "--endpoint", server.Address.ToString(), "--endpoint-model", "m"];
        var (a, b) = (_folder.File("a.wav"), _folder.File("b.wav"));
        Assert.Equal($"{a}: 1 seconds\n{b}: 2 seconds\n", Printed([a, b, .. engine]));
        var lines = Printed([a, b, "--json", .. engine]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal([a, b], lines.Select(line => line.GetProperty("id").GetString()));
        Assert.Equal(["1 seconds", "2 seconds"], lines.Select(line => line.GetProperty("segments")[0].GetProperty("text").GetString()));
        Assert.Equal("", Printed([a, b, "--output", Path.Combine(_folder.Path, "written"), .. engine]));
        Assert.True(File.Exists(Path.Combine(_folder.Path, "written", "srt", "a.srt")));
        using var table = new CsvReader(new StreamReader(Path.Combine(_folder.Path, "written", "metadata.csv")), CultureInfo.InvariantCulture);
        Assert.Equal(["1 seconds", "2 seconds"], table.GetRecords<dynamic>().Select(row => (string)row.text));
    }

    private static string Printed(string[] arguments)
    {
        var start = new System.Diagnostics.ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "vox-speech.dll"), "transcribe" }.Concat(arguments)) start.ArgumentList.Add(argument);
        using var process = System.Diagnostics.Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        var printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, said.Result);
        return printed;
    }

    public void Dispose() => _folder.Dispose();
}
