using VoxMake.Protocol;

namespace VoxMake.Corpus.Tests;

public class CorpusToolTests
{
    [Fact]
    public void Review_applies_edits_lists_orphans_and_counts_both()
    {
        using var folder = new TemporaryFolder();
        var (a, b, c) = (Tool.Input(folder, "a.wav", "A"), Tool.Input(folder, "b.wav", "B"), Tool.Input(folder, "c.wav", "C"));
        var orphans = string.Concat(Enumerable.Range(0, 25).Select(i => $"gone{i},{a.Digest},drop,,\n"));
        var edits = Tool.Input(folder, "edits.csv", $"id,audio_sha256,field,old,new,by\na,{a.Digest},text,helo,hello,me\na,{a.Digest},speaker,anna,eva,me\nb,{b.Digest},drop,,,me\nc,{c.Digest},keep,,,me\n{orphans.Replace(",,\n", ",,,me\n")}");
        var tool = Tool.Order(folder, "vox-corpus", "review", "{}", new[] { ("a", a), ("b", b), ("c", c) }.Select(pair => Clip(pair.Item1, pair.Item2, ("text", "helo"), ("text_raw", "helo"), ("speaker_id", "anna"), ("speaker_source", "given"))), new() { ["edits"] = [edits] });
        Assert.Equal(0, tool.Exit);
        var items = tool.Of<ItemEvent>().ToDictionary(i => i.Id);
        Assert.Equal("edited=true kept=false speaker_id=eva speaker_source=corrected text=hello text_raw=helo text_source=corrected", Shown(items["a"].Columns));
        Assert.Equal((Outcome.Rejected, "dropped", "a person dropped it (edits.csv:4)"), (items["b"].Outcome, items["b"].Reason, items["b"].Message));
        Assert.Equal("edited=false kept=true speaker_id=anna speaker_source=given text=helo text_raw=helo text_source=given", Shown(items["c"].Columns));
        Assert.Equal(["edits_applied=4", "edits_orphaned=25"], tool.Of<MetricEvent>().Select(m => $"{m.Name}={m.Value}"));
        Assert.Equal(21, tool.Of<WarningEvent>().Count());
        Assert.Equal("edits.csv:6: not applied (orphaned): there is no clip 'gone0' (any more)", tool.Of<WarningEvent>().First().Message);
        Assert.Equal("and 5 more edits that were not applied, all in orphans.csv", tool.Of<WarningEvent>().Last().Message);
        Assert.Equal(26, File.ReadAllLines(folder.File("out/orphans.csv")).Length);
        Assert.Equal("orphans.csv", tool.Of<OutputEvent>().Single().Output.Name);
    }

    [Fact]
    public void Quality_rejects_with_value_and_threshold_and_people_overrule_it()
    {
        using var folder = new TemporaryFolder();
        (string, Value)[] shortAndNoisy = [("num_samples", 8000), ("sample_rate", 16000), ("snr_db", 3.5), ("clipping", 0.0), ("duration_s", 2.0), ("text", "abcde")];
        var tool = Tool.Order(folder, "vox-corpus", "quality", """{"min_snr_db":15,"characters_per_second":null,"max_silence_share":0.5}""",
            [new WorkItem("bad", new Dictionary<string, InputFile>(), Columns.Of(shortAndNoisy)), new WorkItem("kept", new Dictionary<string, InputFile>(), Columns.Of([.. shortAndNoisy, ("kept", true)]))]);
        var items = tool.Of<ItemEvent>().ToDictionary(i => i.Id);
        Assert.Equal(("too_short", "the clip has 0.5 s, less than 0.8 (min_duration_s); the signal-to-noise ratio is 3.5 dB, less than 15 (min_snr_db)"), (items["bad"].Reason, items["bad"].Message));
        Assert.Equal("rule=min_duration_s threshold=0.8 value=0.5", Shown(items["bad"].Columns));
        Assert.Equal("characters_per_second=10.0 overridden=too_short prepared_duration_s=0.5 unmeasured=silence_share", Shown(items["kept"].Columns));
        Assert.Empty(tool.Of<BeginEvent>());
    }

    [Theory]
    [InlineData("quality", """{"characters_per_second":[30,5]}""", "[30, 5] is not two numbers, 0 or more, the smaller first", "characters_per_second")]
    [InlineData("quality", """{"min_duration_s":20}""", "15 is out of range, expected seconds, not less than min_duration_s (20)", "max_duration_s")]
    [InlineData("quality", """{"max_clipping":1.5}""", "1.5 is out of range, expected a share, 0 to 1", "max_clipping")]
    [InlineData("dataset", """{"split_by":"clip"}""", "'clip' is no way to split, expected recording, speaker or text", "split_by")]
    [InlineData("dataset", """{"val_split":0.2}""", "train_split 0.9 + val_split 0.2 + test_split 0 = 1.1, expected 1", "train_split")]
    public void A_setting_that_does_not_fit_is_named_with_its_range(string verb, string settings, string message, string field)
    {
        using var folder = new TemporaryFolder();
        var tool = Tool.Order(folder, "vox-corpus", verb, settings, []);
        Assert.Equal((2, message, field), (tool.Exit, tool.Error.Message, tool.Error.Field));
    }

    [Fact]
    public void A_dataset_given_its_own_memory_is_the_same_bytes_and_passes_audio_on()
    {
        using var folder = new TemporaryFolder();
        var audio = Tool.Input(folder, "a.wav", "A");
        var items = Enumerable.Range(0, 20).Select(i => Clip($"rec{i / 2}/{i}", audio, ("text", $"text {i}"), ("num_samples", 16000 + i), ("sample_rate", 16000), ("speaker_id", "42"), ("snr_db", 20.0)) with { Parent = $"rec{i / 2}" }).ToList();
        const string settings = """{"train_split":0.8,"val_split":0.1,"test_split":0.1}""";
        var first = Tool.Order(folder, "vox-corpus", "dataset", settings, items);
        var memory = first.Of<MemoryEvent>().Single().Memory;
        var second = Tool.Order(folder, "vox-corpus", "dataset", settings, items, memory: memory);
        Assert.Equal((0, 0), (first.Exit, second.Exit));
        Assert.Equal(first.Of<OutputEvent>(), second.Of<OutputEvent>());
        Assert.Equal(memory.GetRawText(), second.Of<MemoryEvent>().Single().Memory.GetRawText());
        Assert.Equal(20, first.Of<ItemEvent>().Count(row => row.Outputs.Single() == new OutputFile("audio", null, audio.Digest, audio.Size) && row.Columns["file_name"].AsText!.EndsWith(".wav", StringComparison.Ordinal)));
        Assert.Equal(["clips=20", "train_clips+validation_clips+test_clips=20", "speakers=1"],
            [Metric("clips"), $"train_clips+validation_clips+test_clips={Number("train_clips") + Number("validation_clips") + Number("test_clips")}", Metric("speakers")]);
        Assert.Contains(first.Of<WarningEvent>(), w => w.Message == "20 of 20 clips have no licence; who publishes the voice will want to know it (source.licence)");

        string Metric(string name) => $"{name}={first.Of<MetricEvent>().Single(m => m.Name == name).Value}";
        long Number(string name) => first.Of<MetricEvent>().Single(m => m.Name == name).Value.AsInteger!.Value;
    }

    private static WorkItem Clip(string id, InputFile audio, params (string, Value)[] columns) => new(id, new Dictionary<string, InputFile> { ["audio"] = audio }, Columns.Of(columns));

    private static string Shown(Columns columns) => string.Join(' ', columns.Select(c => $"{c.Key}={c.Value}").Order(StringComparer.Ordinal));
}
