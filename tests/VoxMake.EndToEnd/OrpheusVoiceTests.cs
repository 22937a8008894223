using System.Text.Json;
using VoxMake.Tests;

namespace VoxMake.EndToEnd;

/// <summary>A voice of the family orpheus from recordings to a served model's files, with the published host and tools and the small models of the golden vectors.</summary>
[Trait("Category", "Slow")]
public class OrpheusVoiceTests
{
    private const string Training = "audio: { sample_rate: 24000 }\ntraining: { family: orpheus, base_model: ../models/orpheus, base_model_id: canopylabs/orpheus-3b-0.1-pretrained, num_epochs: 2, batch_size: 2, validation_steps: 2, validation_sentences: 2, save_steps: 1, device: cpu, "
        + "orpheus: { codec: ../models/snac, lora_rank: 4, lr_scheduler: constant, max_tokens: 1000, max_model_len: 512 } }\nvalidation: { strict_speech: false }\n"; // so small a network does not learn to end

    [Fact]
    public void From_recordings_to_a_voice_that_is_proven_to_be_the_trained_one()
    {
        using var voice = NewVoice();
        var ran = voice.Build();
        foreach (var target in new[] { "Encode", "Tokenize", "Train", "Export", "Synthesize", "Evaluate", "Validate", "Report", "Publish" }) Assert.Contains(target, ran.Keys);
        Assert.Empty(voice.Build());
        using (var validation = JsonDocument.Parse(File.ReadAllText(Path.Combine(voice.Root, "out/voice/Validate/validation.json"))))
        {
            Assert.True(validation.RootElement.GetProperty("passed").GetBoolean());
            var passed = validation.RootElement.GetProperty("checks").EnumerateArray().Where(check => check.GetProperty("outcome").ValueEquals("passed")).Select(check => check.GetProperty("name").GetString()).ToList();
            foreach (var name in new[] { "files.weights", "files.dtype", "files.stop_ids", "files.repetition_penalty", "engine.starts", "served.listed", "served.stream", "served.greedy", "served.trained" }) Assert.Contains(name, passed);
        }

        Assert.Contains("<code>served.greedy</code></th><td>passed</td>", File.ReadAllText(Path.Combine(voice.Root, "out/voice/Report/report.html")));

        var export = Path.Combine(voice.Root, "out/voice/Export");
        foreach (var name in new[] { "lora/adapter_config.json", "lora/adapter_model.safetensors", "merged_16bit/config.json", "merged_16bit/generation_config.json", "merged_16bit/model.safetensors", "merged_16bit/tokenizer.json", "merged_16bit/voices.json", "conversion.csv", "parity.json", "provenance.json", "vllm.yaml", "README.md" })
            Assert.True(File.Exists(Path.Combine(export, name)), name);
        using (var generation = JsonDocument.Parse(File.ReadAllText(Path.Combine(export, "merged_16bit/generation_config.json"))))
        {
            Assert.Equal(1018, generation.RootElement.GetProperty("eos_token_id")[0].GetInt32()); // the end of speech, not of the text
            Assert.Equal((0.6, 1.3), (generation.RootElement.GetProperty("temperature").GetDouble(), generation.RootElement.GetProperty("repetition_penalty").GetDouble()));
        }
        using (var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(export, "merged_16bit/config.json")))) Assert.Equal("bfloat16", config.RootElement.GetProperty("dtype").GetString());
        Assert.Equal(File.ReadAllBytes(voice.PathOf("models/orpheus/tokenizer.json")), File.ReadAllBytes(Path.Combine(export, "merged_16bit/tokenizer.json")));
        Assert.Equal(1 + 20, File.ReadLines(Path.Combine(export, "conversion.csv")).Count()); // the two layers' tensors, embedding and norm
        using (var parity = JsonDocument.Parse(File.ReadAllText(Path.Combine(export, "parity.json"))))
            Assert.All(parity.RootElement.GetProperty("texts").EnumerateArray(), text => Assert.InRange(text.GetProperty("likeliest").GetProperty("max_logprob_difference").GetDouble(), 0, 0.5));
        Assert.DoesNotContain("Over 0 tokens", File.ReadAllText(Path.Combine(export, "README.md")), StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(voice.Root, "out/voice/Synthesize/speech")));
        Is_published(voice, export);

        // more epochs at a constant rate go on; a setting of the export trains nothing
        voice.Config(Training.Replace("num_epochs: 2", "num_epochs: 3", StringComparison.Ordinal));
        var first = File.ReadAllLines(Path.Combine(voice.Root, "out/voice/Train/metrics.csv"));
        Assert.DoesNotContain("step 2: validation", File.ReadAllText(LogOf(voice, voice.Build("--target=Train"), "Train")), StringComparison.Ordinal);
        Assert.Equal(first, File.ReadLines(Path.Combine(voice.Root, "out/voice/Train/metrics.csv")).Take(first.Length));
        voice.Config(Training.Replace("num_epochs: 2", "num_epochs: 3", StringComparison.Ordinal).Replace("max_tokens: 1000", "max_tokens: 1000, repetition_penalty: 1.2", StringComparison.Ordinal));
        ran = voice.Build("--target=Export");
        Assert.Equal(["Export"], ran.Keys);
    }

    /// <summary>The merged model beside its card, the adapter in its folder, and both speak: what one uploads is what was exported.</summary>
    private static void Is_published(Voice voice, string export)
    {
        var published = Path.Combine(voice.Root, "out/voice/Publish");
        foreach (var (name, exported) in new[] { "config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "voices.json" }.Select(name => (name, "merged_16bit/" + name)).Append(("lora/adapter_model.safetensors", "lora/adapter_model.safetensors")))
            Assert.Equal(File.ReadAllBytes(Path.Combine(export, exported)), File.ReadAllBytes(Path.Combine(published, name)));
        Assert.False(Directory.Exists(Path.Combine(published, "merged_16bit")));
        Assert.Contains("\nmodel: .\nserved-model-name: voice\n", File.ReadAllText(Path.Combine(published, "vllm.yaml")), StringComparison.Ordinal);
        var card = File.ReadAllText(Path.Combine(published, "README.md"));
        foreach (var words in new[]
                 {
                     "\nlicense: \"llama3.2\"\n", "\nbase_model: \"canopylabs/orpheus-3b-0.1-pretrained\"\nbase_model_relation: \"finetune\"\n", "\n- \"orpheus\"\n", "| adapter | LoRA of rank 4, alpha 64, on down\\_proj,", "| best\\_val\\_loss |", "## Evaluation",
                     "Passed: files.weights, ", "served.greedy", "Its voice is called speaker.", "vllm serve --config vllm.yaml", "(samples/", "Built with Llama",
                 }) Assert.Contains(words, card);
        Assert.DoesNotContain("VitsModel", card, StringComparison.Ordinal);
        Vox.Tool(published, "vox-synth", "say", voice.PathOf("said"), "--model", ".", "--codec", voice.PathOf("models/snac"), "--text", "Ja.").With(0); // as the card says
        Assert.NotEmpty(Directory.GetFiles(voice.PathOf("said"), "*.wav"));
    }

    private static string LogOf(Voice voice, Dictionary<string, long> ran, string target)
    {
        Assert.Contains(target, ran.Keys);
        return Directory.GetFiles(Path.Combine(voice.Root, ".vox"), $"*-{target}-*.log", SearchOption.AllDirectories).MaxBy(File.GetLastWriteTimeUtc)!;
    }

    private static Voice NewVoice()
    {
        var voice = new Voice(clips: 6, Training);
        voice.AddModels();
        File.WriteAllText(voice.PathOf("models/orpheus/README.md"), "---\nlicense: llama3.2\n---\n");
        return voice;
    }
}
