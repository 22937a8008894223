using VoxMake.Audio;
using VoxMake.Corpus.Tests;
using VoxMake.Models;
using VoxMake.Protocol;
using VoxMake.Speaking;
using VoxMake.Torch;
using VoxMake.Torch.Tests;

namespace VoxMake.Synth.Tests;

/// <summary><c>vox-synth orpheus</c> with the small voice of golden/orpheus/e2e, which knows two sentences by heart.</summary>
[Collection("libtorch")]
public class OrpheusGoldenTests
{
    private const string Text = "Guten Morgen! Wie spät ist es?";
    private const string Greedy = """{"temperature": 0, "repetition_penalty": 1, "language": "de", "speaker": "tara"}""";

    public OrpheusGoldenTests() => NeedsTorch.OrSkip();

    private static Dictionary<string, IReadOnlyList<InputFile>> Files(params (string Role, IReadOnlyList<InputFile> Files)[] more) => new(
        [new("model", [.. ModelFolder().Append(Tokenizer()).Select(file => file with { Name = $"merged_16bit/{file.Name}" })]), // as Export hands it over
        new("codec", TrainedVoice.Files(Folder("snac"))), .. more.Select(role => KeyValuePair.Create(role.Role, role.Files))]);

    private static string Folder(string name) => Path.GetDirectoryName(TestFiles.Golden($"orpheus/{name}/config.json"))!;

    private static IEnumerable<InputFile> ModelFolder() => TrainedVoice.Files(Folder("e2e")).Where(file => !file.Name.StartsWith("expected", StringComparison.Ordinal));

    private static InputFile Tokenizer()
    {
        var path = TestFiles.Golden("orpheus/tokenizer/tokenizer.json");
        return new InputFile("tokenizer.json", path, Digest.OfFile(path), new FileInfo(path).Length);
    }

    private static WorkItem Clip(string id, string? text, string? split, string? speaker = null) =>
        new(id, new Dictionary<string, InputFile>(), Columns.Of(("text", text), ("split", split), ("speaker_id", speaker)));

    private static byte[] Wav(TemporaryFolder folder, ItemEvent item) => File.ReadAllBytes(folder.File(Path.Combine("out", item.Outputs.Single(output => output.Name == "speech").Path!)));

    [SkippableFact]
    public async Task Clips_that_were_not_trained_on_and_sentences_are_spoken_with_what_came_of_them()
    {
        using var folder = new TemporaryFolder();
        WorkItem[] clips = [Clip("a", Text, "train"), Clip("b", Text, "validation"), Clip("c", Text, "test", "leo"), Clip("d", null, "test"),
            Clip("e", "Ha <giggle>!", "test"), Clip("f", "Ja.<custom_token_4>", "test"), Clip("g", "Ja.", "test", "a\nb")];
        var tool = Tool.Order(folder, "vox-synth", "orpheus", Greedy, clips, Files(("sentences", [Tool.Input(folder, "sentences.txt", $"\n{Text}\n")])));
        Assert.True(tool.Exit == 0, tool.Said);
        var items = tool.Of<ItemEvent>().ToDictionary(item => item.Id);
        Assert.Equal(["b", "c", "d", "e", "f", "g", "sentences/001"], items.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([("d", "no_text"), ("e", "unknown_tag"), ("f", "unknown_tag"), ("g", "unknown_speaker")],
            items.Values.Where(item => item.Outcome == Outcome.Rejected).Select(item => (item.Id, item.Reason!)).Order());
        var b = items["b"].Columns;
        Assert.Equal((Text, "tara", "held_back", 24_000L, 16L, 0L, 0L),
            (b["text"].AsText, b["speaker_id"].AsText, b["kind"].AsText, b["sample_rate"].AsInteger, b["frames"].AsInteger, b["loops"].AsInteger, b["misplaced"].AsInteger));
        Assert.True(b["synthesis_s"].AsReal > 0);
        Assert.Contains("repetition_penalty is 1", b["warnings"].AsText);
        Assert.Equal(("leo", 6L), (items["c"].Columns["speaker_id"].AsText, items["c"].Columns["frames"].AsInteger));
        Assert.Equal(Wav(folder, items["b"]), Wav(folder, items["sentences/001"])); // wherever it stands

        // what lies there is what the voice spoke
        Libtorch.Threads = 2; // as the order says
        using var speaker = OrpheusSpeaker.Open(ModelFiles.Of([.. ModelFolder().Append(Tokenizer()).Select(file => (file.Name, file.Path))]), ModelFiles.InFolder(Folder("snac")), Device.Cpu);
        var samples = await speaker.Speak(new SpeakRequest(Text, "tara", "de", new(0), Loops: LoopRules.Whole)).ReadAll();
        Libtorch.Threads = 1;
        Assert.Equal(WavWriter.Mono16(samples, 24_000), Wav(folder, items["b"]));
        Assert.Equal(samples.Length, b["num_samples"].AsInteger);
    }

    [SkippableFact]
    public void Settings_and_models_that_do_not_fit_are_refused_before_any_text()
    {
        using var folder = new TemporaryFolder();
        (int, string?, string) Refused(string settings, Dictionary<string, IReadOnlyList<InputFile>>? files = null)
        {
            var tool = Tool.Order(folder, "vox-synth", "orpheus", settings, [Clip("a", Text, "test")], files ?? Files());
            return (tool.Exit, tool.Error.Field, tool.Error.Message);
        }
        Assert.Equal((2, "unknown_tags", "'sing' is not known, expected refuse, speak, drop"), Refused("""{"unknown_tags": "sing"}"""));
        Assert.Equal((2, "dtype", "'int8' is not known, expected auto, float32, bfloat16, float16"), Refused("""{"dtype": "int8"}"""));
        Assert.Equal((2, null, "top_p is 2; expected 0 to 1"), Refused("""{"top_p": 2}"""));
        Assert.Contains("no tokenizer.json", Refused("{}", new(Files()) { ["model"] = [.. ModelFolder()] }).Item3);
        Assert.Contains("there is none; a SNAC directory holds", Refused("{}", new(Files()) { ["codec"] = [Tokenizer()] }).Item3);
    }

    [SkippableFact]
    public void By_hand_a_text_file_becomes_wavs_and_say_knows_the_model_by_its_config()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("model"));
        foreach (var file in ModelFolder().Append(Tokenizer())) File.Copy(file.Path, folder.File($"model/{file.Name}"));
        File.WriteAllText(folder.File("texts.txt"), $"{Text}\n");
        string[] voice = ["--model", folder.File("model"), "--codec", Folder("snac"), "--threads", "1", "--speaker", "tara", "--language", "de"];
        var tool = Tool.Run("vox-synth", ["orpheus", folder.File("texts.txt"), folder.File("out"), .. voice]);
        Assert.True(tool.Exit == 0, tool.Said);
        var said = Tool.Run("vox-synth", ["say", folder.File("out"), .. voice, "--text", Text]);
        Assert.True(said.Exit == 0, said.Said);
        Assert.Equal(File.ReadAllBytes(folder.File("out/sentences/001.wav")), File.ReadAllBytes(folder.File("out/speech.wav")));

        var scale = Tool.Run("vox-synth", ["say", folder.File("out"), .. voice, "--text", Text, "--noise-scale", "0.5"]);
        Assert.Equal(2, scale.Exit);
        Assert.Contains("is a setting of VITS models", scale.Said);
        var codec = Tool.Run("vox-synth", "say", folder.File("out"), "--model", folder.File("model"), "--text", Text);
        Assert.Contains("speaks with a codec", codec.Said);
    }
}
