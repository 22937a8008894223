using System.Text;
using System.Text.Json.Nodes;
using VoxMake.Models;
using VoxMake.Models.Whisper;
using VoxMake.Speech.Recognition.Whisper;
using VoxMake.Tokenizers.Bpe;

namespace VoxMake.Speech.Tests.Recognition.Whisper;

public sealed class WhisperTokenizerGoldenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [SkippableFact]
    public void Texts_have_the_ids_of_tiktoken_and_become_texts_again()
    {
        CheckRows(Vectors.Tokenizer());
        CheckRows(Vectors.Tokenizer(100));
    }

    /// <summary>The same vocabulary as Hugging Face writes it: merges listed by pairs, an empty token at the end.</summary>
    [SkippableFact]
    public void The_same_vocabulary_as_tokenizer_json_and_as_vocab_json_with_merges_gives_the_same_ids()
    {
        var (vocabulary, merges, added) = HuggingFace(99);
        var json = new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray([.. added.Select(token => new JsonObject { ["id"] = token.Value!.DeepClone(), ["content"] = token.Key, ["special"] = true, ["normalized"] = true })]),
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true },
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = true, ["trim_offsets"] = true, ["use_regex"] = true },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE", ["unk_token"] = "", ["continuing_subword_prefix"] = "", ["end_of_word_suffix"] = "",
                ["vocab"] = vocabulary.DeepClone(), ["merges"] = new JsonArray([.. merges.Select(merge => (JsonNode)merge)]),
            },
        };
        File.WriteAllText(_folder.File("tokenizer.json"), json.ToJsonString());
        CheckRows(WhisperTokenizer.Load(ModelFiles.InFolder(_folder.Path), Config, true));

        File.Delete(_folder.File("tokenizer.json"));
        File.WriteAllText(_folder.File("vocab.json"), vocabulary.ToJsonString());
        File.WriteAllText(_folder.File("merges.txt"), "#version: 0.2\n" + string.Join('\n', merges) + "\n");
        File.WriteAllText(_folder.File("added_tokens.json"), added.ToJsonString());
        CheckRows(WhisperTokenizer.Load(ModelFiles.InFolder(_folder.Path), Config, true));
    }

    [SkippableFact]
    public void Special_ids_and_languages_are_those_of_99_and_of_100_languages()
    {
        var json = Vectors.Json("tokenizer");
        foreach (var languages in new[] { 99, 100 })
        {
            var (tokenizer, wanted) = (Vectors.Tokenizer(languages), json.GetProperty($"special_{languages}"));
            int Id(string name) => wanted.GetProperty(name).GetInt32();
            Assert.Equal((Id("eot"), Id("sot"), Id("translate"), Id("transcribe")), (tokenizer.Eot, tokenizer.Sot, tokenizer.Translate, tokenizer.Transcribe));
            Assert.Equal((Id("sot_lm"), Id("sot_prev"), Id("no_speech")), (tokenizer.SotLm, tokenizer.SotPrev, tokenizer.NoSpeech));
            Assert.Equal((Id("no_timestamps"), Id("timestamp_begin")), (tokenizer.NoTimestamps, tokenizer.TimestampBegin));
            Assert.Equal(languages, WhisperTokenizer.LanguagesOf(Id("n_vocab"), true));
            var order = json.GetProperty("language_order").EnumerateArray().Select(code => code.GetString()!).Take(languages);
            Assert.Equal(order, tokenizer.Languages.OrderBy(language => language.Value).Select(language => language.Key));
        }
        foreach (var special in json.GetProperty("special_tokens_99").EnumerateObject())
            Assert.All(Vectors.Tokenizer().Encode(special.Name), id => Assert.True(id < 50257)); // plain characters in a text of people
    }

    [SkippableFact]
    public void Transcripts_begin_as_the_reference_begins_them()
    {
        var sequences = Vectors.Json("tokenizer").GetProperty("sequences");
        foreach (var one in sequences.EnumerateArray())
        {
            var tokenizer = Vectors.Tokenizer(one.GetProperty("num_languages").GetInt32());
            var task = one.GetProperty("task").GetString() == "translate" ? WhisperTask.Translate : WhisperTask.Transcribe;
            var start = tokenizer.StartSequence(one.GetProperty("language").GetString(), task);
            Assert.Equal(one.GetProperty("sot_sequence").Ints(), start);
            Assert.Equal(one.GetProperty("sot_sequence_including_notimestamps").Ints(), start.Append(tokenizer.NoTimestamps));
        }
        Assert.Equal(10, sequences.GetArrayLength());
    }

    [SkippableFact]
    public void Timestamps_are_left_out_of_texts_or_written_as_times()
    {
        foreach (var one in Vectors.Json("tokenizer").GetProperty("timestamps").EnumerateArray())
        {
            var ids = one.GetProperty("ids").Ints();
            Assert.Equal(one.GetProperty("decode").GetString(), Vectors.Tokenizer().Decode(ids));
            Assert.Equal(one.GetProperty("decode_with_timestamps").GetString(), Vectors.Tokenizer().DecodeWithTimestamps(ids));
        }
    }

    [SkippableFact]
    public void Words_and_merged_marks_are_those_of_the_reference()
    {
        var words = Vectors.Json("alignment").GetProperty("words");
        foreach (var one in words.EnumerateArray())
        {
            var split = WordSplit.Split(Vectors.Tokenizer(), one.GetProperty("ids").Ints(), one.GetProperty("language").GetString());
            Assert.Equal(one.GetProperty("words").EnumerateArray().Select(word => word.GetString()!), split.Select(word => word.Text));
            Assert.Equal(one.GetProperty("word_tokens").EnumerateArray().Select(tokens => string.Join(' ', tokens.Ints())), split.Select(word => string.Join(' ', word.Tokens)));
            List<SpokenWord> timed = [.. split.SkipLast(1).Select(word => new SpokenWord(word.Text, word.Tokens, 0, 0, 1))];
            WordTimes.MergePunctuation(timed);
            var merged = one.GetProperty("after_merge_punctuations");
            Assert.Equal(merged.EnumerateArray().Select(word => word.GetProperty("word").GetString()!), timed.Select(word => word.Text));
            Assert.Equal(merged.EnumerateArray().Select(word => string.Join(' ', word.GetProperty("tokens").Ints())), timed.Select(word => string.Join(' ', word.Tokens)));
        }
        Assert.Equal(6, words.GetArrayLength());
    }

    [SkippableTheory]
    [InlineData("IQ== 0\nIg== 2\n", "line 2 has the rank '2', not 1")]
    [InlineData("IQ==\n", "line 1 has not two parts")]
    [InlineData("I!== 0\n", "line 1 has 'I!==', which is no token")]
    [InlineData("IQ== 0\nIQ== 1\n", "line 2 has 'IQ==', which stands twice")]
    [InlineData("IQ== 0\n", "it has no token for byte 0")]
    [InlineData("IQ== -1\n", "line 1 has the rank '-1', not 0")]
    public void A_vocabulary_that_makes_no_sense_is_refused_by_line(string text, string part)
    {
        File.WriteAllText(_folder.File("x.tiktoken"), text);
        var error = Assert.Throws<TokenizerException>(() => WhisperTokenizer.LoadTiktoken(_folder.File("x.tiktoken")));
        Assert.Contains("x.tiktoken", error.Message);
        Assert.Contains(part, error.Message);
    }

    [SkippableFact]
    public void A_network_with_too_few_rows_for_its_tokenizer_is_refused()
    {
        File.Copy(TestFiles.Shared("golden/whisper/multilingual.tiktoken"), _folder.File("multilingual.tiktoken"));
        var files = ModelFiles.InFolder(_folder.Path);
        Assert.Equal(100, WhisperTokenizer.Load(files, Config with { VocabSize = 51866 }, true).Languages.Count);
        Assert.Equal(99, WhisperTokenizer.Load(files, Config, true).Languages.Count);
        Assert.Contains("vocab_size is 50000", Assert.Throws<ModelException>(() => WhisperTokenizer.Load(files, Config with { VocabSize = 50000 }, true)).Message);
        File.Delete(_folder.File("multilingual.tiktoken"));
        Assert.Contains("tokenizer.json: there is none, and no vocab.json", Assert.Throws<ModelException>(() => WhisperTokenizer.Load(ModelFiles.InFolder(_folder.Path), Config, true)).Message);
    }

    [Theory]
    [InlineData("de", "de")]
    [InlineData("de-AT", "de")]
    [InlineData("German", "de")]
    [InlineData("zh-Hant-TW", "zh")]
    [InlineData("jv", "jw")]
    [InlineData("nb-NO", "no")]
    [InlineData("Haitian Creole", "ht")]
    [InlineData("tlh", null)]
    public void Languages_are_known_by_tag_and_by_name(string language, string? code) => Assert.Equal(code, WhisperLanguages.CodeOf(language));

    private static WhisperConfig Config => new(51865, 80, 32, 1, 1, 32, 1, 1, 32, 1500, 448);

    private static void CheckRows(WhisperTokenizer tokenizer)
    {
        var rows = Vectors.Json("tokenizer").GetProperty("rows");
        foreach (var row in rows.EnumerateArray())
        {
            var (text, ids) = (row.GetProperty("text").GetString()!, row.GetProperty("ids").Ints());
            Assert.Equal((text, string.Join(' ', ids)), (text, string.Join(' ', tokenizer.Encode(text))));
            Assert.Equal(row.GetProperty("decoded").GetString(), tokenizer.Decode(ids));
            Assert.Equal(row.GetProperty("bytes").EnumerateArray().Select(bytes => bytes.GetString()), ids.Select(id => Convert.ToHexStringLower(tokenizer.Bytes(id))));
        }
        Assert.Equal(62, rows.GetArrayLength());
    }

    /// <summary>vocab.json, merges and added tokens made of the tiktoken file: a token's merge is the last pair that earlier merges leave of it.</summary>
    private static (JsonObject Vocabulary, List<string> Merges, JsonObject Added) HuggingFace(int languages)
    {
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(TestFiles.Shared("golden/whisper/multilingual.tiktoken")))
        {
            var parts = line.Split(' ');
            ranks.Add(string.Concat((parts[0] == "=" ? [] : Convert.FromBase64String(parts[0])).Select(Character)), ranks.Count);
        }
        var (vocabulary, merges, added) = (new JsonObject(), new List<string>(), new JsonObject());
        foreach (var (token, rank) in ranks)
        {
            vocabulary.Add(token, rank);
            if (token.Length < 2) continue;
            List<string> parts = [.. token.Select(character => character.ToString())];
            while (parts.Count > 2)
            {
                var earlier = Enumerable.Range(0, parts.Count - 1).Where(i => ranks.TryGetValue(parts[i] + parts[i + 1], out var other) && other < rank).ToList();
                Assert.True(earlier.Count > 0, $"no merges lead to {token}");
                var best = earlier.MinBy(i => ranks[parts[i] + parts[i + 1]]);
                parts[best] += parts[best + 1];
                parts.RemoveAt(best + 1);
            }
            merges.Add($"{parts[0]} {parts[1]}");
        }
        foreach (var (number, token) in WhisperTokenizer.Special(languages).Index()) added.Add(token == "<|nospeech|>" ? "<|nocaptions|>" : token, ranks.Count + number);
        return (vocabulary, merges, added);
    }

    /// <summary>GPT-2's alphabet of bytes.</summary>
    private static char Character(byte value)
    {
        static bool Visible(int one) => one is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE and <= 0xFF;
        return Visible(value) ? (char)value : (char)(0x100 + Enumerable.Range(0, value).Count(one => !Visible(one)));
    }

    public void Dispose() => _folder.Dispose();
}
