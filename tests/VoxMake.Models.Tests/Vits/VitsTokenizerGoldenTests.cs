using System.Text.Json;
using System.Text.Json.Nodes;
using VoxMake.Models.Vits;

namespace VoxMake.Models.Tests.Vits;

public class VitsTokenizerGoldenTests
{
    [SkippableFact]
    public void Every_text_is_prepared_and_becomes_the_ids_that_transformers_makes()
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden("vits/hf/tokenizer_cases.json")));
        var compared = 0;
        foreach (var set in golden.RootElement.GetProperty("sets").EnumerateArray())
        {
            using var folder = new TemporaryFolder();
            var tokenizer = VitsTokenizerFiles.Read(WithSettingsOf(set, folder));
            Assert.Equal(set.GetProperty("pad_token_id").GetInt32(), tokenizer.PadId);
            Assert.Equal(set.GetProperty("unk_token_id").GetInt32(), tokenizer.UnknownId);
            foreach (var one in set.GetProperty("cases").EnumerateArray())
            {
                var text = one.GetProperty("text").GetString()!;
                Assert.Equal(one.GetProperty("prepared").GetString(), tokenizer.Prepare(text));
                long[] expected = [.. one.GetProperty("ids").EnumerateArray().Select(id => id.GetInt64())];
                Assert.True(expected.AsSpan().SequenceEqual(tokenizer.Encode(text)), $"'{text}': [{string.Join(", ", expected)}] was expected, not [{string.Join(", ", tokenizer.Encode(text))}]");
                compared++;
            }
        }
        Assert.True(compared > 0);
    }

    [SkippableFact]
    public void A_tokenizer_is_written_to_the_byte_as_save_pretrained_writes_it()
    {
        foreach (var vocabulary in Folders())
        {
            using var folder = new TemporaryFolder();
            VitsTokenizerFiles.Write(VitsTokenizerFiles.Read(ModelFiles.InFolder(vocabulary)), folder.Path);
            foreach (var file in Directory.EnumerateFiles(vocabulary)) Assert.Equal(File.ReadAllText(file), File.ReadAllText(folder.File(Path.GetFileName(file))));
        }
    }

    [SkippableFact]
    public void The_same_vocabulary_made_here_has_the_same_settings_but_for_the_language()
    {
        foreach (var vocabulary in Folders())
        {
            using var folder = new TemporaryFolder();
            var read = VitsTokenizerFiles.Read(ModelFiles.InFolder(vocabulary));
            VitsTokenizerFiles.Write(VitsTokenizer.New(read.Vocabulary, language: read.Settings.Language), folder.Path);
            Assert.Equal(File.ReadAllText(Path.Combine(vocabulary, "tokenizer_config.json")), File.ReadAllText(folder.File("tokenizer_config.json")));
        }
    }

    private static IEnumerable<string> Folders()
    {
        var cases = TestFiles.Golden("vits/hf/tokenizer_cases.json");
        using var golden = JsonDocument.Parse(File.ReadAllBytes(cases));
        return [.. golden.RootElement.GetProperty("sets").EnumerateArray().Select(set => Path.Combine(Path.GetDirectoryName(cases)!, Path.GetDirectoryName(set.GetProperty("vocab").GetString())!)).Distinct()];
    }

    private static ModelFiles WithSettingsOf(JsonElement set, TemporaryFolder folder)
    {
        var source = Path.GetDirectoryName(TestFiles.Golden($"vits/hf/{set.GetProperty("vocab").GetString()}"))!;
        var settings = JsonNode.Parse(File.ReadAllBytes(Path.Combine(source, "tokenizer_config.json")))!;
        foreach (var field in new[] { "add_blank", "normalize", "phonemize", "is_uroman" }) settings[field] = set.GetProperty(field).GetBoolean();
        File.WriteAllText(folder.File("tokenizer_config.json"), settings.ToJsonString());
        return ModelFiles.Of([("vocab.json", Path.Combine(source, "vocab.json")), ("added_tokens.json", Path.Combine(source, "added_tokens.json")), ("tokenizer_config.json", folder.File("tokenizer_config.json"))]);
    }
}
