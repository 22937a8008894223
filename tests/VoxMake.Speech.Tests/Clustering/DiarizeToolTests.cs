using System.Text.Json;
using VoxMake.Audio;
using VoxMake.Protocol;
using VoxMake.Speech.Clustering;
using VoxMake.Speech.Speakers;
using Outcome = VoxMake.Protocol.Outcome;

namespace VoxMake.Speech.Tests.Clustering;

/// <summary><c>vox-speech cluster</c> and <c>vox-speech diarize</c>, as the host and as a person starts them.</summary>
public sealed class DiarizeToolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Cluster_writes_embeddings_in_the_order_of_the_json_and_says_how_sure_it_is()
    {
        var (run, files) = Clustered("{}");
        Assert.Empty(run.Of<WarningEvent>());
        var json = ClustersFile.Read(files["clusters.json"]);
        var (values, rows, columns) = NpyFile.Read(files["embeddings.npy"]);
        Assert.Equal((48, 256), (rows, columns));
        Assert.Equal(json.Clips.Select(clip => clip.Id).Order(StringComparer.Ordinal), json.Clips.Select(clip => clip.Id));
        var embeddings = SpeakerVectors.Embeddings("librispeech");
        for (var i = 0; i < rows; i++) Assert.Equal(embeddings.AsSpan(int.Parse(json.Clips[i].Id[4..6]) * 256, 256).ToArray(), values[(i * 256)..((i + 1) * 256)]);
        Assert.Equal(1, PartitionAgreement.AdjustedRand(SpeakerVectors.Truth("librispeech"), [.. json.Clips.Select(clip => clip.Label)]));
        Assert.Equal(8, json.Speakers);
        Assert.InRange(json.Sure, 0.8, 1);
        Assert.True(json.Candidates.Count >= 5);
        Assert.Equal(8, run.Of<MetricEvent>().Single(metric => metric.Name == "speakers").Value.AsInteger);
    }

    [SkippableFact]
    public void The_same_order_gives_the_same_bytes()
    {
        var first = Clustered("""{"seed": 3}""").Files.Select(file => (file.Key, Digest.OfFile(file.Value))).ToList();
        Assert.Equal(first, Clustered("""{"seed": 3}""").Files.Select(file => (file.Key, Digest.OfFile(file.Value))));
    }

    [SkippableFact]
    public void Corrections_and_given_speakers_come_out_as_such_and_steer_the_rest()
    {
        var clusters = Clustered("{}").Files;
        List<WorkItem> clips = [.. Enumerable.Range(0, 48).Select(i => Clip(i, given: i == 14 ? "Clara" : null))];
        var edits = Csv("edits/1.csv",
            (clips[0], "speaker_0", "Anna"), // names the speaker
            (clips[7], "speaker_1", "Bert"),
            (clips[7], "Bert", "Boris"));    // later rows win
        var run = Diarized("{}", clips, clusters, edits);
        Assert.True(run.Exit == 0, run.Said);
        var items = run.Of<ItemEvent>().ToDictionary(item => item.Id);
        var truth = SpeakerVectors.Truth("librispeech");
        for (var i = 0; i < 48; i++)
        {
            var columns = items[clips[i].Id].Columns;
            Assert.Equal(truth[i] switch { 0 => "Anna", 1 => "Boris", 2 => "Clara", var other => $"speaker_{other}" }, columns["speaker_id"].AsText);
            Assert.Equal(i is 0 or 7 ? "corrected" : i == 14 ? "given" : "diarized", columns["speaker_source"].AsText);
            Assert.InRange(columns["speaker_probability"].AsReal!.Value, i is 0 or 7 or 14 ? 1 : 0.5, 1);
            Assert.NotNull(columns["x"].AsReal);
        }

        using var json = JsonDocument.Parse(File.ReadAllBytes(Written(run, "speaker_ids.json")));
        Assert.Equal("Anna", json.RootElement.GetProperty("files").GetProperty(clips[3].Id).GetProperty("speaker").GetString());
        Assert.Equal(48, json.RootElement.GetProperty("rows").GetArrayLength());
        var anna = json.RootElement.GetProperty("speakers").GetProperty("Anna");
        Assert.Equal(6, anna.GetProperty("clips").GetInt32());
        Assert.Equal("cluster_samples/Anna_sample.wav", anna.GetProperty("sample").GetString());
        Assert.Contains(run.Of<OutputEvent>(), output => output.Output is { Name: "embeddings.npy", Path: null }); // passed on, not written again

        // six clips of 1 s and five pauses of 0.5 s
        using var sample = AudioFile.Open(Written(run, "cluster_samples/Anna_sample.wav"));
        Assert.Equal((16_000, 8.5 * 16_000), (sample.Format.SampleRate, (double)sample.Frames!.Value));
    }

    [SkippableFact]
    public void Corrections_of_other_audio_or_of_clips_that_are_gone_are_told_and_not_applied()
    {
        var clusters = Clustered("{}").Files;
        List<WorkItem> clips = [.. Enumerable.Range(0, 48).Select(i => Clip(i))];
        var gone = clips[1] with { Id = "gone" };
        var changed = clips[2] with { Inputs = new Dictionary<string, InputFile> { ["audio"] = clips[9].Inputs["audio"] } };
        var run = Diarized("""{"sample_seconds": 0}""", clips, clusters, Csv("edits/1.csv", (gone, "speaker_0", "Anna"), (changed, "speaker_0", "Bert")));
        Assert.True(run.Exit == 0, run.Said);
        Assert.DoesNotContain(run.Of<ItemEvent>(), item => item.Columns["speaker_source"].AsText != "diarized");
        Assert.Contains(run.Of<WarningEvent>(), warning => warning.Message.Contains("there is no clip 'gone'"));
        Assert.Contains(run.Of<WarningEvent>(), warning => warning.Message.Contains("it was said of other audio of 'clip02'"));
        Assert.DoesNotContain(run.Of<OutputEvent>(), output => output.Output.Name.StartsWith("cluster_samples", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void Without_clips_with_one_and_with_broken_input_there_are_answers()
    {
        var empty = Tool.Order(_folder, "vox-speech", "cluster", "{}", []);
        Assert.True(empty.Exit == 0, empty.Said);
        Assert.Contains(empty.Of<WarningEvent>(), warning => warning.Message == "there are no clips");

        var one = Tool.Order(_folder, "vox-speech", "cluster", "{}", [Embedding(0)]);
        Assert.True(one.Exit == 0, one.Said);
        Assert.Equal(1, one.Of<MetricEvent>().Single(metric => metric.Name == "speakers").Value.AsInteger);

        var broken = Tool.Order(_folder, "vox-speech", "cluster", "{}", [Embedding(0), new WorkItem("bad", new Dictionary<string, InputFile> { ["embedding"] = Tool.Input(_folder,
            "bad.npy", "no numbers") }, Columns.Empty)]);
        Assert.Equal(2, broken.Exit);
        Assert.Contains("bad.npy", broken.Error.File);

        Assert.Equal("clustering_method", Tool.Order(_folder, "vox-speech", "cluster", """{"clustering_method": "magic"}""", [Embedding(0)]).Error.Field);
        Assert.Contains("min_speakers (3) is more than max_speakers (2)", Tool.Order(_folder, "vox-speech", "cluster", """{"min_speakers": 3, "max_speakers": 2}""", [Embedding(0),
            Embedding(1)]).Error.Message);
        Assert.Equal("outliers", Tool.Order(_folder, "vox-speech", "diarize", """{"outliers": "drop"}""", []).Error.Field);
    }

    [SkippableFact]
    public void Pyannote_is_refused_by_name_with_what_to_do_instead()
    {
        var run = Tool.Order(_folder, "vox-speech", "diarize", """{"method": "pyannote"}""", [Clip(0)]);
        Assert.Equal(2, run.Exit);
        Assert.Contains("pyannote", run.Error.Message);
        Assert.Contains("resemblyzer", run.Error.Try);
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void By_hand_recordings_of_two_corpora_become_speakers()
    {
        // Thirty-one recordings: one speaker of ljspeech with 24, two of librispeech with 4 and 3.
        foreach (var path in Directory.EnumerateFiles(TestFiles.Shared("data/ljspeech/wavs")).Concat(Librispeech("1688").Take(4)).Concat(Librispeech("3331").Take(3)))
            File.Copy(path, _folder.File($"in/{Path.GetFileName(path)}"));
        var run = Tool.Run("vox-speech", "diarize", _folder.File("in"), _folder.File("out"));
        Assert.True(run.Exit == 0, run.Said);
        using var json = JsonDocument.Parse(File.ReadAllBytes(_folder.File("out/speaker_ids.json")));
        foreach (var file in json.RootElement.GetProperty("files").EnumerateObject())
            Assert.Equal(file.Name.StartsWith("LJ", StringComparison.Ordinal) ? "speaker_0" : file.Name.StartsWith("1688", StringComparison.Ordinal) ? "speaker_1" : "speaker_2",
                file.Value.GetProperty("speaker").GetString());
        Assert.InRange(json.RootElement.GetProperty("sure").GetDouble(), 0.5, 1);
        Assert.Equal(["speaker_0_sample.wav", "speaker_1_sample.wav", "speaker_2_sample.wav"], Directory.GetFiles(_folder.File("out/cluster_samples")).Select(Path.GetFileName).Order());
        Assert.True(File.Exists(_folder.File("out/embeddings.npy")));
        Assert.Contains("speaker_id", File.ReadLines(_folder.File("out/metadata.csv")).First());
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void By_hand_the_recordings_of_one_speaker_become_one_speaker()
    {
        var run = Tool.Run("vox-speech", "diarize", TestFiles.Shared("data/ljspeech/wavs"), _folder.File("out"));
        Assert.True(run.Exit == 0, run.Said);
        using var json = JsonDocument.Parse(File.ReadAllBytes(_folder.File("out/speaker_ids.json")));
        Assert.All(json.RootElement.GetProperty("files").EnumerateObject(), file => Assert.Equal("speaker_0", file.Value.GetProperty("speaker").GetString()));
        Assert.InRange(json.RootElement.GetProperty("sure").GetDouble(), 0.5, 1);
    }

    private static IEnumerable<string> Librispeech(string speaker) => Directory.EnumerateFiles(TestFiles.Shared("data/librispeech"), $"{speaker}-*.flac").Order(StringComparer.Ordinal);

    private (Tool Run, Dictionary<string, string> Files) Clustered(string settings)
    {
        var run = Tool.Order(_folder, "vox-speech", "cluster", settings, Enumerable.Range(0, 48).Reverse().Select(Embedding));
        Assert.True(run.Exit == 0, run.Said);
        return (run, new[] { "embeddings.npy", "clusters.json" }.ToDictionary(name => name, name => Written(run, name)));
    }

    private Tool Diarized(string settings, List<WorkItem> clips, Dictionary<string, string> clusters, InputFile edits)
    {
        var given = clusters.Select(file =>
        {
            var copy = _folder.File($"clusters/{file.Key}");
            File.Copy(file.Value, copy, overwrite: true);
            return new InputFile(file.Key, Path.GetRelativePath(_folder.Path, copy), Digest.OfFile(copy), new FileInfo(copy).Length);
        }).ToList();
        return Tool.Order(_folder, "vox-speech", "diarize", settings, clips, new Dictionary<string, IReadOnlyList<InputFile>> { ["clusters"] = given, ["edits"] = [edits] });
    }

    private string Written(Tool run, string name) => _folder.File(Path.Combine("out", run.Of<OutputEvent>().Single(output => output.Output.Name == name).Output.Path!));

    private WorkItem Embedding(int index)
    {
        var path = _folder.File($"e{index:00}.npy");
        File.WriteAllBytes(path, NpyFile.Vector(SpeakerVectors.Embeddings("librispeech").AsSpan(index * 256, 256)));
        return new WorkItem($"clip{index:00}", new Dictionary<string, InputFile> { ["embedding"] = new($"e{index:00}.npy", $"e{index:00}.npy", Digest.OfFile(path), new FileInfo(path)
            .Length) }, Columns.Empty);
    }

    private WorkItem Clip(int index, string? given = null)
    {
        var path = _folder.File($"a{index:00}.wav");
        File.WriteAllBytes(path, WavWriter.Mono16([.. Enumerable.Range(0, 16_000).Select(i => 0.1f * MathF.Sin(i * (0.01f + 0.001f * index)))], 16_000));
        return new WorkItem($"clip{index:00}", new Dictionary<string, InputFile> { ["audio"] = new($"a{index:00}.wav", $"a{index:00}.wav", Digest.OfFile(path), new FileInfo(path)
            .Length) }, Columns.Of(("speaker_id", given)));
    }

    private InputFile Csv(string name, params (WorkItem Clip, string Old, string New)[] rows) =>
        Tool.Input(_folder, name, "id,audio_sha256,field,old,new\n" + string.Concat(rows.Select(row => $"{row.Clip.Id},{row.Clip.Inputs["audio"].Digest},speaker,{row.Old},{row.New}\n")));
}
