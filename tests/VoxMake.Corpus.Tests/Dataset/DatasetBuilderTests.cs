using System.Text.Json;
using FsCheck.Fluent;
using VoxMake.Protocol;

namespace VoxMake.Corpus.Tests;

public class DatasetBuilderTests
{
    private static readonly SplitRules Rules = new(0.8, 0.1, 0.1, 42, SplitBy.Recording);

    [Fact]
    public void Metadata_has_the_columns_of_the_house_in_their_order()
    {
        using var built = Build([Clip("wavs/a", ("snr_db", 31.5), ("text", "Hi, \"you\"")), Clip("wavs/b")], shuffle: false);
        Assert.Equal("file_name,text,text_raw,language,speaker_id,speaker_source,num_samples,sample_rate,recording_id,start_sample,end_sample,source_sha256,licence", built.Lines("train/metadata.csv")[0]);
        Assert.Contains("wavs/a.wav,\"Hi, \"\"you\"\"\",Hi,en,anna,given,16000,16000,wavs/a,0,17000,ff,CC0-1.0", built.Lines("train/metadata.csv").Concat(built.Lines("validation/metadata.csv")));
        Assert.Equal("id,split,snr_db,source_samples", built.Lines("measures.csv")[0]);
        Assert.Matches("^wavs/a,(train|validation|test),31.5,17000$", built.Lines("measures.csv")[1]);
    }

    [Fact]
    public void All_pieces_of_a_recording_lie_in_one_split() => Gens.Hold(Gens.Ids(), ids =>
    {
        using var built = Build([.. ids.SelectMany(id => Enumerable.Range(0, 3).Select(i => Clip($"{id}/{i * 100}-{i * 100 + 99}") with { Recording = id }))]);
        var splits = built.Output.AudioFiles.Keys.GroupBy(name => name.Split('/')[1]);
        Assert.All(splits, recording => Assert.Single(recording.Select(name => name.Split('/')[0]).Distinct()));
        Assert.Equal(ids.Length * 3, built.Output.AudioFiles.Count);
    }, tries: 30);

    [Fact]
    public void Given_its_own_memory_and_clips_in_another_order_it_makes_the_same_bytes() => Gens.Hold(Gens.Ids(), ids =>
    {
        DatasetClip[] clips = [.. ids.Select(id => Clip(id, ("speaker_id", "s" + id[^1])))];
        using var first = Build(clips);
        using var second = Build([.. clips.Reverse()], DatasetMemory.Read(first.Memory.Json()));
        Assert.Equal(first.Files(), second.Files());
        Assert.Equal(first.Output.AudioFiles.ToArray(), second.Output.AudioFiles.ToArray());
        Assert.Equal(first.Memory.Json().GetRawText(), second.Memory.Json().GetRawText());
    }, tries: 30);

    [Fact]
    public void New_clips_change_the_order_of_no_old_ones()
    {
        DatasetClip[] old = [.. Enumerable.Range(0, 60).Select(i => Clip($"r{i}"))];
        using var before = Build(old);
        using var after = Build([.. old, .. Enumerable.Range(60, 60).Select(i => Clip($"r{i}"))], before.Memory);
        var known = old.Select(clip => clip.Id + ",").ToArray();
        Assert.Equal(before.Lines("measures.csv").Skip(1), after.Lines("measures.csv").Where(line => known.Any(line.StartsWith)));
        Assert.NotEqual(known.Order(StringComparer.Ordinal), before.Lines("measures.csv").Skip(1).Select(line => line.Split(',')[0] + ","));
    }

    [Fact]
    public void Speakers_are_only_ever_appended() => Gens.Hold(Gen.Elements("anna", "Bea", "cid", "ö", "zoe").NonEmptyListOf().NonEmptyListOf(), batches =>
    {
        DatasetMemory? memory = null;
        foreach (var batch in batches)
        {
            // Each time other fractions: speakers stay whatever happens to the splits.
            using var built = Build([.. batch.Select((name, i) => Clip($"r{i}", ("speaker_id", name)))], memory, rules: new SplitRules(1, 0, 0, memory?.Speakers.Count ?? 0, SplitBy.Recording));
            Assert.Equal(memory?.Speakers ?? [], built.Memory.Speakers.Take(memory?.Speakers.Count ?? 0));
            var index = JsonSerializer.Deserialize<Dictionary<string, int>>(built.Text("speakers.json"))!;
            Assert.Equal(built.Memory.Speakers, index.OrderBy(pair => pair.Value).Select(pair => pair.Key));
            Assert.Superset(batch.ToHashSet(), index.Keys.ToHashSet());
            memory = built.Memory;
        }
    }, tries: 30);

    [Fact]
    public void Statistics_add_up()
    {
        using var built = Build([Clip("a", ("text", "ab")), Clip("b", ("num_samples", 48000), ("text", "ä"), ("speaker_id", Value.Null)), Clip("c", ("text", Value.Null), ("licence", Value.Null))]);
        using var json = JsonDocument.Parse(built.Text("statistics.json"));
        var root = json.RootElement;
        Assert.Equal(3, root.GetProperty("clips").GetInt32());
        Assert.Equal(5.0 / 3600, root.GetProperty("hours").GetDouble());
        Assert.Equal((1.0, 1.0, 3.0), (root.GetProperty("duration_s").GetProperty("min").GetDouble(), root.GetProperty("duration_s").GetProperty("median").GetDouble(), root.GetProperty("duration_s").GetProperty("max").GetDouble()));
        Assert.Equal("""{"a":1,"b":1,"ä":1}""", root.GetProperty("alphabet").GetRawText().Replace(" ", "").Replace("\n", ""));
        Assert.Equal(3, root.GetProperty("splits").EnumerateObject().Sum(split => split.Value.GetProperty("clips").GetInt32()));
        Assert.Equal((1, 1, 1), (root.GetProperty("clips_without_speaker").GetInt32(), root.GetProperty("clips_without_text").GetInt32(), root.GetProperty("clips_without_licence").GetInt32()));
    }

    [Theory]
    [InlineData("a:b", "a?b", "the clips 'a:b' and 'a?b' would both be the file 'a_b.wav'")]
    [InlineData("a", "a", "the clip 'a' comes twice")]
    public void Two_clips_of_one_name_are_refused_by_name(string first, string second, string message) =>
        Assert.Equal(message, Assert.Throws<CorpusException>(() => Build([Clip(first), Clip(second)])).Message);

    [Fact]
    public void A_clip_without_its_length_is_refused_by_name() =>
        Assert.Equal("the clip 'a' has num_samples '', expected a whole number from 1", Assert.Throws<CorpusException>(() => Build([Clip("a", ("num_samples", Value.Null))])).Message);

    [Fact]
    public void No_clip_at_all_is_an_error() => Assert.Equal("no clip is left for the dataset, expected at least one", Assert.Throws<CorpusException>(() => Build([])).Message);

    [Theory]
    [InlineData("""{"fingerprint":"x"}""")]
    [InlineData("""[1]""")]
    [InlineData("""{"fingerprint":"x","train":[],"validation":[null],"test":[],"speakers":[]}""")]
    [InlineData("""{"fingerprint":"x","train":[],"validation":[],"test":[],"speakers":["a","a"]}""")]
    public void A_memory_of_another_form_is_refused_with_what_to_do(string memory)
    {
        using var json = JsonDocument.Parse(memory);
        var error = Assert.Throws<CorpusException>(() => DatasetMemory.Read(json.RootElement));
        Assert.StartsWith("what the dataset remembered cannot be read: ", error.Message);
        Assert.Equal("vox.lock", error.File);
    }

    private static DatasetClip Clip(string id, params (string Name, Value Value)[] columns) => new(id, id, Digest.Of(System.Text.Encoding.UTF8.GetBytes(id)), 44,
        Columns.Of(
            ("text", "Hi"), ("text_raw", "Hi"), ("language", "en"), ("speaker_id", "anna"), ("speaker_source", "given"), ("num_samples", 16000), ("sample_rate", 16000),
            ("source_samples", 17000), ("source_sha256", "ff"), ("licence", "CC0-1.0")).With(Columns.Of(columns)));

    private static Built Build(DatasetClip[] clips, DatasetMemory? memory = null, bool shuffle = true, SplitRules? rules = null)
    {
        var output = new FolderOutput();
        try { return new Built(output, new DatasetBuilder(rules ?? Rules, shuffle, memory, output).Build(() => clips)); }
        catch
        {
            output.Folder.Dispose();
            throw;
        }
    }

    private sealed record Built(FolderOutput Output, DatasetMemory Memory) : IDisposable
    {
        public string Text(string name) => File.ReadAllText(Output.Folder.File(name));
        public string[] Lines(string name) => File.Exists(Output.Folder.File(name)) ? File.ReadAllLines(Output.Folder.File(name)) : [];
        public (string, string)[] Files() => [.. Directory.EnumerateFiles(Output.Folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => (Path.GetRelativePath(Output.Folder.Path, path), File.ReadAllText(path)))];
        public void Dispose() => Output.Folder.Dispose();
    }

    private sealed class FolderOutput : IDatasetOutput
    {
        public TemporaryFolder Folder { get; } = new();
        public SortedDictionary<string, Digest> AudioFiles { get; } = new(StringComparer.Ordinal);
        public string PathFor(string name) => Folder.File(name);
        public void Written(string name) => Assert.True(File.Exists(Folder.File(name)));
        public void Clip(string id, Split split, string fileName, Digest audio, long size) => AudioFiles.Add($"{split.Folder()}/{fileName}", audio);
        public void Progress(long done, long total) { }
        public void Warning(string message) { }
    }
}
