using System.Globalization;
using System.Text.Json;
using VoxMake.Models;
using VoxMake.Models.Llama;
using VoxMake.Models.Lora;
using VoxMake.Models.Orpheus;
using VoxMake.Torch;
using VoxMake.Torch.Native;
using VoxMake.Torch.Tests;
using VoxMake.Training.Orpheus;

namespace VoxMake.Training.Tests.Orpheus;

[Collection("libtorch")]
public sealed class OrpheusRecipeTests : IDisposable
{
    private static readonly OrpheusSettings Two = SmallOrpheus.Settings, Four = SmallOrpheus.Settings with { NumEpochs = 4 };
    private readonly SmallOrpheus? _voice;

    public OrpheusRecipeTests()
    {
        NeedsTorch.OrSkip();
        _voice = new SmallOrpheus();
    }

    private SmallOrpheus Voice => _voice!;

    public void Dispose() => _voice?.Dispose();

    public static TheoryData<string, string> Ways => new() { { "lora", "none" }, { "lora", "full" }, { "full", "selective" } };

    [SkippableTheory, MemberData(nameof(Ways))]
    public void Stopped_and_going_on_is_running_straight_to_the_last_bit(string method, string checkpointing)
    {
        var settings = Four with { Method = method, GradientCheckpointing = checkpointing };
        var straight = Voice.Run("straight", settings);
        var stopped = Voice.Run("a", settings, stopAfter: 5);
        Assert.True(stopped.Stopped);
        Assert.Equal(5, stopped.Checkpoints[^1]);
        Assert.Empty(stopped.Files);
        Voice.Run("a", settings, stopAfter: 9);
        var done = Voice.Run("a", settings);
        Assert.Contains("going on from step 9 of 12", done.Lines);
        Assert.Equal(straight.Digests(), done.Digests());
        Assert.Equal(["4", "8", "12"], done.Rows("validation.csv").Select(row => row.Split(',')[0]));
        Assert.Contains(done.Files, name => name == "spoken/00000008/2.wav");
    }

    [SkippableFact]
    public void At_a_constant_rate_more_epochs_go_on_and_are_a_longer_straight_run()
    {
        var straight = Voice.Run("straight", Four);
        var before = Voice.Run("a", Two).Digests();
        var longer = Voice.Run("a", Four);
        Assert.Contains("going on from step 6 of 12", longer.Lines);
        Assert.Equal(straight.Digests(), longer.Digests());
        Assert.Equal(before, Voice.Run("a", Two).Digests());
    }

    [SkippableFact]
    public void Whatever_is_computed_again_losses_are_the_same_but_for_rounding()
    {
        double[] Losses(string way) => LossesOf(Voice.Run(way, Two with { GradientCheckpointing = way }));
        var none = Losses("none");
        foreach (var way in new[] { "selective", "full" })
            foreach (var (one, other) in none.Zip(Losses(way))) Assert.Equal(one, other, 1e-5);
    }

    [SkippableFact]
    public void When_memory_runs_out_pieces_are_halved_and_a_step_has_as_many_examples_and_the_same_loss()
    {
        var settings = Two with { BatchSize = 3, LoraDropout = 0 };
        var report = Voice.Run("a", settings, beforeStep: (step, batch) =>
        {
            if (step == 3 && batch > 1) throw new TorchOutOfMemoryException("CUDA out of memory");
        });
        Assert.Equal(["out_of_memory: step 3 did not fit; batch size 3 → 2, pieces 1 → 2, still 3 examples a step", "out_of_memory: step 3 did not fit; batch size 2 → 1, pieces 2 → 3, still 3 examples a step"], report.Warnings);
        foreach (var (one, other) in LossesOf(Voice.Run("b", settings)).Zip(LossesOf(report))) Assert.Equal(one, other, 1e-5);
    }

    [SkippableFact]
    public void When_memory_runs_out_with_single_examples_more_is_computed_again_and_then_it_ends_by_name()
    {
        var times = 0;
        var report = Voice.Run("a", Two with { BatchSize = 1, GradientCheckpointing = "none", NumEpochs = 1 }, beforeStep: (step, _) =>
        {
            if (step == 2 && times++ < 1) throw new TorchOutOfMemoryException("CUDA out of memory");
        });
        Assert.Equal("out_of_memory: step 2 did not fit; gradient checkpointing none → selective, still 1 examples a step", Assert.Single(report.Warnings));
        Assert.Equal("selective", JsonDocument.Parse(report.Text("training.json")).RootElement.GetProperty("choices").GetProperty("gradient_checkpointing").GetString());

        var error = Assert.Throws<TrainingException>(() => Voice.Run("c", Two with { BatchSize = 1 }, beforeStep: (_, _) => throw new TorchOutOfMemoryException("CUDA out of memory")));
        Assert.StartsWith("memory ran out with a single example", error.Message);
    }

    private static double[] LossesOf(Report report) => [.. report.Rows("metrics.csv").Select(row => double.Parse(row.Split(',')[3], CultureInfo.InvariantCulture))];

    [SkippableFact]
    public void The_adapter_lies_beside_the_base_model_as_peft_has_it_and_says_what_was_noted()
    {
        var report = Voice.Run("a");
        using var directory = LlamaDirectory.Open(SmallOrpheus.FolderOf("e2e/config.json"));
        using var model = directory.Model(Device.Cpu);
        LoraAdapter.Load(model, ModelFiles.InFolder(Path.Combine(report.Output, "checkpoint")));
        var said = OrpheusSaid.Read(Path.Combine(report.Output, OrpheusSaid.FileName), "said.json");
        Assert.Equal(2, said.Texts.Count);
        foreach (var text in said.Texts)
        {
            var again = OrpheusSaidText.Of(model, SmallOrpheus.Ids, text.N, text.Id, text.Text, text.Prompt, 70, text.Frames, text.Seed);
            Assert.Equal(text.Tokens, again.Tokens);
            Assert.Equal(text.Heard, again.Heard);
            for (var i = 0; i < text.Tokens.Length; i++) Assert.Equal(text.Logprobs[i], again.Logprobs[i], 1e-5);
        }
    }

    [SkippableFact]
    public void It_learns_the_least_loss_is_taken_and_patience_ends_it()
    {
        var report = Voice.Run("a", Two with { NumEpochs = 8, ValidationSteps = 3, LearningRate = 3e-3 });
        var losses = report.Metrics.Where(metric => metric.Name == "loss").Select(metric => metric.Value).ToList();
        Assert.Equal(24, losses.Count);
        Assert.True(losses[^3..].Average() < losses[..3].Average(), $"the loss went from {losses[0]} to {losses[^1]}");
        var numbers = JsonDocument.Parse(report.Text("training.json")).RootElement;
        var best = report.Rows("validation.csv").Select(row => row.Split(',')).MinBy(row => double.Parse(row[1], CultureInfo.InvariantCulture))!;
        Assert.Equal(best[0], numbers.GetProperty("best_step").GetInt64().ToString(CultureInfo.InvariantCulture));

        var patient = Voice.Run("b", Two with { NumEpochs = 20, LearningRate = 1e-12, ValidationSteps = 2, EarlyStoppingPatience = 2 });
        Assert.True(JsonDocument.Parse(patient.Text("training.json")).RootElement.GetProperty("stopped_early").GetBoolean());
    }

    [SkippableFact]
    public void All_weights_are_written_in_the_type_of_the_base_model_where_all_are_trained()
    {
        var report = Voice.Run("a", Two with { Method = "full", NumEpochs = 1 });
        Assert.Contains("checkpoint/model.safetensors", report.Files);
        using var directory = LlamaDirectory.Open(SmallOrpheus.FolderOf("e2e/config.json"));
        using var written = SafetensorsFile.Open(Path.Combine(report.Output, "checkpoint/model.safetensors"));
        Assert.Equal(directory.Weights.Keys.Order(), written.Tensors.Keys.Order());
        Assert.All(written.Tensors, tensor => Assert.Equal(directory.Weights[tensor.Key].DType, tensor.Value.DType));
        Assert.Contains(written.Tensors, tensor => !tensor.Value.Bytes.SequenceEqual(directory.Weights[tensor.Key].Bytes));
    }

    [SkippableTheory]
    [InlineData("lora_rank", 0)]
    [InlineData("learning_rate", -1)]
    [InlineData("lora_dropout", 1)]
    public void A_setting_that_is_out_of_range_is_named(string field, double value)
    {
        var settings = field switch
        {
            "lora_rank" => Two with { LoraRank = (int)value },
            "learning_rate" => Two with { LearningRate = value },
            _ => Two with { LoraDropout = value },
        };
        Assert.Equal(field, Assert.Throws<TrainingException>(() => Voice.Run("a", settings)).Field);
    }
}
