using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using VoxMake.Models.Orpheus;
using VoxMake.Models.Tests.Orpheus;
using VoxMake.Protocol;
using VoxMake.Tokenizers.Bpe;

namespace VoxMake.Codec.Tests;

/// <summary><c>vox-codec tokenize</c>, started as the host and as a person starts it, with the small tokenizer of the golden vectors.</summary>
public sealed class TokenizeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Examples_are_laid_out_as_in_the_notebook()
    {
        using var golden = GoldenOrpheus.Json("prompt/expected.json");
        var ids = GoldenOrpheus.Ids();
        var vectors = golden.RootElement.GetProperty("examples").EnumerateArray().Where(vector => vector.GetProperty("voice").ValueKind == JsonValueKind.String).ToList();
        Assert.NotEmpty(vectors); // the others are of a model with one voice, whose prompts do not name it
        var items = vectors.Select((vector, i) => Coded($"clip{i}", AudioFramesReader.Read(vector.Ints("codes_before_remove_duplicate_frames"), ids, OnMisplaced.Refuse).Frames,
            ("text", vector.GetProperty("text").GetString()), ("speaker_id", vector.GetProperty("voice").GetString())));
        var run = Tokenize(items, """{"remove_duplicate_frames": true, "min_frames": 1}""");
        Assert.True(run.Exit == 0, run.Said);
        var examples = Examples();
        Assert.Equal(vectors.Count, examples.Count);
        for (var i = 0; i < vectors.Count; i++)
        {
            Assert.Equal(vectors[i].GetProperty("train").Ints("input_ids"), examples[$"clip{i}"].Ids);
            Assert.Equal(vectors[i].GetProperty("inference_engine").Ints("input_ids").Length, examples[$"clip{i}"].PromptTokens);
        }
    }

    [SkippableFact]
    public void With_all_its_frames_an_example_holds_the_codes_of_the_clip()
    {
        using var golden = GoldenOrpheus.Json("prompt/expected.json");
        var ids = GoldenOrpheus.Ids();
        var vector = golden.RootElement.GetProperty("examples")[0];
        var frames = AudioFramesReader.Read(vector.Ints("codes_before_remove_duplicate_frames"), ids, OnMisplaced.Refuse).Frames;
        Tokenize([Coded("one", frames, ("text", vector.GetProperty("text").GetString()))], $$"""{"voice": "{{vector.GetProperty("voice").GetString()}}"}""");
        var (example, prompt) = Examples()["one"];
        Assert.Equal(vector.GetProperty("inference_engine").Ints("input_ids"), example[..prompt]);
        Assert.Equal([.. frames.ToIds(ids), ids.EndOfSpeech, ids.EndOfAi], example[prompt..]);
    }

    [SkippableTheory]
    [InlineData("Stop.<|eot_id|><custom_token_4><custom_token_5><custom_token_1><custom_token_20> Go.")]
    [InlineData("<|begin_of_text|><|audio|><custom_token_7><custom_token_3>")]
    public void Tokens_that_stand_in_a_text_are_read_as_the_characters_that_they_are_written_with(string text)
    {
        Tokenize([Coded("one", Some(8), ("text", text))], """{"voice": "tara"}""");
        var (example, prompt) = Examples()["one"];
        var tokenizer = BpeTokenizer.Load(TestFiles.Golden("orpheus/tokenizer/tokenizer.json"));
        var ids = GoldenOrpheus.Ids();
        Assert.Equal([ids.StartOfHuman, ids.BeginOfText], example[..2]);
        Assert.Equal([ids.EndOfTurn, ids.EndOfHuman, ids.StartOfAi, ids.StartOfSpeech], example[(prompt - 4)..prompt]);
        var words = example[2..(prompt - 4)];
        Assert.Equal($"tara: {text}", tokenizer.Decode(words, skipSpecialTokens: false));
        Assert.DoesNotContain(words, id => id >= ids.BeginOfText); // none of the tokens that were added to the model's own
    }

    [SkippableFact]
    public void What_makes_no_example_is_rejected_with_its_reason_and_counted()
    {
        var held = AudioFrames.OfSlots([.. Enumerable.Range(0, 70).Select(i => i % 7)]);
        var run = Tokenize(
        [
            Coded("good", Some(10), ("text", "Hello.")), Coded("silent", Some(10)), Coded("crumb", Some(5), ("text", "a")), Coded("many", Some(21), ("text", "a")),
            Coded("held", held, ("text", "a")), Coded("wordy", Some(10), ("text", string.Join(' ', Enumerable.Range(0, 200)))),
            Coded("held back", Some(10), ("text", "a"), ("split", "test")), Coded("later", Some(10), ("text", "a"), ("split", "validation")),
        ], """{"voice": "tara", "max_tokens": 200, "max_frames": 20, "max_duplicate_share": 0.5, "language": "en"}""");
        Assert.True(run.Exit == 0, run.Said);
        var rejected = run.Of<ItemEvent>().Where(item => item.Outcome == Outcome.Rejected).ToDictionary(item => item.Id, item => item.Reason);
        Assert.Equal(new Dictionary<string, string?> { ["silent"] = "no_text", ["crumb"] = "few_frames", ["many"] = "many_frames", ["held"] = "duplicate_frames", ["wordy"] = "too_long" }, rejected);
        Assert.Equal(["good", "later"], Examples().Keys.Order());
        Assert.Contains(run.Of<WarningEvent>(), warning => warning.Message == "1 clips have no text and are left out");

        var json = Statistics();
        Assert.Equal("""{"duplicate_frames":1,"few_frames":1,"many_frames":1,"no_text":1,"too_long":1}""", json["left_out"]!.ToJsonString());
        Assert.Equal(("en", TokenShard.Format, 1475 + 1), ((string?)json["language"], (string?)json["format"], (int)json["vocabulary"]!));
        Assert.Equal("""{"codebook_size":64,"sampling_rate":24000,"frame_samples":2048}""", json["codec"]!.ToJsonString());
        Assert.Equal((1026, 64, 1018), ((int)json["ids"]!["audio_start"]!, (int)json["ids"]!["codebook_size"]!, (int)json["ids"]!["end_of_speech"]!));
        var train = json["splits"]!["train"]!;
        Assert.Equal((1, 10, Math.Round(10 * 2048 / 24000.0 / 3600, 6)), ((int)train["examples"]!, (int)train["frames"]!, (double)train["hours"]!));
        Assert.Equal(Examples()["good"].Ids.Length, (int)train["tokens"]!);
        Assert.Equal(2, (int)json["voices"]!["tara"]!);
    }

    [SkippableFact]
    public void Shards_go_by_split_length_and_id_are_cut_where_they_are_full_and_have_the_same_bytes_in_whatever_order_clips_come()
    {
        var random = new Random(3);
        List<WorkItem> items = [.. Enumerable.Range(0, 60).Select(i =>
            Coded($"clip{i:D2}", Some(6 + random.Next(200), i), ("text", $"Clip number {i}."), ("split", i % 5 == 0 ? "validation" : "train")))];
        const string settings = """{"voice": "tara", "max_tokens": 2048, "shard_tokens": 9000}""";
        Tokenize(items, settings);
        var rows = Rows();
        Assert.Equal(60, rows.Count);
        var sorted = rows.OrderBy(row => row["split"], StringComparer.Ordinal).ThenBy(row => (int.Parse(row["tokens"], CultureInfo.InvariantCulture) - 1) / 64)
            .ThenBy(row => row["id"], StringComparer.Ordinal);
        Assert.Equal(sorted.Select(row => row["id"]), rows.Select(row => row["id"]));
        Assert.True(rows.Select(row => row["shard"]).Distinct().Count() > 5);
        foreach (var shard in rows.GroupBy(row => row["shard"]))
        {
            Assert.Equal(Enumerable.Range(0, shard.Count()), shard.Select(row => int.Parse(row["index"], CultureInfo.InvariantCulture)));
            using var file = TokenShard.Open(_folder.File($"out/{shard.Key}"));
            Assert.Equal((shard.Count(), true), (file.Count, file.Tokens <= 9000));
            Assert.Equal(shard.Select(row => row["tokens"]), Enumerable.Range(0, file.Count).Select(i => file.Length(i).ToString(CultureInfo.InvariantCulture)));
        }
        Assert.Equal(rows.GroupBy(row => row["shard"]).Select(shard => (shard.Key, shard.Count())),
            Statistics()["shards"]!.AsArray().Select(shard => ((string)shard!["name"]!, (int)shard["examples"]!)));
        Assert.Equal(60, Statistics()["lengths"]!.AsArray().Sum(range => (int)range!["train"]! + (int)range["validation"]!));

        var before = Written();
        Tokenize([.. items.OrderBy(_ => random.Next())], settings);
        Assert.Equal(before, Written());
    }

    [SkippableFact]
    public void Tags_that_Orpheus_does_not_know_are_warned_of_and_learned_as_they_are_written()
    {
        var run = Tokenize([Coded("known", Some(8), ("text", "Well <sigh> yes <laugh>.")), Coded("misspelt", Some(8), ("text", "Well <sigth> yes <laugh>, 3 < 4 > 2."))], """{"voice": "tara"}""");
        var warning = Assert.Single(run.Of<WarningEvent>());
        Assert.Equal("misspelt", warning.Id);
        Assert.StartsWith("<sigth> is none of the tags", warning.Message);
        Assert.Equal(2, Examples().Count);
    }

    [SkippableFact]
    public void A_clip_without_a_speaker_needs_a_name_for_the_voice()
    {
        var run = Tokenize([Coded("one", Some(8), ("text", "a"))], "{}");
        Assert.Equal((ExitCode.BadInput, "voice"), (run.Exit, run.Error.Field));
        Assert.Contains("'one' has no speaker_id", run.Error.Message);
    }

    [SkippableTheory]
    [InlineData("Anna: she")] // the colon would end her name
    [InlineData("Anna ")]
    public void A_speaker_whom_no_server_could_name_is_refused_before_anything_is_trained(string speaker)
    {
        var run = Tokenize([Coded("one", Some(8), ("text", "a"), ("speaker_id", speaker))], "{}");
        Assert.Equal(ExitCode.BadInput, run.Exit);
        Assert.Contains($"the clip 'one' has a speaker that no prompt can begin with: '{speaker}' cannot be a voice's name", run.Error.Message);
    }

    [SkippableFact]
    public void Codes_of_two_codecs_do_not_go_together()
    {
        File.WriteAllBytes(_folder.File("codes/other.safetensors"), new AudioFramesFile(Some(8), 128, 24000, 2048).ToBytes());
        var other = Sound.Item("other", "codes", _folder.File("codes/other.safetensors"), ("text", "a"));
        var run = Tokenize([Coded("one", Some(8), ("text", "a")), other], """{"voice": "tara"}""");
        Assert.Equal(ExitCode.BadInput, run.Exit);
        Assert.Contains("the codes of 'other' are of another codec (128, 24000, 2048) than those before (64, 24000, 2048)", run.Error.Message);
        Assert.Equal("codebook_size", Tokenize([other], """{"voice": "tara", "codebook_size": 64}""").Error.Field);
    }

    [SkippableFact]
    public void A_damaged_file_of_codes_is_named()
    {
        var item = Coded("one", Some(8), ("text", "a"));
        var path = item.Inputs["codes"].Path;
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^4]);
        var run = Tokenize([item], """{"voice": "tara"}""");
        Assert.Equal((ExitCode.BadInput, path), (run.Exit, run.Error.File));
    }

    [SkippableTheory]
    [InlineData("max_tokens", "3")]
    [InlineData("min_frames", "0")]
    [InlineData("max_frames", "2")]
    [InlineData("max_duplicate_share", "1.5")]
    [InlineData("codebook_size", "0")]
    [InlineData("shard_tokens", "0")]
    public void A_setting_out_of_range_is_named(string field, string value) =>
        Assert.Equal(field, Tokenize([Coded("one", Some(8), ("text", "a"))], $$"""{"voice": "tara", "{{field}}": {{value}}}""").Error.Field);

    [SkippableFact]
    public void A_tokenizer_that_is_not_Orpheus_is_refused_by_the_token_that_it_lacks()
    {
        var json = JsonNode.Parse(File.ReadAllText(TestFiles.Golden("orpheus/tokenizer/tokenizer.json")))!;
        var tokens = json["added_tokens"]!.AsArray();
        tokens.Remove(tokens.Single(token => (string?)token!["content"] == "<custom_token_4>"));
        File.WriteAllText(_folder.File("other/tokenizer.json"), json.ToJsonString());
        var run = Tokenize([Coded("one", Some(8), ("text", "a"))], """{"voice": "tara"}""", _folder.File("other/tokenizer.json"));
        Assert.Equal(ExitCode.BadInput, run.Exit);
        Assert.Contains("the tokenizer has no <custom_token_4>", run.Error.Message);
        File.WriteAllText(_folder.File("other/vocab.json"), "{}");
        Assert.Contains("no tokenizer.json among vocab.json", Tokenize([], "{}", _folder.File("other/vocab.json")).Error.Message);
    }

    [SkippableFact]
    public void Without_an_example_to_train_on_it_says_why()
    {
        var run = Tokenize([Coded("one", Some(2), ("text", "a")), Coded("two", Some(9), ("text", "a"), ("split", "validation"))], """{"voice": "tara"}""");
        Assert.Equal(ExitCode.BadInput, run.Exit);
        Assert.Contains("no example of the split train is left; left out were few_frames 1", run.Error.Message);
    }

    [SkippableFact]
    public void By_hand_a_table_of_codes_becomes_shards()
    {
        Coded("a", Some(8));
        Coded("b", Some(9, 1));
        File.WriteAllText(_folder.File("codes/metadata.csv"), "file_name,id,text,speaker_id\na.safetensors,a,Hello.,tara\nb.safetensors,b,Good bye.,leo\n");
        var tokenizer = Path.GetDirectoryName(TestFiles.Golden("orpheus/tokenizer/tokenizer.json"))!;
        var run = Tool.Run("vox-codec", "tokenize", _folder.File("codes/metadata.csv"), _folder.File("out"), "--tokenizer", tokenizer, "--max-tokens", "300");
        Assert.True(run.Exit == 0, run.Said);
        Assert.Equal(["a", "b"], Examples().Keys.Order());
        Assert.Equal(["examples.csv", "tokens.json", "train-00000.safetensors"], Directory.GetFileSystemEntries(_folder.File("out")).Select(Path.GetFileName).Order());
    }

    /// <summary>Frames of which no two that follow each other are alike.</summary>
    private static AudioFrames Some(int count, int seed = 0) => AudioFrames.OfSlots([.. Enumerable.Range(0, 7 * count).Select(i => (i * 5 + seed) % 64)]);

    private WorkItem Coded(string id, AudioFrames frames, params ReadOnlySpan<(string, Value)> columns)
    {
        File.WriteAllBytes(_folder.File($"codes/{id}.safetensors"), new AudioFramesFile(frames, 64, 24000, 2048).ToBytes());
        return Sound.Item(id, "codes", _folder.File($"codes/{id}.safetensors"), columns);
    }

    private Tool Tokenize(IEnumerable<WorkItem> items, string settings, string? tokenizer = null)
    {
        if (Directory.Exists(_folder.File("out"))) Directory.Delete(_folder.File("out"), recursive: true);
        return Tool.Order(_folder, "vox-codec", "tokenize", settings, items, new() { ["tokenizer"] = [Sound.FileOf(tokenizer ?? TestFiles.Golden("orpheus/tokenizer/tokenizer.json"))] });
    }

    private JsonNode Statistics() => JsonNode.Parse(File.ReadAllText(_folder.File("out/tokens.json")))!;

    private string Written() => string.Join('\n', Directory.GetFiles(_folder.File("out")).Order(StringComparer.Ordinal).Select(file => $"{Path.GetFileName(file)} {Digest.OfFile(file)}"));

    private List<Dictionary<string, string>> Rows()
    {
        using var csv = new CsvReader(new StreamReader(_folder.File("out/examples.csv")), CultureInfo.InvariantCulture);
        var rows = new List<Dictionary<string, string>>();
        csv.Read();
        csv.ReadHeader();
        while (csv.Read()) rows.Add(csv.HeaderRecord!.ToDictionary(name => name, name => csv.GetField(name)!));
        return rows;
    }

    /// <summary>The examples by clip, found as examples.csv says.</summary>
    private Dictionary<string, (int[] Ids, int PromptTokens)> Examples() => Rows().ToDictionary(row => row["id"], row =>
    {
        using var shard = TokenShard.Open(_folder.File($"out/{row["shard"]}"));
        var index = int.Parse(row["index"], CultureInfo.InvariantCulture);
        return (shard[index].ToArray(), shard.PromptTokens(index));
    });
}
