using VoxMake.Models.Generation;
using VoxMake.Models.Llama;
using VoxMake.Torch.Tests;

namespace VoxMake.Models.Tests.Llama;

[Collection("libtorch")]
public class LlamaWriterGoldenTests
{
    public LlamaWriterGoldenTests() => NeedsTorch.OrSkip();

    [SkippableTheory, InlineData("greedy", 1.0), InlineData("greedy_repetition_penalty_1.1", 1.1)]
    public void The_likeliest_tokens_are_those_of_transformers(string name, double penalty)
    {
        using var golden = new GoldenLlama();
        var expected = golden.Json("expected_generate");
        var task = new LlamaTask(GoldenLlama.Ints(expected.GetProperty("greedy").GetProperty("prompt")), new SamplingOptions(RepetitionPenalty: penalty), 40, new HashSet<int>());
        Assert.Equal(GoldenLlama.Ints(expected.GetProperty(name).GetProperty("new_tokens")), new LlamaWriter(golden.Model).Write(task));
    }

    [SkippableFact]
    public void The_token_that_ends_a_text_is_its_last()
    {
        using var golden = new GoldenLlama();
        var expected = golden.Json("expected_generate");
        var stop = expected.GetProperty("greedy_stop").GetProperty("eos_token_id").GetInt32();
        using var text = new LlamaSequence(new LlamaTask(GoldenLlama.Ints(expected.GetProperty("greedy").GetProperty("prompt")), new SamplingOptions(), 40, new HashSet<int> { stop }), golden.Model.Config);
        var writer = new LlamaWriter(golden.Model);
        while (text.Finish is null) writer.Step([text]);
        Assert.Equal(FinishReason.Stop, text.Finish);
        Assert.Equal(GoldenLlama.Ints(expected.GetProperty("greedy_stop").GetProperty("new_tokens")), text.Text);
    }

    [SkippableFact]
    public void Texts_of_other_lengths_run_beside_each_other_and_one_may_join_late()
    {
        using var golden = new GoldenLlama();
        var expected = golden.Json("expected_generate").GetProperty("greedy_left_padded_batch");
        var prompts = expected.GetProperty("input_ids").EnumerateArray().Zip(expected.GetProperty("attention_mask").EnumerateArray(), (ids, mask) =>
            GoldenLlama.Ints(ids).Zip(GoldenLlama.Ints(mask)).Where(token => token.Second == 1).Select(token => token.First).ToArray()).ToArray();
        var texts = prompts.Select(prompt => new LlamaSequence(new LlamaTask(prompt, new SamplingOptions(), 20, new HashSet<int>()), golden.Model.Config)).ToArray();
        var writer = new LlamaWriter(golden.Model);
        for (var step = 0; step < 3; step++) writer.Step([texts[0]]);
        while (texts.Any(text => text.Finish is null)) writer.Step([.. texts.Where(text => text.Finish is null)]);
        foreach (var (text, tokens) in texts.Zip(expected.GetProperty("new_tokens").EnumerateArray())) Assert.Equal(GoldenLlama.Ints(tokens), text.Text);
        foreach (var text in texts) text.Dispose();
    }

    [SkippableFact]
    public void A_text_whose_memory_was_given_up_goes_on_as_it_would_have()
    {
        using var golden = new GoldenLlama();
        var expected = golden.Json("expected_generate");
        using var text = new LlamaSequence(new LlamaTask(GoldenLlama.Ints(expected.GetProperty("greedy").GetProperty("prompt")), new SamplingOptions(), 40, new HashSet<int>()), golden.Model.Config);
        var writer = new LlamaWriter(golden.Model);
        while (text.Finish is null)
        {
            if (text.Written is 1 or 17) text.Forget();
            writer.Step([text]);
        }
        Assert.Equal(GoldenLlama.Ints(expected.GetProperty("greedy").GetProperty("new_tokens")), text.Text);
    }

    [SkippableFact]
    public void A_small_Orpheus_writes_the_codes_that_it_was_trained_on()
    {
        using var golden = new GoldenLlama("e2e");
        var expected = golden.Json("expected");
        var stop = expected.GetProperty("stop_token").GetInt32();
        foreach (var example in expected.GetProperty("examples").EnumerateArray())
        {
            var written = new LlamaWriter(golden.Model).Write(new LlamaTask(GoldenLlama.Ints(example.GetProperty("prompt_ids")), new SamplingOptions(), 400, new HashSet<int> { stop }));
            Assert.Equal(GoldenLlama.Ints(example.GetProperty("new_tokens")), written);
        }
    }
}
