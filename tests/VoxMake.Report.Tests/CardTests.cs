using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using VoxMake.Protocol;
using VoxMake.Report.Card;
using YamlDotNet.Serialization;

namespace VoxMake.Report.Tests;

public class CardTests
{
    private const string Statistics =
        """
        {"clips": 12, "hours": 0.0208, "splits": {"train": {"clips": 9, "hours": 0.018}, "validation": {"clips": 3, "hours": 0.0028}}, "speakers": {"Linda | Johnson": {"clips": 12, "hours": 0.02}},
         "languages": {"en": 12}, "licences": {"CC0-1.0": 11}, "clips_without_licence": 1, "duration_s": {"min": 1}}
        """;

    private const string Provenance = """{"voice": "Linda", "licence": {"id": "unknown", "sentence": "No licence is known of the recordings."}, "model": {"family": "vits", "vocab_size": 40}}""";

    private static MadeCard Make(LearnedVoice? voice, string settings = """{"voice": "Linda", "language": "en", "language_name": "English"}""", string? statistics = Statistics, params string[] exported) => MadeCard.Of(settings,
        ("exported", [], [.. exported.Select(name => (name, name == "provenance.json" ? Provenance : "content of " + name))]),
        ("trained", voice?.Files ?? [], []), ("evaluated", voice?.Evaluated ?? [], []), ("data", [], statistics is null ? [] : [("statistics.json", statistics)]));

    [Fact]
    public void A_card_tells_data_training_measures_use_and_limits()
    {
        using var voice = new LearnedVoice();
        var made = Make(voice, exported: ["config.json", "model.safetensors"]);
        var (card, front) = (made.Text, made.Front());
        Assert.Equal(0, made.Code);
        Assert.Equal(["en"], (List<object>)front["language"]);
        Assert.Equal(("cc0-1.0", "transformers", "text-to-speech"), (front["license"], front["library_name"], front["pipeline_tag"]));
        Assert.Equal(["text-to-speech", "vits", "voxmake"], (List<object>)front["tags"]);
        Assert.Equal(["mel_distance", "mcd_db", "duration_ratio"], (List<object>)front["metrics"]); // nothing was timed
        foreach (var words in new[]
                 {
                     "# Linda\n", "voice for English", "| all | 12 | 0.021 |", "| train | 9 | 0.018 |", "Speakers: Linda \\| Johnson.", "CC0-1.0 (11 clips), not told for 1 clip.", "| steps | 600 |", "| choices.batch\\_size | 8 |",
                     "| mel\\_distance | 1.232 | 1.100 to 1.400 | 3 | 1 synthesis\\_silent |", "| real\\_time\\_factor | n/a | n/a | 0 | 4 not\\_timed |", "VitsModel.from_pretrained(folder)", "starting from random weights.", "## Limits",
                     "- [samples/0.wav](samples/0.wav): in being comparatively modern.\n", "conditions of its recordings: CC0-1.0.",
                 }) Assert.Contains(words, card);
        Assert.DoesNotContain("speaker_id=0", card);
    }

    [Fact]
    public void The_exported_voice_is_passed_on_by_digest_with_the_best_steps_samples()
    {
        using var voice = new LearnedVoice();
        var outputs = Make(voice, exported: ["config.json", "README.md", "vocab.json"]).Outputs;
        Assert.Equal(["README.md", "config.json", "vocab.json", "samples/0.wav", "samples/1.wav", "samples/2.wav"], outputs.Select(output => output.Name));
        Assert.Equal("README.md", outputs[0].Path); // ours, not Export's
        Assert.All(outputs.Skip(1), output => Assert.Null(output.Path));
        Assert.Equal(Digest.Of("content of vocab.json"u8), outputs[2].Digest);
        Assert.Equal(voice.Files.Single(file => file.Name == $"spoken/{LearnedVoice.BestStep:00000000}/1.wav").Digest, outputs[4].Digest);
    }

    [Fact]
    public void Without_measures_samples_and_data_the_card_is_shorter()
    {
        var made = Make(null, """{"voice": "Linda"}""", null, "config.json");
        var card = made.Text;
        Assert.Equal(0, made.Code);
        foreach (var words in new[] { "## Samples", "## Data", "## Training", "## Evaluation" }) Assert.DoesNotContain(words, card);
        Assert.Contains("Nobody told under which licence", card);
        Assert.DoesNotContain("license", card);
    }

    [Theory]
    [InlineData("language: no\nlicense: mit")]
    [InlineData("Nynorsk: \"the new\" one")]
    [InlineData("---\n# not a title\n")]
    [InlineData("\\u0000 \\ ' \" # & * ! | > % @ `")]
    [InlineData("\u0001\u0085\u2028\uFEFF 汉字 😀")]
    public void Names_stay_names_whatever_is_in_them(string hostile)
    {
        var quoted = JsonSerializer.Serialize(hostile);
        var made = Make(null, $$"""{"voice": {{quoted}}, "language": {{quoted}}, "language_name": {{quoted}}, "licence": {{quoted}}}""", null, "config.json");
        Assert.Equal(0, made.Code);
        var (card, front) = (made.Text, made.Front());
        Assert.Equal([hostile], (List<object>)front["language"]);
        Assert.Equal(("other", hostile), (front["license"], front["license_name"]));
        Assert.Equal(["language", "license", "license_name", "library_name", "pipeline_tag", "tags"], front.Keys);
        Assert.Single(card.Split('\n').SkipWhile(line => line != "---").Skip(1).SkipWhile(line => line != "---"), line => line.StartsWith("# ", StringComparison.Ordinal));
    }

    [Fact]
    public void Any_text_is_the_same_after_yaml() => Prop.ForAll<NonNull<string>>(text =>
    {
        var clean = string.Concat(text.Get.EnumerateRunes()); // half a surrogate pair is no text
        Assert.Equal(clean, new DeserializerBuilder().Build().Deserialize<Dictionary<string, string>>("key: " + FrontMatter.Quoted(text.Get))["key"]);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Markup_in_names_is_text() => Assert.Equal("a\\|b \\<script\\> \\[x\\](y) \\*\\* c", MarkdownText.Escape("a|b <script> [x](y) ** c"));

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../b")]
    public void A_file_stays_beside_the_card(string name) => Assert.Equal(2, Make(null, """{"voice": "Linda"}""", null, name).Code);

    [Fact]
    public void A_base_model_is_named_as_hugging_face_wants_and_only_by_a_name_that_is_one()
    {
        using var voice = new LearnedVoice();
        var made = Make(voice, """{"voice": "Linda", "base_model": "facebook/mms-tts-eng"}""", exported: ["config.json", "provenance.json"]);
        var front = made.Front();
        Assert.Equal(("facebook/mms-tts-eng", "finetune"), (front["base_model"], front["base_model_relation"]));
        Assert.Equal("unknown", front["license"]); // Hugging Face has a word for that
        Assert.DoesNotContain("license_name", front.Keys);
        Assert.Contains("The base model: [facebook/mms-tts-eng](https://huggingface.co/facebook/mms-tts-eng).", made.Text);
        var refused = Make(voice, """{"voice": "Linda", "base_model": "../mms-tts-eng"}""", exported: ["config.json"]);
        Assert.Equal(2, refused.Code);
        Assert.Contains("is no name on Hugging Face, expected OWNER/NAME", refused.Said);
    }

    [Fact]
    public void Nothing_exported_has_no_card() => Assert.Equal(2, Make(null, """{"voice": "Linda"}""").Code);

    [Fact]
    public void A_statistics_file_that_is_none_is_refused() => Assert.Equal(2, Make(null, """{"voice": "Linda"}""", "[]", "config.json").Code);

    [Theory]
    [InlineData("cc0-1.0", null, "CC0-1.0")]
    [InlineData("apache-2.0", null, "Apache-2.0")]
    [InlineData("other", "house rules", "house rules")]
    [InlineData("other", "CC-BY-4.0, CC0-1.0", "CC-BY-4.0", "CC0-1.0")]
    [InlineData(null, null)]
    public void Licences_are_named_as_hugging_face_wants(string? id, string? name, params string[] names) => Assert.Equal(new Licence(id, name), Licence.Of(names));
}
