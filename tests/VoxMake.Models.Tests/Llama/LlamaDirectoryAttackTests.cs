using System.Text.Json.Nodes;
using VoxMake.Models.Llama;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Tests;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Tests.Llama;

/// <summary>Checkpoints that are not what they say: each is refused with file and tensor or field, for a server would load some of them and speak garbage.</summary>
[Collection("libtorch")]
public class LlamaDirectoryAttackTests : IDisposable
{
    private readonly WrittenModel _folder = new();
    private readonly TensorScope _scope;

    public LlamaDirectoryAttackTests()
    {
        NeedsTorch.OrSkip();
        _scope = new TensorScope();
    }

    private static readonly LlamaConfig Small = new("llama", 20, 8, 12, 2, 2, 1, 4, 64, 1e-6, new RopeConfig());

    [SkippableFact]
    public void A_whole_checkpoint_is_read_in_one_file_or_in_shards()
    {
        using var model = Write();
        var expected = Scores(model);
        Assert.Equal(expected, Scores(Read()));

        _folder.Shard();
        Assert.Equal(expected, Scores(Read()));
    }

    [SkippableTheory]
    [InlineData("model_type", "\"qwen3\"", "model_type is qwen3")]
    [InlineData("hidden_act", "\"gelu\"", "hidden_act is gelu")]
    [InlineData("head_dim", "3", "head_dim is 3")]
    [InlineData("num_key_value_heads", "3", "cannot share 3 (num_key_value_heads)")]
    [InlineData("vocab_size", "0", "vocab_size is 0; expected a whole number from 1")]
    [InlineData("vocab_size", "\"many\"", "vocab_size is \"many\"; expected a whole number")]
    [InlineData("num_hidden_layers", "4096", "model.layers.2.self_attn.q_proj.weight is missing")]
    [InlineData("attention_bias", "true", "self_attn.q_proj.bias is missing")]
    [InlineData("intermediate_size", "13", "mlp.gate_proj.weight has the shape [12, 8], not [13, 8]")]
    [InlineData("rope_scaling", "{\"rope_type\": \"yarn\", \"factor\": 4}", "rope_scaling.rope_type is yarn")]
    [InlineData("rope_scaling", "{\"rope_type\": \"llama3\"}", "rope_scaling.factor is missing")]
    [InlineData("rope_scaling", "{\"rope_type\": \"llama3\", \"factor\": -1}", "rope_scaling.factor is -1")]
    [InlineData("torch_dtype", "\"int8\"", "dtype is int8")]
    [InlineData("quantization_config", "{}", "quantised")]
    [InlineData("eos_token_id", "[2, -1]", "eos_token_id is [2,-1]")]
    public void A_configuration_of_another_network_is_refused(string field, string value, string part)
    {
        using (Write()) { }
        _folder.Configure(json => json[field] = JsonNode.Parse(value));
        Assert.Contains(part, Refused());
        Assert.Contains("config.json", Refused());
    }

    [SkippableFact]
    public void Tensors_that_are_missing_left_over_or_of_another_shape_or_type_are_named()
    {
        using (Write()) { }
        _folder.Rewrite(tensors => tensors.Where(tensor => tensor.Name is not ("model.layers.1.mlp.up_proj.weight" or "model.norm.weight" or "lm_head.weight"))
            .Append(TensorSource.Of("model.norm.weight", DType.F32, [3], new byte[12]))
            .Append(TensorSource.Of("lm_head.weight", DType.I8, [20, 8], new byte[160]))
            .Append(TensorSource.Of("model.layers.0.self_attn.rotary_emb.inv_freq", DType.F32, [2], new byte[8]))
            .Append(TensorSource.Of("stranger", DType.F32, [1], new byte[4])));
        var message = Refused();
        Assert.Contains("model.layers.1.mlp.up_proj.weight is missing", message);
        Assert.Contains("model.norm.weight has the shape [3], not [8]", message);
        Assert.Contains("lm_head.weight holds I8", message);
        Assert.Contains("stranger is left over", message);
        Assert.DoesNotContain("inv_freq", message);
    }

    [SkippableFact]
    public void A_head_of_its_own_beside_tied_embeddings_must_be_the_embedding()
    {
        using (Write(Small with { TieWordEmbeddings = true })) { }
        byte[] embedding;
        using (var file = SafetensorsFile.Open(_folder.File("model.safetensors"))) embedding = file["model.embed_tokens.weight"].ToArray();
        _folder.Rewrite(tensors => tensors.Append(TensorSource.Of("lm_head.weight", DType.F32, [20, 8], embedding)));
        using (Read()) { }
        _folder.Rewrite(tensors => tensors.Where(tensor => tensor.Name != "lm_head.weight").Append(TensorSource.Of("lm_head.weight", DType.F32, [20, 8], new byte[640])));
        Assert.Contains("lm_head.weight differs from model.embed_tokens.weight, though tie_word_embeddings", Refused());
    }

    [SkippableFact]
    public void A_head_that_is_missing_without_tied_embeddings_is_named()
    {
        using (Write()) { }
        _folder.Rewrite(tensors => tensors.Where(tensor => tensor.Name != "lm_head.weight"));
        Assert.Contains("lm_head.weight is missing", Refused());
    }

    [SkippableFact]
    public void A_shard_that_is_missing_cut_or_of_another_checkpoint_is_named()
    {
        using (Write()) { }
        _folder.Shard();
        var shard = _folder.File("model-00002-of-00002.safetensors");
        var whole = File.ReadAllBytes(shard);
        File.WriteAllBytes(shard, whole[..^7]);
        Assert.Contains("model-00002-of-00002.safetensors", Refused());
        File.WriteAllBytes(shard, [.. BitConverter.GetBytes(long.MaxValue), .. whole[8..]]);
        Assert.Contains("model-00002-of-00002.safetensors", Refused());
        File.Delete(shard);
        Assert.Contains("'model-00002-of-00002.safetensors', which the model does not have", Refused());
    }

    [SkippableFact]
    public void A_pickle_with_code_is_refused_and_never_run()
    {
        using (Write()) { }
        var run = _folder.BoobyTrap();
        Assert.Contains("pytorch_model.bin", Refused());
        Assert.Contains("posix", Refused());
        Assert.False(File.Exists(run));
    }

    [SkippableFact]
    public void Weights_keep_the_type_that_they_lie_in_unless_another_is_asked_for()
    {
        using (Write(type: ScalarType.BFloat16)) { }
        using var directory = LlamaDirectory.Open(_folder.Path);
        Assert.Equal(ScalarType.BFloat16, directory.Type);
        using var same = directory.Model(Device.Cpu);
        using var wider = directory.Model(Device.Cpu, ScalarType.Float);
        Assert.Equal((ScalarType.BFloat16, ScalarType.Float), (same.Type, wider.Type));
        Assert.Equal(0, (same.Embedding.to(ScalarType.Float) - wider.Embedding).abs().max().Item());
    }

    private LlamaModel Write(LlamaConfig? config = null, ScalarType type = ScalarType.Float)
    {
        config ??= Small;
        var model = LlamaModel.Random(config, new Generator(5), type);
        Checkpoint.Save(model, _folder.File("model.safetensors"));
        var json = new JsonObject
        {
            ["model_type"] = "llama", ["vocab_size"] = config.VocabSize, ["hidden_size"] = config.HiddenSize, ["intermediate_size"] = config.IntermediateSize,
            ["num_hidden_layers"] = config.NumHiddenLayers, ["num_attention_heads"] = config.NumAttentionHeads, ["num_key_value_heads"] = config.NumKeyValueHeads,
            ["head_dim"] = config.HeadDim, ["max_position_embeddings"] = config.MaxPositionEmbeddings, ["rms_norm_eps"] = config.RmsNormEps, ["tie_word_embeddings"] = config.TieWordEmbeddings,
        };
        File.WriteAllText(_folder.File("config.json"), json.ToJsonString());
        return model;
    }

    private LlamaModel Read()
    {
        using var directory = LlamaDirectory.Open(_folder.Path);
        return directory.Model(Device.Cpu);
    }

    private static float[] Scores(LlamaModel model)
    {
        using var noGrad = Libtorch.NoGrad();
        return model.Logits(model.Forward(TokenBatch.Of([[1, 2, 3], [4, 5]], Device.Cpu))).ToArray<float>();
    }

    private string Refused() => _folder.Refused(LlamaDirectory.Open);

    public void Dispose()
    {
        _scope?.Dispose();
        _folder.Dispose();
    }
}
