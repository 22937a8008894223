using VoxMake.Audio;
using VoxMake.Corpus.Tests;
using VoxMake.Models.Tests.Vits;
using VoxMake.Models.Vits;
using VoxMake.Protocol;
using VoxMake.SynthTool;
using VoxMake.Torch;
using VoxMake.Torch.Tests;

namespace VoxMake.Synth.Tests;

[Collection("libtorch")]
public class SynthesisGoldenTests
{
    public SynthesisGoldenTests() => NeedsTorch.OrSkip();

    [SkippableFact]
    public void Clips_that_were_not_trained_on_and_sentences_are_spoken_the_same_wherever_they_stand()
    {
        using var golden = new GoldenVoice("multi");
        using var folder = new TemporaryFolder();
        var config = VitsConfig.Read(golden["config.json"]);
        var last = $"{config.NumSpeakers - 1}";
        WorkItem[] clips = [Clip("a", golden.Texts[0], "train"), Clip("b", golden.Texts[0], "validation"), Clip("c", golden.Texts[1], "test"), Clip("d", null, "test"), Clip("e", "日本", "test"), Clip("f", "ja", "test", "nobody"), Clip("g", "ja 日", "test", last)];
        var files = new Dictionary<string, IReadOnlyList<InputFile>> { ["model"] = TrainedVoice.Files(golden.Folder), ["sentences"] = [Tool.Input(folder, "sentences.txt", $"\uFEFF{golden.Texts[1]}\r\n\n  {golden.Texts[0]}  \n")] };
        var first = Tool.Order(folder, "vox-synth", "vits", """{"speaker": "1"}""", clips, files);
        Assert.True(first.Exit == 0, first.Said);
        var items = first.Of<ItemEvent>().ToDictionary(item => item.Id);
        Assert.Equal(["b", "c", "d", "e", "f", "g", "sentences/001", "sentences/002"], items.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([("d", "no_text"), ("e", "cannot_be_spoken"), ("f", "unknown_speaker")], items.Values.Where(item => item.Outcome == Outcome.Rejected).Select(item => (item.Id, item.Reason!)).Order());
        Assert.Contains($"it has 0 to {last}", items["f"].Message);
        Assert.Equal(("held_back", "sentence"), (items["b"].Columns["kind"].AsText, items["sentences/001"].Columns["kind"].AsText));
        Assert.Equal((golden.Texts[1], "1", (long)config.SamplingRate), (items["sentences/001"].Columns["text"].AsText, items["sentences/001"].Columns["speaker_id"].AsText, items["b"].Columns["sample_rate"].AsInteger));
        Assert.Equal(last, items["g"].Columns["speaker_id"].AsText);
        Assert.True(items["b"].Columns["synthesis_s"].AsReal > 0);
        Assert.Contains("'日' 1 times", first.Of<WarningEvent>().Single().Message);
        // the same text is the same sound, as a clip and as a sentence, by whatever number
        Assert.Equal(Speech(items["b"]).Digest, Speech(items["sentences/002"]).Digest);
        Assert.Equal(Speech(items["c"]).Digest, Speech(items["sentences/001"]).Digest);
        Assert.Contains("libtorch", first.Of<StartedEvent>().Single().Versions.Keys);
        Assert.Contains("speaking on cpu", first.Said);

        // what lies there is what the network spoke
        Libtorch.Threads = 2; // as the order says
        using var voice = VitsVoice.Open(golden.Files);
        var samples = voice.Speak(golden.Texts[0], Voice.NoiseSeed(42, golden.Texts[0]), new VitsSpeaking(1));
        Libtorch.Threads = 1;
        Assert.Equal(WavWriter.Mono16(samples, config.SamplingRate), File.ReadAllBytes(folder.File(Path.Combine("out", Speech(items["b"]).Path!))));
        Assert.Equal(samples.Length, items["b"].Columns["num_samples"].AsInteger);
    }

    [SkippableTheory]
    [InlineData("""{"language": "de"}""", false, "Am dritten Mai um fünf", "Am 3. Mai um 5")]
    [InlineData("{}", true, "noch fünf Tage", "noch 5 Tage")]
    [InlineData("{}", false, "am 3. mai um 5", null)]
    public void Sentences_of_ones_own_are_read_as_the_texts_of_training_were(string settings, bool withRules, string spoken, string? written)
    {
        using var golden = new GoldenVoice("multi");
        using var folder = new TemporaryFolder();
        var files = new Dictionary<string, IReadOnlyList<InputFile>> { ["model"] = TrainedVoice.Files(golden.Folder), ["sentences"] = [Tool.Input(folder, "sentences.txt", written ?? spoken)] };
        if (withRules) files["rules"] = [Tool.Input(folder, "rules.yaml", "language: xx\nalphabet: abcdefghijklmnopqrstuvwxyzü\nreplacements:\n  - { word: \"5\", to: fünf }\nnumbers: { minus: minus, words: { cardinal: { 0: keine, 5: fünf } } }\n")];
        var tool = Tool.Order(folder, "vox-synth", "vits", settings, [Clip("clip", "am 5. mai", "validation")], files);
        Assert.True(tool.Exit == 0, tool.Said);
        var items = tool.Of<ItemEvent>().ToDictionary(item => item.Id);
        Assert.Equal((spoken, written), (items["sentences/001"].Columns["text"].AsText!, items["sentences/001"].Columns["text_raw"].AsText));
        Assert.Equal("am 5. mai", items["clip"].Columns["text"].AsText); // Normalize has seen it, where there is one
    }

    [SkippableFact]
    public void A_long_text_is_spoken_sentence_by_sentence_with_pauses()
    {
        using var golden = new GoldenVoice("multi");
        using var folder = new TemporaryFolder();
        var tool = Tool.Order(folder, "vox-synth", "vits", """{"split_above": 20, "pause_s": 0.5}""", [Clip("whole", "guten tag, du. bis bald, ihr.", null), Clip("one", "guten tag, du.", null), Clip("two", "bis bald, ihr.", null)], new() { ["model"] = TrainedVoice.Files(golden.Folder) });
        Assert.True(tool.Exit == 0, tool.Said);
        var wavs = tool.Of<ItemEvent>().ToDictionary(item => item.Id, item => File.ReadAllBytes(folder.File(Path.Combine("out", Speech(item).Path!)))[44..]);
        var pause = (int)Math.Round(0.5 * VitsConfig.Read(golden["config.json"]).SamplingRate);
        byte[] expected = [.. wavs["one"], .. new byte[2 * pause], .. wavs["two"]];
        Assert.Equal(expected, wavs["whole"]);
    }

    [SkippableFact]
    public void A_model_that_cannot_speak_is_refused_by_the_file_and_the_field()
    {
        using var golden = new GoldenVoice("multi");
        using var folder = new TemporaryFolder();
        var settings = File.ReadAllText(golden["tokenizer_config.json"]);
        File.WriteAllText(golden["tokenizer_config.json"], settings.Replace("\"phonemize\": false", "\"phonemize\": true", StringComparison.Ordinal));
        Assert.Contains("phonemize is true", Speak().Error.Message);
        File.WriteAllText(golden["tokenizer_config.json"], settings.Replace("\"is_uroman\": false", "\"is_uroman\": true", StringComparison.Ordinal));
        var uroman = Speak();
        Assert.Equal([("a", null), ("b", "not_latin")], uroman.Of<ItemEvent>().Select(item => (item.Id, item.Reason)));
        var speaker = Speak("""{"speaker": "eva"}""");
        Assert.Equal((2, "speaker"), (speaker.Exit, speaker.Error.Field));
        Assert.Contains("no speaker 'eva'; it has 0 to", speaker.Error.Message);
        File.Delete(golden["vocab.json"]);
        var missing = Speak();
        Assert.Equal(2, missing.Exit);
        Assert.Contains("no vocab.json", missing.Error.Message);

        Tool Speak(string options = "{}") => Tool.Order(folder, "vox-synth", "vits", options, [Clip("a", "ja", "test"), Clip("b", "мир", "test")], new() { ["model"] = TrainedVoice.Files(golden.Folder) });
    }

    [SkippableFact]
    public void By_hand_a_text_file_becomes_wavs_and_one_text_one_wav()
    {
        using var golden = new GoldenVoice("multi");
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("texts.txt"), $"{golden.Texts[0]}\n{golden.Texts[1]}\n");
        var tool = Tool.Run("vox-synth", "vits", folder.File("texts.txt"), folder.File("out"), "--model", golden.Folder, "--threads", "1");
        Assert.True(tool.Exit == 0, tool.Said);
        Assert.Equal(["001.wav", "002.wav"], Directory.EnumerateFiles(folder.File("out/sentences")).Select(Path.GetFileName).Order());
        Assert.Contains("sentences/001.wav,sentences/001,sentence", File.ReadAllText(folder.File("out/metadata.csv")));
        var said = Tool.Run("vox-synth", "say", folder.File("out"), "--model", golden.Folder, "--threads", "1", "--text", golden.Texts[1]);
        Assert.True(said.Exit == 0, said.Said);
        Assert.Equal(File.ReadAllBytes(folder.File("out/sentences/002.wav")), File.ReadAllBytes(folder.File("out/speech.wav")));
    }

    private static OutputFile Speech(ItemEvent item) => item.Outputs.Single(output => output.Name == "speech");

    private static WorkItem Clip(string id, string? text, string? split, string? speaker = null) =>
        new(id, new Dictionary<string, InputFile>(), Columns.Of(("text", text), ("split", split), ("speaker_id", speaker)));
}
