using System.Text.Json;
using VoxMake.Models;
using VoxMake.Models.Llama;
using VoxMake.Models.Lora;
using VoxMake.Models.Orpheus;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Torch.Tests;
using VoxMake.Training.Orpheus;

namespace VoxMake.Training.Tests.Orpheus;

/// <summary>Steps on a small network, held to what transformers, peft and torch.optim made of the same.</summary>
[Collection("libtorch")]
public class OrpheusTrainerGoldenTests : IDisposable
{
    private readonly TensorScope? _scope;
    private readonly LlamaModel _model = null!;
    private readonly List<TokenExample[]> _batches = [];

    public OrpheusTrainerGoldenTests()
    {
        NeedsTorch.OrSkip();
        _scope = new TensorScope();
        using var directory = LlamaDirectory.Open(Path.GetDirectoryName(TestFiles.Golden("orpheus/llama/config.json"))!);
        _model = directory.Model(Device.Cpu);
        using var file = SafetensorsFile.Open(TestFiles.Golden("orpheus/train/batches.safetensors"));
        var (ids, labels) = (Checkpoint.ToTensor(file["input_ids"]), Checkpoint.ToTensor(file["labels"]));
        for (var batch = 0; batch < ids.Size(0); batch++)
            _batches.Add([.. Enumerable.Range(0, (int)ids.Size(1)).Select(row =>
            {
                var length = labels.select(0, batch).select(0, row).ToArray<long>().TakeWhile(label => label >= 0).Count();
                return new TokenExample(Row(ids.select(0, batch).select(0, row), length), 0);
            })]);
    }

    [SkippableFact]
    public void All_weights_move_as_under_transformers()
    {
        using var trainer = new OrpheusTrainer(_model, 0.01, 1, decaysNorms: true);
        Follow(trainer, Json("expected_trajectories").GetProperty("runs").GetProperty("full"), 1e-3, step => [step]);
        using var final = SafetensorsFile.Open(TestFiles.Shared("golden/orpheus/train/final_weights.full.safetensors"));
        foreach (var (name, weight) in _model.NamedParameters())
        {
            var difference = (weight - Checkpoint.ToTensor(final[name])).abs();
            Assert.True(difference.mean().Item() <= 1e-6 && difference.max().Item() <= 2e-4, $"{name} differs by {difference.max().Item()}, {difference.mean().Item()} on average");
        }
    }

    [SkippableFact]
    public void Every_token_counts_the_same_in_whichever_micro_batch_it_is()
    {
        using var trainer = new OrpheusTrainer(_model, 0.01, 1, decaysNorms: true);
        Follow(trainer, Json("expected_trajectories").GetProperty("runs").GetProperty("accum2_token_normalised"), 1e-3, step => [2 * step, 2 * step + 1]);
    }

    [SkippableTheory, InlineData(GradientCheckpointing.None), InlineData(GradientCheckpointing.Selective), InlineData(GradientCheckpointing.Full)]
    public void An_adapter_learns_as_under_peft_whatever_is_computed_again(GradientCheckpointing checkpointing)
    {
        var adapter = LoraAdapter.Load(_model, ModelFiles.InFolder(Path.GetDirectoryName(TestFiles.Golden("orpheus/lora/train_init/adapter_config.json"))!));
        Freeze();
        _model.Checkpointing = checkpointing;
        using var trainer = new OrpheusTrainer(_model, 0.01, 1, decaysNorms: true);
        Assert.Equal(2 * 28, trainer.Parameters.Count);
        using var expected = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden("orpheus/lora/expected.json")));
        Follow(trainer, expected.RootElement.GetProperty("train"), 2e-3, step => [step]);
        using var final = SafetensorsFile.Open(TestFiles.Golden($"orpheus/lora/train_final/{LoraAdapter.WeightsFile}"));
        foreach (var (name, tensor) in adapter.NamedTensors()) Assert.True((tensor - Checkpoint.ToTensor(final[name])).abs().max().Item() <= 5e-5, name);
    }

    [SkippableFact]
    public void Packed_sequences_have_the_loss_and_the_gradients_of_a_padded_batch()
    {
        using var file = SafetensorsFile.Open(TestFiles.Golden("orpheus/train/packing.safetensors"));
        var expected = Json("expected_packing");
        var packed = Checkpoint.ToTensor(file["packed.input_ids"]).select(0, 0);
        var (examples, at) = (new List<TokenExample>(), 0);
        foreach (var length in expected.GetProperty("lengths").EnumerateArray().Select(length => length.GetInt32()))
        {
            examples.Add(new TokenExample(Row(packed.narrow(0, at, length), length), 0));
            at += length;
        }
        var batch = PackedBatch.Of(examples, false, Device.Cpu);
        Assert.Equal(expected.GetProperty("n_targets").GetInt64(), batch.Targets);
        using (Libtorch.NoGrad())
        {
            var last = _model.Logits(_model.Forward(batch.Tokens)).index_select(0, Tensor.From<long>([.. batch.Tokens.Last], examples.Count));
            Assert.True((last - Checkpoint.ToTensor(file["packed.logits_last_of_each"])).abs().max().Item() <= 2e-4);
        }
        using var trainer = new OrpheusTrainer(_model, 0, null);
        var losses = trainer.Step([() => batch], batch.Targets);
        Assert.Equal(expected.GetProperty("loss_packed").GetDouble(), losses.Loss, 5e-6);
        Assert.Equal(expected.GetProperty("loss_padded").GetDouble(), losses.Loss, 5e-6);
        Assert.Equal(expected.GetProperty("grad_norm_packed").GetDouble(), losses.GradNorm, 1e-4);
    }

    [SkippableFact]
    public void Prompts_that_are_not_learnt_do_not_count()
    {
        var all = PackedBatch.Of([new TokenExample(new[] { 1, 2, 3, 4, 5 }, 3), new TokenExample(new[] { 6, 7 }, 1)], false, Device.Cpu);
        Assert.Equal([2, 3, 4, 5, -100, 7, -100], all.Labels.ToArray<long>());
        Assert.Equal(5, all.Targets);
        var masked = PackedBatch.Of([new TokenExample(new[] { 1, 2, 3, 4, 5 }, 3), new TokenExample(new[] { 6, 7 }, 1)], true, Device.Cpu);
        Assert.Equal([-100, -100, 4, 5, -100, 7, -100], masked.Labels.ToArray<long>());
        Assert.Equal(3, masked.Targets);
        Assert.Equal([0, 1, 2, 3, 4, 0, 1], masked.Tokens.Positions.ToArray<long>());
    }

    [SkippableFact]
    public void Rates_of_a_training_of_known_length_are_those_of_transformers()
    {
        foreach (var (run, schedule) in new[] { ("orpheus_defaults", new WarmupSchedule("linear", 5e-5, 0, 12)), ("accum2_decay_warmup", new WarmupSchedule("linear", 1e-3, 3, 12)) })
        {
            var rates = Json("expected_hf_trainer").GetProperty("runs").GetProperty(run).GetProperty("lr_used").EnumerateArray().Select(rate => rate.GetDouble()).ToArray();
            for (var step = 1; step <= rates.Length; step++) Assert.Equal(rates[step - 1], schedule.At(step), 1e-12);
        }
        Assert.Equal(0.5, new WarmupSchedule("cosine", 1, 0, 10).At(6), 1e-12);
        Assert.Equal(1, new WarmupSchedule("constant", 1, 4, 10).At(9));
    }

    [SkippableTheory, InlineData("orpheus_defaults"), InlineData("accum2_decay_warmup")]
    public void The_losses_of_transformers_own_Trainer_come_out(string name)
    {
        var run = Json("expected_hf_trainer").GetProperty("runs").GetProperty(name);
        var arguments = run.GetProperty("arguments");
        var pieces = arguments.TryGetProperty("gradient_accumulation_steps", out var accumulation) ? accumulation.GetInt32() : 1;
        var decay = arguments.TryGetProperty("weight_decay", out var given) ? given.GetDouble() : 0;
        var examples = Json("expected_hf_trainer").GetProperty("examples").EnumerateArray().Select(list => new TokenExample(list.EnumerateArray().Select(id => id.GetInt32()).ToArray(), 0)).ToArray();
        var order = run.GetProperty("example_order").EnumerateArray().Select(index => index.GetInt32()).ToArray();
        using var trainer = new OrpheusTrainer(_model, decay, 1);
        Follow(trainer, run.GetProperty("loss"), run.GetProperty("grad_norm"), run.GetProperty("lr_used"), step => [.. order.Skip(step * pieces).Take(pieces).Select(index => new[] { examples[index] })]);
    }

    private void Follow(OrpheusTrainer trainer, JsonElement run, double peak, Func<int, int[]> batches)
    {
        var schedule = new WarmupSchedule("linear", peak, 5, 20);
        foreach (var (step, rate) in run.GetProperty("lr").EnumerateArray().Index()) Assert.Equal(rate.GetDouble(), schedule.At(step + 1), 1e-9);
        Follow(trainer, run.GetProperty("loss"), run.GetProperty("grad_norm_before_clip"), run.GetProperty("lr"), step => [.. batches(step).Select(batch => _batches[batch])]);
    }

    private static void Follow(OrpheusTrainer trainer, JsonElement loss, JsonElement norm, JsonElement rates, Func<int, TokenExample[][]> pieces)
    {
        foreach (var (step, rate) in rates.EnumerateArray().Index())
        {
            trainer.Optimizer.LearningRate = rate.GetDouble();
            var cut = pieces(step);
            var losses = trainer.Step([.. cut.Select(piece => (Func<PackedBatch>)(() => PackedBatch.Of(piece, false, Device.Cpu)))], cut.Sum(piece => piece.Sum(example => example.Ids.Length - 1L)));
            Assert.Equal(loss[step].GetDouble(), losses.Loss, 2e-5);
            Assert.Equal(1, losses.GradNorm / norm[step].GetDouble(), 5e-5);
        }
    }

    private void Freeze()
    {
        foreach (var (name, parameter) in _model.NamedParameters())
            if (!name.Contains(".lora_")) parameter.RequiresGrad = false;
    }

    private static int[] Row(Tensor ids, int length) => [.. ids.narrow(0, 0, length).ToArray<long>().Select(id => (int)id)];

    private static JsonElement Json(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden($"orpheus/train/{name}.json")));
        return json.RootElement.Clone();
    }

    public void Dispose()
    {
        _model?.Dispose();
        _scope?.Dispose();
    }
}
