using System.Text.Json;
using VoxMake.Models.Llama;
using VoxMake.Models.Orpheus;
using VoxMake.Torch;
using VoxMake.Torch.Tests;
using VoxMake.ValidateTool.Checks;
using VoxMake.ValidateTool.Served;

namespace VoxMake.Validate.Tests;

/// <summary>What the real vLLM answered for a small model (golden vectors vllm), held to our own forward pass.</summary>
[Collection("libtorch")]
public sealed class RecordedTests
{
    /// <summary>Answers with logprobs of all tokens, to requests for the likeliest ones.</summary>
    private static IReadOnlyList<(string Name, int[] Prompt, int Asked, JsonElement Body)> Exchanges()
    {
        var found = new List<(string, int[], int, JsonElement)>();
        foreach (var line in File.ReadLines(TestFiles.Golden("vllm/exchanges.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.GetProperty("request").GetProperty("body") is not { ValueKind: JsonValueKind.Object } asked || !asked.TryGetProperty("return_token_ids", out _)
                || asked.TryGetProperty("stream", out _)) continue;
            if (!asked.TryGetProperty("logprobs", out _) || asked.TryGetProperty("echo", out _) || asked.GetProperty("prompt")[0].ValueKind != JsonValueKind.Number) continue;
            found.Add((root.GetProperty("name").GetString()!, [.. asked.GetProperty("prompt").EnumerateArray().Select(id => id.GetInt32())], asked.GetProperty("max_tokens").GetInt32(),
                root.GetProperty("body").Clone()));
        }
        return found;
    }

    [SkippableFact]
    public void Real_answers_agree_with_our_forward_pass_and_not_with_one_that_lacks_a_tensor()
    {
        NeedsTorch.OrSkip();
        var exchanges = Exchanges();
        Assert.NotEmpty(exchanges);
        var texts = exchanges.Select((one, n) => new GreedyText(new OrpheusSaidText(n, one.Name, one.Name, one.Prompt, [], [], [], 1, 0, []), Completion.Read(one.Body), one.Asked)).ToList();
        using var directory = LlamaDirectory.Open(Path.GetDirectoryName(TestFiles.Golden("vllm/checkpoint/config.json"))!);
        var stops = new HashSet<int> { 2, 695 };
        using (var own = directory.Model(Device.Cpu, ScalarType.Float))
        {
            var result = new Greedy(ScalarType.Float).Check(own, texts, stops, default);
            Assert.True(result.Outcome == CheckOutcome.Passed, result.Message);
            Assert.InRange((double)result.Figures!["max_logprob_difference"]!, 0, 1e-3);
        }
        using var other = new LlamaModel(directory.Config, (name, _) => name == "model.layers.1.mlp.up_proj.weight" ? directory.Load(name, Device.Cpu, ScalarType.Float).zero_()
            : directory.Load(name, Device.Cpu, ScalarType.Float)) { Training = false };
        Assert.Equal(CheckOutcome.Failed, new Greedy(ScalarType.Float).Check(other, texts, stops, default).Outcome);
    }

    [Fact]
    public void An_answer_without_token_ids_is_refused_with_what_to_use()
    {
        using var json = JsonDocument.Parse("""{"choices": [{"index": 0, "text": "a", "finish_reason": "length", "token_ids": null}]}""");
        Assert.Contains("return_token_ids", Assert.Throws<ServedException>(() => Completion.Read(json.RootElement)).Message);
        using var other = JsonDocument.Parse("""{"object": "error"}""");
        Assert.Contains("none of the completions API", Assert.Throws<ServedException>(() => Completion.Read(other.RootElement)).Message);
    }
}
