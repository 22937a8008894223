using System.Text.Json.Nodes;
using VoxMake.Models.Whisper;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Tests;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Tests.Whisper;

/// <summary>Directories as they are published, and such as are not what they say: each is refused with file and tensor or field.</summary>
[Collection("libtorch")]
public sealed class WhisperDirectoryTests : IDisposable
{
    private static readonly WhisperConfig Small = new(40, 8, 8, 1, 2, 12, 2, 2, 12, 20, 16);
    private readonly WrittenModel _folder = new();
    private readonly TensorScope _scope;

    public WhisperDirectoryTests()
    {
        NeedsTorch.OrSkip();
        _scope = new TensorScope();
        using var model = WhisperModel.Random(Small, new Generator(5));
        Checkpoint.Save(model, _folder.File("model.safetensors"));
        File.WriteAllText(_folder.File("config.json"), new JsonObject
        {
            ["model_type"] = "whisper", ["vocab_size"] = 40, ["num_mel_bins"] = 8, ["d_model"] = 8, ["encoder_layers"] = 1, ["encoder_attention_heads"] = 2, ["encoder_ffn_dim"] = 12,
            ["decoder_layers"] = 2, ["decoder_attention_heads"] = 2, ["decoder_ffn_dim"] = 12, ["max_source_positions"] = 20, ["max_target_positions"] = 16, ["tie_word_embeddings"] = true,
        }.ToJsonString());
    }

    [SkippableFact]
    public void One_file_and_shards_are_read_and_so_is_a_head_that_is_the_embedding()
    {
        var expected = Scores();
        byte[] embedding;
        using (var file = SafetensorsFile.Open(_folder.File("model.safetensors"))) embedding = file["model.decoder.embed_tokens.weight"].ToArray();
        _folder.Rewrite(tensors => tensors.Append(TensorSource.Of("proj_out.weight", DType.F32, [40, 8], embedding)));
        Assert.Equal(expected, Scores());

        _folder.Shard();
        Assert.Equal(expected, Scores());
    }

    [SkippableTheory]
    [InlineData("model_type", "\"llama\"", "model_type is llama; expected whisper")]
    [InlineData("activation_function", "\"relu\"", "activation_function is relu")]
    [InlineData("scale_embedding", "true", "scale_embedding is true")]
    [InlineData("tie_word_embeddings", "false", "tie_word_embeddings is false")]
    [InlineData("quantization_config", "{}", "quantised")]
    [InlineData("d_model", "9", "cannot be shared among 2 heads (encoder_attention_heads)")]
    [InlineData("vocab_size", "\"many\"", "vocab_size is \"many\"; expected a whole number")]
    [InlineData("vocab_size", "41", "model.decoder.embed_tokens.weight has the shape [40, 8], not [41, 8]")]
    [InlineData("decoder_layers", "3", "model.decoder.layers.2.self_attn.k_proj.weight is missing")]
    [InlineData("encoder_layers", "1000000000", "encoder_layers is 1000000000; expected a whole number from 1")]
    [InlineData("median_filter_width", "6", "median_filter_width is 6; expected an odd number")]
    [InlineData("num_mel_bins", "9", "model.encoder.conv1.weight has the shape [8, 8, 3], not [8, 9, 3]")]
    public void A_configuration_of_another_network_is_refused(string field, string value, string part)
    {
        _folder.Configure(json => json[field] = JsonNode.Parse(value));
        Assert.Contains(part, Refused());
        Assert.Contains("config.json", Refused());
    }

    [SkippableTheory]
    [InlineData("""{"alignment_heads": [[0, -1]]}""", "alignment_heads[0] is [0,-1]; expected [layer, head]")]
    [InlineData("""{"alignment_heads": [[0, 1], [1]]}""", "alignment_heads[1] is [1]")]
    [InlineData("""{"alignment_heads": {"a": 1}}""", "alignment_heads is no list")]
    [InlineData("""{"lang_to_id": {"<|en|>": 40}}""", "lang_to_id.<|en|> is 40; expected an id from 0 to 39")]
    [InlineData("""{"lang_to_id": [1]}""", "lang_to_id is no object")]
    [InlineData("""{"suppress_tokens": [1, -3]}""", "suppress_tokens is [1,-3]")]
    [InlineData("""{"is_multilingual": "yes"}""", "is_multilingual is \"yes\"; expected true or false")]
    [InlineData("""[]""", "is not a JSON object")]
    public void Defaults_of_generation_that_make_no_sense_are_refused(string json, string part)
    {
        File.WriteAllText(_folder.File("generation_config.json"), json);
        Assert.Contains(part, Refused());
        Assert.Contains("generation_config.json", Refused());
    }

    [SkippableFact]
    public void Defaults_of_generation_are_read_and_may_be_absent()
    {
        using (var directory = WhisperDirectory.Open(_folder.Path)) Assert.Equal(new WhisperGeneration(), directory.Generation);
        File.WriteAllText(_folder.File("generation_config.json"), """
            {"alignment_heads": [[1, 0]], "lang_to_id": {"<|en|>": 3}, "task_to_id": {"transcribe": 5}, "suppress_tokens": [], "no_timestamps_token_id": 7,
             "max_initial_timestamp_index": 50, "is_multilingual": true, "forced_decoder_ids": [[1, null]]}
            """);
        using var read = WhisperDirectory.Open(_folder.Path);
        Assert.Equal([new AlignmentHead(1, 0)], read.Generation.AlignmentHeads!);
        var generation = read.Generation;
        Assert.Equal((3, 5, 0), (generation.LanguageIds!["<|en|>"], generation.TaskIds!["transcribe"], generation.SuppressTokens!.Count));
        Assert.Equal((7, 50, true), (generation.NoTimestampsTokenId, generation.MaxInitialTimestampIndex, generation.IsMultilingual));
    }

    [SkippableFact]
    public void Heads_that_a_distilled_network_lacks_are_passed_over()
    {
        Assert.Equal([new AlignmentHead(1, 1)], new WhisperGeneration([new(0, 2), new(1, 1), new(7, 0), new(1, 1)]).HeadsOf(Small));
        Assert.Equal([new AlignmentHead(1, 0), new(1, 1)], new WhisperGeneration([new(7, 0)]).HeadsOf(Small));
        Assert.Equal([new AlignmentHead(1, 0), new(1, 1)], new WhisperGeneration().HeadsOf(Small));
    }

    [SkippableFact]
    public void Tensors_that_are_missing_left_over_or_of_another_shape_or_type_are_named()
    {
        _folder.Rewrite(tensors => tensors.Where(tensor => tensor.Name is not ("model.encoder.layers.0.fc1.bias" or "model.encoder.conv1.bias"))
            .Append(TensorSource.Of("model.encoder.conv1.bias", DType.I8, [8], new byte[8]))
            .Append(TensorSource.Of("model.encoder.layers.0.self_attn.k_proj.bias", DType.F32, [8], new byte[32]))
            .Append(TensorSource.Of("proj_out.weight", DType.F32, [40, 8], new byte[1280])));
        var message = Refused();
        Assert.Contains("model.encoder.layers.0.fc1.bias is missing", message);
        Assert.Contains("model.encoder.conv1.bias holds I8", message);
        Assert.Contains("model.encoder.layers.0.self_attn.k_proj.bias is left over", message);
        Assert.Contains("proj_out.weight differs from model.decoder.embed_tokens.weight", message);
    }

    [SkippableFact]
    public void A_pickle_with_code_is_refused_and_never_run()
    {
        var run = _folder.BoobyTrap();
        Assert.Contains("pytorch_model.bin", Refused());
        Assert.Contains("posix", Refused());
        Assert.False(File.Exists(run));
    }

    [SkippableFact]
    public void Half_precision_weights_become_float32_on_the_CPU()
    {
        var names = WhisperModel.Tensors(Small);
        _folder.Rewrite(_ => names.Select(tensor => TensorSource.Of(tensor.Name, DType.F16, tensor.Shape, new byte[2 * tensor.Shape.Aggregate(1L, (a, b) => a * b)])));
        using var directory = WhisperDirectory.Open(_folder.Path);
        using var model = directory.Model(Device.Cpu);
        Assert.Equal((ScalarType.Half, ScalarType.Float), (directory.Type, model.Type));
    }

    private float[] Scores()
    {
        using var noGrad = Libtorch.NoGrad();
        using var directory = WhisperDirectory.Open(_folder.Path);
        using var model = directory.Model(Device.Cpu);
        using var sound = model.Listen(model.Encode(Ops.ones([1, 8, 40])));
        return model.Logits(model.Decode(Tensor.From<long>([1, 2, 3], 1, 3), sound)).ToArray<float>();
    }

    private string Refused() => _folder.Refused(WhisperDirectory.Open);

    public void Dispose()
    {
        _scope?.Dispose();
        _folder.Dispose();
    }
}
