using System.Text.Json.Nodes;
using VoxMake.Torch.Tests;
using VoxMake.ValidateTool.Checks;

namespace VoxMake.Validate.Tests;

[Collection("libtorch")]
public sealed class ModelFilesCheckTests
{
    [SkippableFact]
    public void Whole_files_pass_and_a_narrow_head_is_warned_of_where_vLLM_is_not_asked()
    {
        using var voice = new ExportedVoice();
        var results = Check(voice);
        Assert.Equal(["files.weights", "files.dtype", "files.head_dim", "files.context", "files.vocabulary", "files.stop_ids", "files.repetition_penalty"], results.Select(result => result.Name));
        Assert.Equal(["files.head_dim"], results.Where(result => result.Outcome != CheckOutcome.Passed).Select(result => result.Name));
        Assert.Equal(CheckOutcome.Warned, Of(results, "files.head_dim").Outcome);
        var vllm = Of(Check(voice, forVllm: true), "files.head_dim");
        Assert.Equal(CheckOutcome.Failed, vllm.Outcome);
        Assert.Contains("head_dim of 8", vllm.Message);
    }

    [SkippableFact]
    public void A_missing_tensor_is_named_and_nothing_else_is_asked()
    {
        using var voice = new ExportedVoice().WithWeights((name, numbers) => name.EndsWith("layers.1.mlp.up_proj.weight", StringComparison.Ordinal) ? null : numbers);
        var result = Assert.Single(Check(voice));
        Assert.Equal((CheckOutcome.Failed, "files.weights"), (result.Outcome, result.Name));
        Assert.Contains("model.layers.1.mlp.up_proj.weight is missing", result.Message);
    }

    [SkippableFact]
    public void Untied_embeddings_without_a_head_are_a_missing_tensor()
    {
        using var voice = new ExportedVoice().With("config.json", json => json["tie_word_embeddings"] = false);
        Assert.Contains("lm_head.weight is missing", Assert.Single(Check(voice)).Message);
    }

    [SkippableFact]
    public void An_index_that_names_a_shard_that_is_not_there_fails()
    {
        using var voice = new ExportedVoice();
        File.Move(Path.Combine(voice.Model, "model.safetensors"), Path.Combine(voice.Model, "model-00001-of-00002.safetensors"));
        File.WriteAllText(Path.Combine(voice.Model, "model.safetensors.index.json"),
            """{"weight_map": {"model.norm.weight": "model-00001-of-00002.safetensors", "model.embed_tokens.weight": "model-00002-of-00002.safetensors"}}""");
        Assert.Contains("model-00002-of-00002.safetensors", Assert.Single(Check(voice)).Message);
    }

    [SkippableFact]
    public void A_type_in_config_json_that_the_tensors_have_not_fails_by_the_first_tensors_name()
    {
        using var voice = new ExportedVoice().With("config.json", json => json["dtype"] = "bfloat16");
        var result = Of(Check(voice), "files.dtype");
        Assert.Equal(CheckOutcome.Failed, result.Outcome);
        Assert.Contains("config.json says bfloat16, and model.embed_tokens.weight in model.safetensors holds F32", result.Message);
    }

    [SkippableFact]
    public void Stop_ids_without_the_end_of_speech_fail_with_the_id_to_add()
    {
        using var voice = new ExportedVoice().With("generation_config.json", json => json["eos_token_id"] = new JsonArray(1009));
        var result = Of(Check(voice), "files.stop_ids");
        Assert.Equal(CheckOutcome.Failed, result.Outcome);
        Assert.Contains("[1009]", result.Message);
        Assert.Contains("put 1018 into eos_token_id", result.Mend);
    }

    [SkippableTheory]
    [InlineData(null)]
    [InlineData(1.0)]
    public void No_repetition_penalty_above_1_fails(double? penalty)
    {
        using var voice = new ExportedVoice().With("generation_config.json", json => json["repetition_penalty"] = penalty);
        Assert.Equal(CheckOutcome.Failed, Of(Check(voice), "files.repetition_penalty").Outcome);
    }

    [SkippableFact]
    public void A_tokenizer_without_the_codecs_codes_or_none_at_all_fails()
    {
        using var voice = new ExportedVoice();
        Assert.Contains("<custom_token_", Of(new ModelFilesCheck(4096, 512, false).Check(voice.Files), "files.vocabulary").Message);
        File.Delete(Path.Combine(voice.Model, "tokenizer.json"));
        var result = Of(Check(voice), "files.vocabulary");
        Assert.Equal(CheckOutcome.Failed, result.Outcome);
        Assert.Contains("tokenizer.json", result.Message);
    }

    [SkippableFact]
    public void A_context_longer_than_the_networks_is_told_of()
    {
        using var voice = new ExportedVoice();
        var result = Of(new ModelFilesCheck(64, 4096, false).Check(voice.Files), "files.context");
        Assert.Equal(CheckOutcome.Warned, result.Outcome);
        Assert.Contains("1024", result.Message);
    }

    private static IReadOnlyList<CheckResult> Check(ExportedVoice voice, bool forVllm = false) => new ModelFilesCheck(64, 512, forVllm).Check(voice.Files);

    private static CheckResult Of(IReadOnlyList<CheckResult> results, string name) => results.Single(result => result.Name == name);
}
