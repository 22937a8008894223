using System.Text.Json;
using System.Text.Json.Nodes;
using VoxMake.Tests;

namespace VoxMake.EndToEnd;

/// <summary>From recordings to training examples of the family orpheus, with the published host and tools, the small codec and the small tokenizer of the golden vectors.</summary>
public class OrpheusTests
{
    private const string ToTokens = "--target=Tokenize";

    [Fact]
    public void Clips_become_codes_and_examples_and_only_what_a_change_touches_is_made_again()
    {
        using var voice = NewVoice();
        var ran = voice.Build(ToTokens);
        Assert.Equal(6, ran["Encode"]);
        Assert.Contains("Tokenize", ran.Keys);
        Assert.DoesNotContain("Train", ran.Keys);
        var output = Path.Combine(voice.Root, "out/voice");
        var splits = voice.Splits();
        Assert.Equal(splits.Keys.Order().Select(id => $"{id}.safetensors"), Directory.GetFiles(Path.Combine(output, "Encode/codes")).Select(Path.GetFileName).Order());
        Assert.Equal(["examples.csv", "metadata.csv", "rejects.csv", "tokens.json", "train-00000.safetensors", "validation-00000.safetensors"],
            Directory.GetFiles(Path.Combine(output, "Tokenize")).Select(Path.GetFileName).Where(name => name![0] != '.').Order());
        var examples = Examples(voice);
        Assert.Equal(splits.Select(clip => (clip.Key, clip.Value)).Order(), examples.Select(row => (row[0], row[1])).Order());
        using (var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "Tokenize/tokens.json"))))
        {
            Assert.Equal(["speaker"], json.RootElement.GetProperty("voices").EnumerateObject().Select(name => name.Name));
            Assert.Equal(6, json.RootElement.GetProperty("splits").EnumerateObject().Sum(split => split.Value.GetProperty("examples").GetInt32()));
        }
        Assert.Empty(voice.Build(ToTokens));

        // another text encodes nothing
        File.WriteAllText(voice.PathOf("metadata.csv"), File.ReadAllText(voice.PathOf("metadata.csv")).Replace("Clip number 2 says", "Clip number two says", StringComparison.Ordinal));
        ran = voice.Build(ToTokens);
        Assert.Equal(0, ran.GetValueOrDefault("Encode"));
        Assert.Equal(1, ran["Tokenize"]);
        Assert.Contains(Examples(voice), row => row[^1] == "Clip number two says this.");
        Assert.Empty(voice.Build(ToTokens));

        // one clip changed encodes one clip
        voice.AddClip(2, gain: 0.4);
        Assert.Equal(1, voice.Build(ToTokens)["Encode"]);

        // another codec encodes all, and where it gives the same codes, the examples are those that there are
        var codec = JsonNode.Parse(File.ReadAllText(voice.PathOf("models/snac/config.json")))!;
        codec["remark"] = "a field that SNAC does not know";
        File.WriteAllText(voice.PathOf("models/snac/config.json"), codec.ToJsonString());
        Assert.Equal("file codec/config.json changed", voice.Plan()["Encode"].GetProperty("reasons")[0].GetString());
        ran = voice.Build(ToTokens);
        Assert.Equal(6, ran["Encode"]);
        Assert.Equal(0, ran.GetValueOrDefault("Tokenize"));

        // a setting of the examples makes only these
        voice.AddClip(6, text: string.Join(' ', Enumerable.Repeat("far too many words for so short a clip", 8)));
        voice.Transcripts();
        voice.Config(OrpheusModels.Training.Replace("snac }", "snac, remove_duplicate_frames: true, max_tokens: 300 }", StringComparison.Ordinal) + "quality: { characters_per_second: null }\n");
        ran = voice.Build(ToTokens);
        Assert.Equal((1, 1), (ran["Encode"], ran["Tokenize"]));
        Assert.Equal("too_long", voice.Rejects("Tokenize")["clip006"].Reason);
    }

    [Fact]
    public void Two_builds_make_the_same_examples()
    {
        using var first = NewVoice();
        first.Build(ToTokens, "--jobs=1");
        using var second = NewVoice();
        second.Build(ToTokens, "--jobs=2");
        foreach (var name in new[] { "train-00000.safetensors", "validation-00000.safetensors", "examples.csv", "tokens.json" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(first.Root, "out/voice/Tokenize", name)), File.ReadAllBytes(Path.Combine(second.Root, "out/voice/Tokenize", name)));
    }

    [Fact]
    public void What_is_no_model_or_codec_is_told_before_anything_runs()
    {
        using var voice = NewVoice();
        void Refused(string part)
        {
            var ended = voice.Try().With(2);
            Assert.Contains(part, ended.Text);
            Assert.False(Directory.Exists(Path.Combine(voice.Root, "out")));
        }
        File.Delete(voice.PathOf("models/snac/model.safetensors"));
        Refused($"configs/voice.yaml:5: training.orpheus.codec: {voice.Root}/models/snac holds no codec: expected config.json, and pytorch_model.bin or model.safetensors");
        File.Delete(voice.PathOf("models/orpheus/tokenizer.json"));
        Refused("holds no tokenizer.json, so it is no model of Orpheus");
        File.Copy(TestFiles.Data("golden/orpheus/tokenizer/tokenizer.json"), voice.PathOf("models/orpheus/tokenizer.json"));
        File.Copy(TestFiles.Data("golden/orpheus/snac/model.safetensors"), voice.PathOf("models/snac/model.safetensors"));
        File.WriteAllText(voice.PathOf("models/orpheus/config.json"), "{\"model_type\":\"vits\"}");
        Refused("says model_type 'vits', but training.family is 'orpheus', whose models are of the type 'llama'");
    }

    /// <summary>Six clips, and small models beside them.</summary>
    private static Voice NewVoice()
    {
        var voice = new Voice(clips: 6, OrpheusModels.Training);
        voice.AddModels();
        return voice;
    }

    /// <summary>The rows of examples.csv; no text of these voices holds a comma.</summary>
    private static List<string[]> Examples(Voice voice) => [.. File.ReadLines(Path.Combine(voice.Root, "out/voice/Tokenize/examples.csv")).Skip(1).Select(line => line.Split(','))];
}
