using VoxMake.Audio;
using VoxMake.Audio.Timed;
using VoxMake.Protocol;
using VoxMake.Speech.Speakers;
using VoxMake.Speech.Speakers.Turns;
using Outcome = VoxMake.Protocol.Outcome;

namespace VoxMake.Speech.Tests.Speakers;

/// <summary><c>vox-speech embed</c> and <c>vox-speech turns</c>, as the host and as a person starts them.</summary>
public sealed class SpeakerToolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void A_clips_file_holds_its_embedding_with_and_without_its_speech()
    {
        var sound = Clip("1688-142285-0002");
        SpeechSpan[] speech = [new(4_000, 20_000), new(22_000, 40_000)];
        var run = Order("embed", "{}", [Item("whole", sound), Item("spans", sound, speech)]);
        Assert.True(run.Exit == 0, run.Said);
        var items = run.Of<ItemEvent>().ToDictionary(item => item.Id);
        using var embedder = Encoder.New();
        foreach (var (id, spans) in new[] { ("whole", Array.Empty<SpeechSpan>()), ("spans", speech) })
        {
            var expected = embedder.Embed(Sound16k.Read(_folder.File(id)), spans);
            var (values, rows, columns) = NpyFile.Read(PathOf(items[id]));
            Assert.Equal(expected.Vector, values);
            Assert.Equal((1, 256), (rows, columns));
            Assert.Equal(expected.SpokenSamples / 16_000.0, items[id].Columns["spoken_s"].AsReal!.Value, 9);
            Assert.Equal(expected.Windows, items[id].Columns["windows"].AsInteger);
        }
        Assert.Equal(34_000 / 16_000.0, items["spans"].Columns["spoken_s"].AsReal!.Value, 9);
    }

    [SkippableFact]
    public void A_clip_has_the_same_bytes_alone_and_among_others()
    {
        var sound = Clip("2414-128291-0003");
        List<WorkItem> clips = [.. Enumerable.Range(1, 6).Select(i => Item($"clip{i}", sound[(i * 997)..(i * 7_000)]))];
        var together = Order("embed", "{}", clips).Of<ItemEvent>().ToDictionary(item => item.Id, item => item.Outputs.Single().Digest);
        foreach (var clip in clips.Take(2)) Assert.Equal(together[clip.Id], Order("embed", "{}", [clip]).Of<ItemEvent>().Single().Outputs.Single().Digest);
    }

    [SkippableTheory]
    [InlineData("embed")]
    [InlineData("turns")]
    public void Silence_is_rejected_a_word_is_answered_and_the_wrong_speech_fails_its_clip_alone(string verb)
    {
        var sound = Clip("1688-142285-0002");
        File.WriteAllText(_folder.File("text"), "no sound");
        var run = Order(verb, "{}", [Item("zeros", new float[48_000]), Item("unspoken", sound, []), Item("word", sound[8_000..12_000], [new(0, 4_000)]),
            Item("other", sound[..1_000], [new(500, 2_000)]), ItemOf("text", null), Item("one", [0.5f], [new(0, 1)])]);
        Assert.Equal(1, run.Exit);
        var items = run.Of<ItemEvent>().ToDictionary(item => item.Id);
        Assert.Equal(("silent", "silent", "not_audio"), (items["zeros"].Reason, items["unspoken"].Reason, items["text"].Reason));
        Assert.Equal((Outcome.Ok, Outcome.Ok), (items["word"].Outcome, items["one"].Outcome));
        Assert.Equal(Outcome.Failed, items["other"].Outcome);
        Assert.Contains("from sample 500 to 2000, after one that ends at 0, in a recording of 1000", items["other"].Message);
    }

    [SkippableFact]
    public void Turns_of_a_talk_are_an_rttm_file()
    {
        var (a, b) = (Clip("1688-142285-0002"), Clip("2414-128291-0003"));
        float[] talk = [.. a, .. new float[8_000], .. b];
        var run = Order("turns", "{}", [Item("talk one", talk)]);
        Assert.True(run.Exit == 0, run.Said);
        var item = run.Of<ItemEvent>().Single();
        var turns = Rttm.Read(File.ReadAllText(PathOf(item)), "x")["talk_one"];
        Assert.Equal((2L, turns.Count), (item.Columns["speakers"].AsInteger, (int)item.Columns["turns"].AsInteger!));
        SpeakerTurn[] truth = [new(0, a.Length, "a"), new(a.Length + 8_000, talk.Length, "b")];
        Assert.True(DiarizationError.Of(truth, turns, 0.25).Rate <= 0.1);
    }

    [SkippableTheory]
    [InlineData("""{"method":"pyannote"}""", "method", "gated")]
    [InlineData("""{"method":"ecapa"}""", "method", "there are resemblyzer, onnx and pyannote")]
    [InlineData("""{"method":"onnx"}""", "network", "needs the network's file")]
    public void Methods_that_cannot_be_used_are_refused_by_name(string settings, string field, string part)
    {
        foreach (var verb in (string[])["embed", "turns"])
        {
            var run = Order(verb, settings, [Item("one", new float[100])]);
            Assert.Equal((ExitCode.BadInput, field), (run.Exit, run.Error.Field));
            Assert.Contains(part, run.Error.Message + run.Error.Try);
        }
    }

    [SkippableFact]
    public void By_hand_a_folder_of_clips_becomes_a_folder_of_embeddings()
    {
        File.WriteAllBytes(_folder.File("clips/a.wav"), WavWriter.Mono16(Clip("1688-142285-0002"), 16_000));
        var run = Tool.Run("vox-speech", "embed", _folder.File("clips"), _folder.File("out"));
        Assert.True(run.Exit == 0, run.Said);
        Assert.Equal(256, NpyFile.Read(_folder.File("out/a.npy")).Columns);
        Assert.Contains("spoken_s", File.ReadLines(_folder.File("out/metadata.csv")).First());
        Assert.Contains("0 to 1", Tool.Run("vox-speech", "turns", _folder.File("clips"), _folder.File("out"), "--threshold", "2").Said);
    }

    private static float[] Clip(string name) => Sound16k.Read(TestFiles.GoldenClip($"data/librispeech/{name}.flac"));

    private WorkItem Item(string id, float[] sound, IReadOnlyList<SpeechSpan>? speech = null)
    {
        File.WriteAllBytes(_folder.File(id), WavWriter.Mono16(sound, 16_000));
        if (speech is not null) File.WriteAllBytes(_folder.File(id + ".json"), new SpeechSpans(16_000, sound.Length, speech, 512, []).ToJson());
        return ItemOf(id, speech is null ? null : id + ".json");
    }

    private WorkItem ItemOf(string id, string? activity)
    {
        InputFile File(string name) => new(name, name, Digest.OfFile(_folder.File(name)), new FileInfo(_folder.File(name)).Length);
        var inputs = new Dictionary<string, InputFile> { ["audio"] = File(id) };
        if (activity is not null) inputs["activity"] = File(activity);
        return new WorkItem(id, inputs, Columns.Empty);
    }

    private Tool Order(string verb, string settings, IEnumerable<WorkItem> items)
    {
        if (Directory.Exists(_folder.File("out"))) Directory.Delete(_folder.File("out"), recursive: true);
        return Tool.Order(_folder, "vox-speech", verb, settings, items);
    }

    private string PathOf(ItemEvent item) => Path.Combine(_folder.Path, "out", item.Outputs.Single().Path!);
}
