using VoxMake.Models.Llama;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Tests;

namespace VoxMake.Models.Tests.Llama;

[Collection("libtorch")]
public class LlamaModelGoldenTests
{
    public LlamaModelGoldenTests() => NeedsTorch.OrSkip();

    [SkippableFact]
    public void Scores_are_those_of_transformers_without_any_padding()
    {
        using var golden = new GoldenLlama();
        using var noGrad = Libtorch.NoGrad();
        var logits = golden.Model.Logits(golden.Model.Forward(golden.Batch));
        var expected = golden.Read("expected_logits", "logits");
        GoldenLlama.Near(expected.select(0, 0), logits.narrow(0, 0, 74), 2e-4, "logits of row 0");
        GoldenLlama.Near(expected.select(0, 1).narrow(0, 0, 53), logits.narrow(0, 74, 53), 2e-4, "logits of row 1");
    }

    [SkippableFact]
    public void Each_block_gives_what_transformers_gives()
    {
        using var golden = new GoldenLlama();
        using var noGrad = Libtorch.NoGrad();
        var seen = new List<Tensor>();
        var final = golden.Model.Forward(TokenBatch.Of([GoldenLlama.Row(golden.Ids, 0, 74)], Device.Cpu), looker: seen.Add);
        GoldenLlama.Near(golden.Read("expected_hidden", "hidden.embed"), seen[0], 0, "embed");
        for (var layer = 0; layer < 4; layer++) GoldenLlama.Near(golden.Read("expected_hidden", $"hidden.layer{layer}"), seen[layer + 1], 2e-4, $"layer {layer}");
        GoldenLlama.Near(golden.Read("expected_hidden", "hidden.final_norm"), final, 2e-4, "final norm");
    }

    [SkippableFact]
    public void Angles_of_positions_are_those_of_transformers()
    {
        using var golden = new GoldenLlama();
        var frequencies = RotaryEmbedding.Frequencies(golden.Model.Config);
        var expected = golden.Read("expected_hidden", "rope.inv_freq");
        Assert.True(((frequencies - expected) / expected).abs().max().Item() <= 1e-6);
        var (cos, sin) = RotaryEmbedding.At(frequencies, Ops.arange(0, 74, 1, ScalarType.Long), ScalarType.Float);
        GoldenLlama.Near(golden.Read("expected_hidden", "rope.cos"), cos.squeeze(1), 2e-5, "cos");
        GoldenLlama.Near(golden.Read("expected_hidden", "rope.sin"), sin.squeeze(1), 2e-5, "sin");
    }

    [SkippableFact]
    public void The_configuration_of_published_checkpoints_says_the_same()
    {
        using var golden = new GoldenLlama();
        var published = LlamaConfig.Read(Path.Combine(golden.Folder, "config.published-layout.json"));
        Assert.Equal(golden.Model.Config with { EosTokenIds = [] }, published with { EosTokenIds = [] });
        Assert.Equal(golden.Model.Config.EosTokenIds, published.EosTokenIds);
    }

    [SkippableFact]
    public void Loss_and_gradients_are_those_of_transformers()
    {
        using var golden = new GoldenLlama();
        var gradients = TestFiles.Shared("golden/orpheus/llama/expected_grads.safetensors");
        var labels = golden.Read("inputs", "labels");
        var logits = golden.Model.Logits(golden.Model.Forward(golden.Batch));
        // Each token's label is the next one.
        var rows = Ops.cat([logits.narrow(0, 0, 73), logits.narrow(0, 74, 52)]);
        var next = Ops.cat([labels.select(0, 0).narrow(0, 1, 73), labels.select(0, 1).narrow(0, 1, 52)]);
        var targets = next.ge(0).to(ScalarType.Float);
        var loss = -(rows.log_softmax(-1).gather(1, next.clamp_min(0).unsqueeze(1)).squeeze(1) * targets).sum() / targets.sum();
        Assert.Equal(golden.Json("expected_scalars").GetProperty("loss").GetDouble(), loss.Item(), 5e-6);
        loss.Backward();
        using var expected = SafetensorsFile.Open(gradients);
        Assert.Equal(expected.Tensors.Count, golden.Model.NamedParameters().Count());
        foreach (var (name, parameter) in golden.Model.NamedParameters()) GoldenLlama.Near(Checkpoint.ToTensor(expected[name]), parameter.Grad!, 1e-5, name);
    }

    [SkippableFact]
    public void A_network_has_the_tensors_that_its_configuration_says()
    {
        var small = new LlamaConfig("llama", 30, 8, 12, 2, 4, 2, 6, 64, 1e-6, new RopeConfig());
        foreach (var config in new[] { small, small with { TieWordEmbeddings = true }, small with { QkvBias = true, OutputBias = true, MlpBias = true } })
        {
            using var model = LlamaModel.Random(config);
            Assert.Equal(LlamaModel.Tensors(config).Select(tensor => $"{tensor.Name} {string.Join(' ', tensor.Shape)}").Order(), model.NamedTensors().Select(tensor => $"{tensor.Name} {string.Join(' ', tensor.Tensor.Shape)}").Order());
        }
    }
}
