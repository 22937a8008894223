using System.Text.Json.Nodes;
using VoxMake.Corpus.Tests;
using VoxMake.Protocol;
using VoxMake.Torch.Tests;
using VoxMake.Torch.Weights;
using VoxMake.Training.Tests.Orpheus;

namespace VoxMake.Training.Tests;

/// <summary><c>vox-train orpheus</c> and <c>orpheus-export</c> as people start them.</summary>
[Collection("libtorch")]
public sealed class OrpheusToolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SmallOrpheus? _voice;

    public OrpheusToolTests()
    {
        NeedsTorch.OrSkip();
        _voice = new SmallOrpheus(train: 4, validation: 2);
        foreach (var shard in _voice.Train.Concat(_voice.Validation)) File.Copy(shard.Path, _folder.File($"tokens/{shard.Name}"));
        File.WriteAllText(_folder.File("tokens/tokens.json"), """
            {"format":"voxmake-orpheus-1","language":"de","ids":{"begin_of_text":1000,"end_of_turn":1009,"start_of_speech":1017,"end_of_speech":1018,"start_of_human":1019,"end_of_human":1020,"start_of_ai":1021,"end_of_ai":1022,"pad":1023,"audio_start":1026,"codebook_size":64},
            "voices":{"leo":1,"tara":3},"shards":[{"name":"train-00000.safetensors","split":"train","examples":4,"tokens":1},{"name":"validation-00000.safetensors","split":"validation","examples":2,"tokens":1}]}
            """);
        File.WriteAllText(_folder.File("tokens/examples.csv"), "id,split,shard,index,tokens,frames,text\nb,validation,validation-00000.safetensors,1,9,9,\"two, words\"\na,validation,validation-00000.safetensors,0,9,9,one\n");
        foreach (var path in Directory.GetFiles(Path.GetDirectoryName(TestFiles.Golden("orpheus/e2e/config.json"))!)) File.Copy(path, _folder.File($"base/{Path.GetFileName(path)}"));
        foreach (var name in new[] { "tokenizer.json", "tokenizer_config.json" }) File.Copy(TestFiles.Golden($"orpheus/tokenizer/{name}"), _folder.File($"base/{name}"));
    }

    private Tool Train(params string[] options) => Tool.Run("vox-train", ["orpheus", _folder.File("trained"), "--tokens", _folder.File("tokens"), "--base", _folder.File("base"),
        "--codec", Path.GetDirectoryName(TestFiles.Golden("orpheus/snac/config.json"))!, "--num-epochs", "1", "--batch-size", "2", "--lora-rank", "4", "--validation-sentences", "2", "--device", "cpu", .. options]);

    private Tool Export(params string[] options) =>
        Tool.Run("vox-train", ["orpheus-export", _folder.File("export"), "--trained", _folder.File("trained"), "--base", _folder.File("base"), "--tokens", _folder.File("tokens"), "--name", "Äpfel & Birnen", .. options]);

    [SkippableFact]
    public void By_hand_a_voice_is_trained_and_exported_and_sentences_have_their_texts()
    {
        Assert.Equal(ExitCode.Done, Train().Exit);
        Assert.Equal(["1,a,one", "2,b,\"two, words\""], File.ReadLines(_folder.File("trained/spoken.csv")).Skip(1).Select(row => string.Join(',', row.Split(',')[1..^1])));
        Assert.Equal(ExitCode.Done, Export().Exit);
        Assert.Equal(["tara", "leo"], JsonNode.Parse(File.ReadAllText(_folder.File("export/merged_16bit/voices.json")))!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.Contains("served-model-name: pfel---Birnen", File.ReadAllText(_folder.File("export/vllm.yaml")));
        Assert.Contains("holds the same token likeliest at", File.ReadAllText(_folder.File("export/README.md")));
    }

    [SkippableTheory]
    [InlineData("fp32", "float32", DType.F32)]
    [InlineData("fp16", "float16", DType.F16)]
    public void Weights_are_of_the_type_that_was_asked_for(string asked, string written, DType type)
    {
        Train();
        Assert.Equal(ExitCode.Done, Export("--dtype", asked).Exit);
        Assert.Equal(written, JsonNode.Parse(File.ReadAllText(_folder.File("export/merged_16bit/config.json")))!["dtype"]!.GetValue<string>());
        using var file = SafetensorsFile.Open(_folder.File("export/merged_16bit/model.safetensors"));
        Assert.All(file.Entries, entry => Assert.Equal(type, entry.DType));
    }

    [SkippableFact]
    public void Where_all_weights_were_trained_there_is_no_adapter_and_the_parity_holds_as_well()
    {
        Assert.Equal(ExitCode.Done, Train("--method", "full", "--learning-rate", "1e-3").Exit);
        Assert.Equal(ExitCode.Done, Export("--dtype", "fp32").Exit);
        Assert.False(Directory.Exists(_folder.File("export/lora")));
        Assert.All(JsonNode.Parse(File.ReadAllText(_folder.File("export/parity.json")))!["texts"]!.AsArray(), text => Assert.Equal(0, text!["heard"]!["max_logprob_difference"]!.GetValue<double>()));
    }

    [SkippableFact]
    public void An_adapter_that_is_not_the_trained_one_is_not_exported()
    {
        Train();
        var adapter = _folder.File("trained/checkpoint/adapter_model.safetensors");
        using (var file = SafetensorsFile.Open(adapter))
            SafetensorsWriter.Write(_folder.File("other"), file.Tensors.Select(tensor =>
            {
                var bytes = tensor.Value.ToArray();
                if (tensor.Key.EndsWith("lora_B.weight", StringComparison.Ordinal)) new Random(1).NextBytes(bytes.AsSpan(0, 2)); // small numbers
                if (tensor.Key.EndsWith("q_proj.lora_B.weight", StringComparison.Ordinal)) for (var at = 3; at < bytes.Length; at += 4) bytes[at] = 0x3f; // about one
                return TensorSource.Of(tensor.Key, tensor.Value.DType, tensor.Value.Shape, bytes);
            }));
        File.Move(_folder.File("other"), adapter, overwrite: true);
        var refused = Export();
        Assert.Equal(ExitCode.Failed, refused.Exit);
        Assert.Contains("what the checkpoint holds is not what was trained", refused.Said);
    }

    [SkippableFact]
    public void What_is_missing_or_of_another_model_is_named()
    {
        Train();
        File.Move(_folder.File("tokens/tokens.json"), _folder.File("elsewhere.json"));
        var refused = Export();
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("the result of Tokenize has no tokens.json", refused.Said);
        File.Move(_folder.File("elsewhere.json"), _folder.File("tokens/tokens.json"));
        File.WriteAllText(_folder.File("base/config.json"), File.ReadAllText(_folder.File("base/config.json")).Replace("\"vocab_size\": 1476", "\"vocab_size\": 1400", StringComparison.Ordinal));
        refused = Train("--state", _folder.File("another-state"));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("model.embed_tokens.weight has the shape [1476, 32], not [1400, 32]", refused.Said);
    }

    public void Dispose()
    {
        _voice?.Dispose();
        _folder.Dispose();
    }
}
