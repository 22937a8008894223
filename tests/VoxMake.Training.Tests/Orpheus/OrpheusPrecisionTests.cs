using VoxMake.Models.Llama;
using VoxMake.Models.Lora;
using VoxMake.Models.Orpheus;
using VoxMake.Torch;
using VoxMake.Torch.Tests;
using VoxMake.Training.Orpheus;

namespace VoxMake.Training.Tests.Orpheus;

/// <summary>Weights in bfloat16, as on a GPU; a CPU computes with them too, only slowly.</summary>
[Collection("libtorch")]
public class OrpheusPrecisionTests
{
    public OrpheusPrecisionTests() => NeedsTorch.OrSkip();

    private static readonly TokenExample Example = new([495, 413, 78, 19, 280, 78, 83, 149, 279, 153, 471, 43], 4);

    [SkippableFact]
    public void Beside_frozen_weights_in_bfloat16_an_adapter_in_float32_learns_nearly_as_in_float32()
    {
        using var scope = new TensorScope();
        double[] Losses(ScalarType type)
        {
            using var model = Model(type);
            foreach (var (_, parameter) in model.NamedParameters()) parameter.RequiresGrad = false;
            var adapter = LoraAdapter.Start(model, new LoraConfig(8, 16, 0, LoraConfig.AllLinear), seed: 1);
            using var trainer = new OrpheusTrainer(model, 0.01, 1, masterWeights: true);
            Assert.All(adapter.NamedTensors(), tensor => Assert.Equal(ScalarType.Float, tensor.Tensor.Type));
            var losses = Run(trainer, 20, 2e-3);
            Assert.Equal(type, model.Type);
            return losses;
        }
        var (wide, narrow) = (Losses(ScalarType.Float), Losses(ScalarType.BFloat16));
        Assert.True(narrow[^1] < 0.6 * narrow[0], $"the loss went from {narrow[0]} to {narrow[^1]}");
        foreach (var (one, other) in wide.Zip(narrow)) Assert.Equal(one, other, 0.05 * wide[0]);
    }

    [SkippableFact]
    public void Steps_too_small_for_bfloat16_add_up_in_the_copy_in_float32_and_are_lost_without_it()
    {
        using var scope = new TensorScope();
        double Moved(bool masterWeights)
        {
            using var model = Model(ScalarType.BFloat16);
            var before = model.Projections.First().Weight.detach().to(ScalarType.Float).clone();
            using var trainer = new OrpheusTrainer(model, 0, 1, masterWeights);
            Run(trainer, 30, 1e-5); // a weight of 0.1 cannot move by less than 0.0002
            return (model.Projections.First().Weight.detach().to(ScalarType.Float) - before).abs().sum().Item();
        }
        var (with, without) = (Moved(true), Moved(false));
        Assert.True(with > 3 * without, $"with a copy the weights moved by {with}, without by {without}");
    }

    private static LlamaModel Model(ScalarType type)
    {
        using var directory = LlamaDirectory.Open(Path.GetDirectoryName(TestFiles.Golden("orpheus/llama/config.json"))!);
        var model = directory.Model(Device.Cpu, type);
        model.Training = true;
        return model;
    }

    private static double[] Run(OrpheusTrainer trainer, int steps, double rate)
    {
        trainer.Optimizer.LearningRate = rate;
        return [.. Enumerable.Range(0, steps).Select(_ => trainer.Step([() => PackedBatch.Of([Example], false, Device.Cpu)], Example.Ids.Length - 1).Loss)];
    }
}
