using System.Text.Json;
using VoxMake.Protocol;
using VoxMake.Tests;
using VoxMake.Tools;

namespace VoxMake.Report.Tests;

public class OrpheusCardTests
{
    private const string Vllm = "# a comment\nmodel: merged_16bit\nserved-model-name: Linda\ndtype: bfloat16\nmax-model-len: 4096\ngpu-memory-utilization: 0.9\ngeneration-config: auto\n";
    private const string Lora = """{"rank": 64, "alpha": 32.5, "rslora": true, "targets": ["q_proj", "v_proj"]}""";

    private const string Training = """
        {"family": "orpheus", "method": "lora", "steps": 600, "epochs": 3, "steps_per_epoch": 200, "best_step": 500, "best_val_loss": 3.125, "stopped_early": false, "choices": {"batch_size": 2}, "libtorch": "2.8.0",
         "parameters": {"all": 3300000000, "trained": 97255424}, "base": {"digest": "00ff"}, "splits": {"train": {"examples": 90}, "validation": {"examples": 3}}}
        """;

    private const string Parity = """
        {"computed_in": "Float", "merged_to": "BFloat16", "limits": {"logprob": 0.5, "divergence": 0.02}, "texts": [
         {"n": 1, "likeliest": {"tokens": 40, "same_likeliest": 39, "max_logprob_difference": 0.0312, "divergence": 0.0001, "first_other_likeliest": 7}, "heard": {"tokens": 28, "same_likeliest": 28, "max_logprob_difference": 0.25, "divergence": 0.0002}},
         {"n": 2, "likeliest": null, "heard": null}]}
        """;

    private const string Proof = """
        {"engine": "endpoint", "of": "http://10.1.2.3:8000", "passed": true, "checks": [
         {"name": "files.weights", "outcome": "passed", "message": "all 20 tensors", "mend": null, "figures": null},
         {"name": "engine.starts", "outcome": "passed", "message": "it answers at /health"},
         {"name": "speech.ends", "outcome": "warned", "message": "it does not end <b>here</b>", "mend": "train longer"}]}
        """;

    private static string Provenance(string voices = "[\"Linda\", \"leo\"]", string adapter = Lora) =>
        $$"""{"licence": {"id": "llama3.2", "sentence": "llama3.2: the strictest."}, "model": {"family": "orpheus", "vocab_size": 156940, "dtype": "bfloat16", "voices": {{voices}}, "adapter": {{adapter}} } }""";

    private static MadeCard Make(string settings = """{"voice": "Linda", "language": "en", "language_name": "English", "base_model": "canopylabs/orpheus-3b-0.1-pretrained"}""", string? provenance = null, string vllm = Vllm, string proof = Proof,
        params (string Name, string Content)[] more) => MadeCard.Of(settings,
        ("exported", [],
        [
            ("merged_16bit/config.json", "{}"), ("merged_16bit/model.safetensors", "weights"), ("merged_16bit/voices.json", "[]"), ("lora/adapter_config.json", "{}"), ("lora/adapter_model.safetensors", "adapter"),
            ("README.md", "Export's own"), ("conversion.csv", "tensor"), ("parity.json", Parity), ("provenance.json", provenance ?? Provenance()), ("vllm.yaml", vllm), .. more,
        ]),
        ("trained", [], [("training.json", Training), ("validation.csv", "step,val_loss,best\n200,3.5,true\n500,3.125,true\n"), ("metrics.csv", "step,loss\n1,5.25\n600,2.75\n")]), ("validated", [], [("validation.json", proof)]));

    [Fact]
    public void A_language_models_card_tells_how_it_was_trained_proven_and_is_served()
    {
        var made = Make();
        Assert.Equal(0, made.Code);
        var front = made.Front();
        Assert.Equal(["text-to-speech", "orpheus", "llama", "snac", "lora", "voxmake"], (List<object>)front["tags"]);
        Assert.Equal(("llama3.2", "transformers", "text-to-speech"), (front["license"], front["library_name"], front["pipeline_tag"]));
        Assert.Equal(("canopylabs/orpheus-3b-0.1-pretrained", "finetune"), (front["base_model"], front["base_model_relation"]));
        foreach (var words in new[]
                 {
                     "voice for English: Orpheus, a language model", "Trained for 600 steps (3 epochs), starting from a base model.", "[canopylabs/orpheus-3b-0.1-pretrained](https://huggingface.co/canopylabs/orpheus-3b-0.1-pretrained)",
                     "the loss was 3.50 at step 200 and 3.13 at step 500, the least", "| method | lora |", "| best\\_val\\_loss | 3.125 |", "| parameters.trained | 97255424 |", "| base.digest | 00ff |",
                     "| adapter | LoRA of rank 64, alpha 32.5 (rsLoRA), on q\\_proj, v\\_proj |", "| loss | 5.250 at the first step, 2.750 at the last |",
                     "Over 68 tokens of 2 texts", "the same token likeliest at 67; no token's logprob differs by more than 0.2500", "Then a server with vLLM's completions API served it", "Passed: files.weights, engine.starts.",
                     "Warned: speech.ends: it does not end \\<b\\>here\\</b\\>.", "Its voices: Linda, leo.", "vllm serve --config vllm.yaml", "--served-model-name Linda --max-model-len 4096", "-v \"$PWD/.:/model:ro\"",
                     "\"model\":\"Linda\",\"input\":\"The text to say.\",\"response_format\":\"wav\",\"voice\":\"Linda\"", "`lora/` is the adapter alone", "- Licence: llama3.2: the strictest.",
                 }) Assert.Contains(words, made.Text);
        foreach (var words in new[] { "VITS", "VitsModel", "10.1.2.3", "vocab.json" }) Assert.DoesNotContain(words, made.Text);
    }

    [Fact]
    public void The_merged_model_lies_where_hugging_face_looks_for_it_and_weights_go_by_digest()
    {
        var made = Make();
        Assert.Equal(["README.md", "vllm.yaml", "config.json", "model.safetensors", "voices.json", "lora/adapter_config.json", "lora/adapter_model.safetensors", "conversion.csv", "parity.json", "provenance.json"],
            [.. made.Outputs.Take(2).Select(output => output.Name), .. made.Outputs.Skip(2).OrderBy(output => Order(output.Name)).Select(output => output.Name)]);
        Assert.Equal(["README.md", "vllm.yaml"], made.Written.Keys); // all else is handed on as it is
        Assert.Equal(Digest.Of("weights"u8), made.Outputs.Single(output => output.Name == "model.safetensors").Digest);
        Assert.Equal(Vllm.Replace("merged_16bit", ".", StringComparison.Ordinal).Split('\n')[1..], made.Written["vllm.yaml"].Split('\n')[1..]);

        static int Order(string name) => Array.IndexOf(["config.json", "model.safetensors", "voices.json", "lora/adapter_config.json", "lora/adapter_model.safetensors", "conversion.csv", "parity.json", "provenance.json"], name);
    }

    [Fact]
    public void Where_all_weights_were_trained_no_adapter_is_spoken_of()
    {
        var made = Make(provenance: Provenance(adapter: "null"));
        Assert.DoesNotContain("lora", (List<object>)made.Front()["tags"]);
        Assert.Contains("| weights | all of them, without an adapter |", made.Text);
        Assert.DoesNotContain("`lora/`", made.Text);
    }

    [Fact]
    public void What_failed_is_not_called_proven() =>
        Assert.Contains("**Failed: files.weights. This is not the voice that was trained.**", Make(proof: Proof.Replace("\"files.weights\", \"outcome\": \"passed\"", "\"files.weights\", \"outcome\": \"failed\"", StringComparison.Ordinal)).Text);

    [Theory]
    [InlineData("Anna'; rm -rf ~; echo '")]
    [InlineData("```\n# not a title\n")]
    [InlineData("<script>alert(1)</script> `$(id)`")]
    [InlineData("\u0001\u2028 汉字 😀")]
    public void A_voices_name_stays_a_name_in_prose_and_in_a_shell(string hostile)
    {
        var made = Make(provenance: Provenance(voices: JsonSerializer.Serialize(new[] { hostile })));
        Assert.Equal(0, made.Code);
        Assert.Single(made.Text.Split('\n'), line => line.StartsWith("# ", StringComparison.Ordinal));
        Assert.Equal(4, made.Text.Split('\n').Count(line => line.StartsWith("```", StringComparison.Ordinal)));
        Assert.DoesNotContain("<script>", made.Text);
        var curl = made.Text.Split('\n').Single(line => line.StartsWith("curl ", StringComparison.Ordinal));
        Assert.Equal(3, curl.Split('\'').Length); // one quoted argument, at the end
        Assert.Equal(hostile, JsonDocument.Parse(curl.Split('\'')[1]).RootElement.GetProperty("voice").GetString());
    }

    [Theory]
    [InlineData("served-model-name: a; rm -rf /\n", "expected one word of letters")]
    [InlineData("served-model-name: a\nserved-model-name: b\n", "stands there twice")]
    [InlineData("", "it has no served-model-name")]
    [InlineData("served-model-name: a\nno line of a key\n", "is no key with a value")]
    public void Settings_of_a_server_that_make_no_sense_are_named(string line, string said)
    {
        var made = Make(vllm: Vllm.Replace("served-model-name: Linda\n", line, StringComparison.Ordinal));
        Assert.Equal(2, made.Code);
        Assert.Contains("vllm.yaml", made.Said);
        Assert.Contains(said, made.Said);
    }

    [Fact]
    public void What_a_server_is_told_is_read_as_it_was_written()
    {
        using var folder = new TemporaryFolder();
        var written = new VllmYaml("merged_16bit", VllmYaml.NameOf("Äpfel & Birnen"), "float32", 512, 0.85);
        File.WriteAllText(folder.File("vllm.yaml"), written.ToString());
        Assert.Equal(written, VllmYaml.Read(folder.File("vllm.yaml")));
        Assert.Equal("pfel---Birnen", written.ServedModelName);
    }

    [Fact]
    public void Two_files_for_one_place_and_a_family_without_a_card_are_refused()
    {
        var twice = Make(more: ("config.json", "{}"));
        Assert.Equal(2, twice.Code);
        Assert.Contains("two files of the voice would both be config.json", twice.Said);
        var strange = Make(provenance: """{"model": {"family": "xtts"}}""");
        Assert.Equal(2, strange.Code);
        Assert.Contains("for which there is no card; expected vits or orpheus", strange.Said);
        Assert.Equal(2, Make(provenance: Provenance().Replace("\"rank\"", "\"width\"", StringComparison.Ordinal).Replace("32.5", "\"much\"", StringComparison.Ordinal)).Code);
    }
}
