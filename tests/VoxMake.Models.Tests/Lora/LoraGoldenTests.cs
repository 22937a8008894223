using System.Text.Json.Nodes;
using VoxMake.Models.Llama;
using VoxMake.Models.Lora;
using VoxMake.Models.Tests.Llama;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Tests;

namespace VoxMake.Models.Tests.Lora;

[Collection("libtorch")]
public class LoraGoldenTests : IDisposable
{
    private readonly GoldenLlama? _golden;
    private readonly string _folder = "";
    private readonly TokenBatch _batch = null!;

    public LoraGoldenTests()
    {
        NeedsTorch.OrSkip();
        _golden = new GoldenLlama();
        _folder = Path.GetDirectoryName(TestFiles.Golden("orpheus/lora/expected.json"))!;
        var ids = Read("inputs", "input_ids");
        _batch = TokenBatch.Of([GoldenLlama.Row(ids, 0, 20), GoldenLlama.Row(ids, 1, 13)], Device.Cpu);
    }

    private LlamaModel Model => _golden!.Model;

    [SkippableFact]
    public void A_network_with_an_adapter_scores_as_under_peft()
    {
        LoraAdapter.Load(Model, ModelFiles.InFolder(Path.Combine(_folder, "adapter")));
        using var noGrad = Libtorch.NoGrad();
        var logits = Model.Logits(Model.Forward(_batch));
        var expected = Read("expected_logits", "logits_adapter");
        GoldenLlama.Near(expected.select(0, 0), logits.narrow(0, 0, 20), 2e-4, "row 0");
        GoldenLlama.Near(expected.select(0, 1).narrow(0, 0, 13), logits.narrow(0, 20, 13), 2e-4, "row 1");
    }

    [SkippableFact]
    public void Under_rsLoRA_the_adapter_counts_by_the_root_of_its_rank()
    {
        var adapter = Path.Combine(_folder, "adapter");
        LoraAdapter.Load(Model, ModelFiles.Of([(LoraAdapter.ConfigFile, Path.Combine(_folder, "adapter_config.rslora.json")), (LoraAdapter.WeightsFile, Path.Combine(adapter, LoraAdapter.WeightsFile))]));
        Last4("logits_rslora_last4_row0");
    }

    [SkippableFact]
    public void Merged_weights_are_pefts_and_score_the_same_without_an_adapter()
    {
        var adapter = LoraAdapter.Load(Model, ModelFiles.InFolder(Path.Combine(_folder, "adapter")));
        using var merged = new GoldenLlama();
        using var noGrad = Libtorch.NoGrad();
        foreach (var (layer, plain) in adapter.Layers.Zip(merged.Model.Projections)) plain.Weight.copy_(LoraAdapter.Merge(layer.Weight, layer.LoraA!, layer.LoraB!, adapter.Config.Scaling));
        var compared = 0;
        foreach (var layer in merged.Model.Projections.Where(layer => layer.Name.StartsWith("model.layers.0.", StringComparison.Ordinal)))
        {
            GoldenLlama.Near(Read("expected_merged_weights", $"{layer.Name}.weight"), layer.Weight, 1e-6, layer.Name);
            compared++;
        }
        Assert.Equal(7, compared);
        GoldenLlama.Near(Read("expected_logits", "logits_merged_last4_row0"), merged.Model.Logits(merged.Model.Forward(_batch)).narrow(0, 16, 4), 2e-4, "merged");
    }

    [SkippableFact]
    public void Gradients_of_the_adapter_are_pefts_and_the_base_has_none()
    {
        var adapter = LoraAdapter.Load(Model, ModelFiles.InFolder(Path.Combine(_folder, "adapter")));
        foreach (var (name, parameter) in Model.NamedParameters())
            if (!name.Contains(".lora_")) parameter.RequiresGrad = false;
        var labels = Read("inputs", "labels");
        var logits = Model.Logits(Model.Forward(_batch));
        var rows = Ops.cat([logits.narrow(0, 0, 19), logits.narrow(0, 20, 12)]);
        var next = Ops.cat([labels.select(0, 0).narrow(0, 1, 19), labels.select(0, 1).narrow(0, 1, 12)]);
        var loss = -rows.log_softmax(-1).gather(1, next.unsqueeze(1)).mean();
        Assert.Equal(_golden!.Json("../lora/expected").GetProperty("loss_adapter").GetDouble(), loss.Item(), 1e-5);
        loss.Backward();
        foreach (var (name, tensor) in adapter.NamedTensors()) GoldenLlama.Near(Read("expected_grads", name), tensor.Grad!, 1e-5, name);
        Assert.All(Model.NamedParameters().Where(parameter => !parameter.Name.Contains(".lora_")), parameter => Assert.Null(parameter.Tensor.Grad));
    }

    [SkippableFact]
    public void An_adapter_is_written_as_peft_writes_it()
    {
        using var folder = new TemporaryFolder();
        LoraAdapter.Load(Model, ModelFiles.InFolder(Path.Combine(_folder, "adapter"))).Save(folder.Path);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "adapter", LoraAdapter.WeightsFile)), File.ReadAllBytes(folder.File(LoraAdapter.WeightsFile)));
        var (ours, peft) = (Json(folder.File(LoraAdapter.ConfigFile)), Json(Path.Combine(_folder, "adapter", LoraAdapter.ConfigFile)));
        foreach (var (field, value) in ours) Assert.Equal(peft[field]?.ToJsonString(), value?.ToJsonString());
    }

    [SkippableFact]
    public void A_new_adapter_changes_nothing_yet_and_its_seed_says_how_it_starts()
    {
        using var noGrad = Libtorch.NoGrad();
        var before = Model.Logits(Model.Forward(_batch));
        var config = new LoraConfig(4, 8, 0, LoraConfig.AllLinear);
        var adapter = LoraAdapter.Start(Model, config, seed: 3);
        GoldenLlama.Near(before, Model.Logits(Model.Forward(_batch)), 0, "with an adapter of zeros");
        using var again = new GoldenLlama();
        var other = LoraAdapter.Start(again.Model, config, seed: 3);
        foreach (var (one, two) in adapter.NamedTensors().Zip(other.NamedTensors())) Assert.Equal(one.Tensor.ToArray<float>(), two.Tensor.ToArray<float>());
        foreach (var layer in adapter.Layers) Assert.True(layer.LoraA!.abs().max().Item() <= 1 / Math.Sqrt(layer.InFeatures) && layer.LoraA!.abs().max().Item() > 0.9 / Math.Sqrt(layer.InFeatures));
    }

    [SkippableTheory]
    [InlineData("use_dora", "true", "use_dora is true; adapters of that kind are not known here")]
    [InlineData("modules_to_save", "[\"lm_head\"]", "modules_to_save is")]
    [InlineData("rank_pattern", "{\"q_proj\": 4}", "rank_pattern is")]
    [InlineData("bias", "\"all\"", "bias is all")]
    [InlineData("peft_type", "\"IA3\"", "peft_type is IA3")]
    [InlineData("r", "9", "lora_A.weight has the shape [8, 64], not [9, 64]")]
    [InlineData("target_modules", "[\"q_proj\"]", "is left over")]
    [InlineData("target_modules", "[\"lm_head\"]", "names lm_head")]
    [InlineData("lora_dropout", "1", "lora_dropout is 1")]
    public void An_adapter_of_another_kind_or_network_is_refused_by_name(string field, string value, string part)
    {
        using var folder = new TemporaryFolder();
        var json = Json(Path.Combine(_folder, "adapter", LoraAdapter.ConfigFile));
        json[field] = JsonNode.Parse(value);
        File.WriteAllText(folder.File(LoraAdapter.ConfigFile), json.ToJsonString());
        File.Copy(Path.Combine(_folder, "adapter", LoraAdapter.WeightsFile), folder.File(LoraAdapter.WeightsFile));
        Assert.Contains(part, Assert.Throws<ModelException>(() => LoraAdapter.Load(Model, ModelFiles.InFolder(folder.Path))).Message);
    }

    private void Last4(string name)
    {
        using var noGrad = Libtorch.NoGrad();
        GoldenLlama.Near(Read("expected_logits", name), Model.Logits(Model.Forward(_batch)).narrow(0, 16, 4), 2e-4, name);
    }

    private Tensor Read(string file, string name)
    {
        TestFiles.Golden($"orpheus/lora/{file}.safetensors"); // is skipped where it does not ship: gradients, merged weights
        return _golden!.Read($"../lora/{file}", name);
    }

    private static JsonObject Json(string path) => JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();

    public void Dispose() => _golden?.Dispose();
}
