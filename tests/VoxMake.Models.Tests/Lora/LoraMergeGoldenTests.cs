using System.Text.Json.Nodes;
using VoxMake.Models.Llama;
using VoxMake.Models.Lora;
using VoxMake.Models.Tests.Llama;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Tests;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Tests.Lora;

[Collection("libtorch")]
public class LoraMergeGoldenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LlamaDirectory? _base;
    private readonly LoraWeights _adapter = null!;

    public LoraMergeGoldenTests()
    {
        NeedsTorch.OrSkip();
        _base = LlamaDirectory.Open(Path.GetDirectoryName(TestFiles.Golden("orpheus/llama/config.json"))!);
        _adapter = LoraWeights.Open(ModelFiles.InFolder(Path.GetDirectoryName(TestFiles.Golden("orpheus/lora/adapter/adapter_config.json"))!), _base.Config);
    }

    private LlamaDirectory Base => _base!;

    [SkippableTheory]
    [InlineData(ScalarType.Float, 1e-4, 1e-6)]
    [InlineData(ScalarType.BFloat16, 0.5, 0.02)]
    [InlineData(ScalarType.Half, 0.1, 1e-3)]
    public void A_merged_model_is_base_and_adapter_but_for_the_rounding_of_its_type(ScalarType type, double logprobs, double divergence)
    {
        var (log, files) = Merge(type);
        Assert.Equal(["model.safetensors"], files);
        Assert.Equal(LlamaModel.Tensors(Base.Config).Select(tensor => tensor.Name), log.Select(tensor => tensor.Name));
        Assert.Equal(28, log.Count(tensor => tensor.MergedFrom is not null));
        var merged = log.Single(tensor => tensor.Name == "model.layers.2.mlp.up_proj.weight");
        Assert.Equal((DType.F32, Checkpoint.TypeOf(type), "model.safetensors"), (merged.From, merged.To, merged.Source));
        Assert.EndsWith("base_model.model.model.layers.2.mlp.up_proj.lora_A.weight, base_model.model.model.layers.2.mlp.up_proj.lora_B.weight", merged.MergedFrom);

        using var directory = LlamaDirectory.Open(_folder.Path);
        LoraMerge.Verify(directory, Base, _adapter);
        var parity = Parity(directory);
        Assert.True(parity.Within(logprobs, divergence), $"{parity}");
    }

    [SkippableFact]
    public void Shards_hold_what_one_file_holds()
    {
        Merge(ScalarType.BFloat16);
        using var whole = LlamaDirectory.Open(_folder.Path);
        var bytes = whole.Weights.ToDictionary(named => named.Key, named => named.Value.ToArray());
        using var folder = new TemporaryFolder();
        var (_, files) = LoraMerge.Write(folder.Path, Base, _adapter, ScalarType.BFloat16, largestShard: 100_000);
        Assert.Equal("model.safetensors.index.json", files[^1]);
        Assert.True(files.Count > 3);
        Assert.All(files.SkipLast(1), (name, n) => Assert.Equal($"model-{n + 1:D5}-of-{files.Count - 1:D5}.safetensors", name));
        Assert.All(files.SkipLast(1), name => Assert.InRange(new FileInfo(folder.File(name)).Length, 1, 100_000 + 4096));
        File.Copy(_folder.File("config.json"), folder.File("config.json"));
        using var sharded = LlamaDirectory.Open(folder.Path);
        Assert.Equal(bytes.Keys.Order(), sharded.Weights.Keys.Order());
        foreach (var (name, tensor) in sharded.Weights) Assert.Equal(bytes[name], tensor.ToArray());
        Assert.Equal(bytes.Values.Sum(tensor => (long)tensor.Length), JsonNode.Parse(File.ReadAllText(folder.File(files[^1])))!["metadata"]!["total_size"]!.GetValue<long>());
    }

    [SkippableTheory]
    [InlineData("model.layers.1.self_attn.v_proj.weight", "with")]
    [InlineData("model.layers.3.input_layernorm.weight", "model.safetensors by")]
    public void A_tensor_that_is_not_what_it_should_be_is_found_by_name(string changed, string part)
    {
        Merge(ScalarType.BFloat16);
        using (var file = SafetensorsFile.Open(_folder.File("model.safetensors")))
            SafetensorsWriter.Write(_folder.File("other"), file.Tensors.Select(tensor =>
            {
                var bytes = tensor.Value.ToArray();
                if (tensor.Key == changed) bytes[1] ^= 1; // the lowest bit of the first number's exponent
                return TensorSource.Of(tensor.Key, tensor.Value.DType, tensor.Value.Shape, bytes);
            }));
        File.Move(_folder.File("other"), _folder.File("model.safetensors"), overwrite: true);
        using var directory = LlamaDirectory.Open(_folder.Path);
        var message = Assert.Throws<ModelException>(() => LoraMerge.Verify(directory, Base, _adapter)).Message;
        Assert.Contains(changed, message);
        Assert.Contains(part, message);
    }

    [SkippableFact]
    public void A_model_without_its_adapter_is_not_taken_for_the_trained_one()
    {
        LoraMerge.Write(_folder.Path, Base, null, ScalarType.BFloat16);
        File.Copy(TestFiles.Golden("orpheus/llama/config.json"), _folder.File("config.json"));
        using var directory = LlamaDirectory.Open(_folder.Path);
        Assert.Throws<ModelException>(() => LoraMerge.Verify(directory, Base, _adapter));
        Assert.False(Parity(directory).Within(0.5, 0.02));
    }

    private (IReadOnlyList<MergedTensor> Log, IReadOnlyList<string> Files) Merge(ScalarType type)
    {
        File.Copy(TestFiles.Golden("orpheus/llama/config.json"), _folder.File("config.json"));
        return LoraMerge.Write(_folder.Path, Base, _adapter, type);
    }

    /// <summary>The trained network against one of files, both computing in float32.</summary>
    private LlamaParity Parity(LlamaDirectory merged)
    {
        using var scope = new TensorScope();
        using var trained = Base.Model(Device.Cpu);
        LoraAdapter.Load(trained, ModelFiles.InFolder(Path.GetDirectoryName(TestFiles.Golden("orpheus/lora/adapter/adapter_config.json"))!));
        using var other = merged.Model(Device.Cpu, ScalarType.Float);
        int[] prompt = [495, 413, 78, 19], text = [280, 78, 83, 149, 279, 153, 471, 43, 353, 507, 353, 353, 206, 458, 292];
        return LlamaParity.Of(LlamaParity.Logprobs(trained, prompt, text), LlamaParity.Logprobs(other, prompt, text), text);
    }

    public void Dispose()
    {
        _adapter?.Dispose();
        _base?.Dispose();
        _folder.Dispose();
    }
}
