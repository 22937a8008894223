using System.Text.Json;
using VoxMake.Models.Vits;
using VoxMake.Torch;
using VoxMake.Torch.Native;
using VoxMake.Torch.Tests;
using VoxMake.Torch.Weights;
using VoxMake.Training.Vits;

namespace VoxMake.Training.Tests.Vits;

[Collection("libtorch")]
public sealed class VitsRecipeTests : IDisposable
{
    private static readonly VitsSettings Two = SmallVoice.Settings, Four = SmallVoice.Settings with { NumEpochs = 4 };
    private readonly SmallVoice _voice = new();

    public void Dispose() => _voice.Dispose();

    private Report Straight(VitsSettings settings) => _voice.Run($"straight{settings.NumEpochs}", settings);

    [SkippableFact]
    public void Stopped_and_going_on_is_running_straight_to_the_last_bit()
    {
        NeedsTorch.OrSkip();
        var straight = Straight(Four);
        var stopped = _voice.Run("a", Four, stopAfter: 5);
        Assert.True(stopped.Stopped);
        Assert.Equal(5, stopped.Checkpoints[^1]);
        Assert.Empty(stopped.Files);

        var again = _voice.Run("a", Four, stopAfter: 9);
        Assert.Contains("going on from step 5 of 12", again.Lines);
        var done = _voice.Run("a", Four);
        Assert.Equal(straight.Digests(), done.Digests());
        Assert.Equal(12, done.Rows("metrics.csv").Count());
        Assert.Equal(["4", "8", "12"], done.Rows("validation.csv").Select(row => row.Split(',')[0]));
        Assert.Contains(done.Files, name => name == "spoken/00000008/2.wav");
    }

    [SkippableFact]
    public void More_epochs_go_on_and_are_a_longer_straight_run()
    {
        NeedsTorch.OrSkip();
        var straight = Straight(Four);
        var first = _voice.Run("a", Two);
        var before = first.Digests();
        Assert.Equal(["4", "6"], first.Rows("validation.csv").Select(row => row.Split(',')[0])); // 6 is off the cadence: the end of the shorter run
        var longer = _voice.Run("a", Four);
        Assert.Contains("going on from step 6 of 12", longer.Lines);
        Assert.Equal(straight.Digests(), longer.Digests());

        // And back: the shorter run's checkpoints may be gone; it is the same result all the same.
        Assert.Equal(before, _voice.Run("a", Two).Digests());
    }

    [SkippableFact]
    public void Run_again_when_all_is_done_it_gives_the_same_result_without_a_step()
    {
        NeedsTorch.OrSkip();
        var first = _voice.Run("a", Two).Digests();
        Assert.Equal(first, _voice.Run("a", Two, beforeStep: (step, _, _) => Assert.Fail($"step {step} was done again")).Digests());
    }

    [SkippableFact]
    public void A_damaged_checkpoint_is_set_aside_and_the_result_is_the_same()
    {
        NeedsTorch.OrSkip();
        var straight = Straight(Two);
        _voice.Run("a", Two with { SaveSteps = 1 }, stopAfter: 3);
        var weights = Path.Combine(_voice.StateOf("a"), "checkpoints", "step-00000003", "optimizer_g.safetensors");
        var bytes = File.ReadAllBytes(weights);
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(weights, bytes);
        File.WriteAllText(Path.Combine(_voice.StateOf("a"), "choices.json"), "{ \"batch_si"); // cut off
        var done = _voice.Run("a", Two);
        Assert.Contains("going on from step 2 of 6", done.Lines);
        Assert.StartsWith("checkpoint_damaged: step-00000003", Assert.Single(done.Warnings));
        Assert.Equal(straight.Digests(), done.Digests());
    }

    [SkippableFact]
    public void Patience_stops_it_and_more_epochs_change_nothing()
    {
        NeedsTorch.OrSkip();
        // With a learning rate of next to nothing no validation is better than the first.
        var settings = Two with { NumEpochs = 20, LearningRate = 1e-12, ValidationSteps = 2, EarlyStoppingPatience = 2 };
        var report = _voice.Run("a", settings);
        var numbers = JsonDocument.Parse(report.Text("training.json")).RootElement;
        Assert.True(numbers.GetProperty("stopped_early").GetBoolean());
        Assert.True(numbers.GetProperty("steps").GetInt64() < 60);
        Assert.Equal(report.Rows("metrics.csv").Count(), numbers.GetProperty("steps").GetInt64());
        Assert.Equal(report.Digests(), _voice.Run("a", settings with { NumEpochs = 30 }).Digests());
    }

    [SkippableFact]
    public void When_memory_runs_out_pieces_are_halved_and_a_step_has_as_many_clips()
    {
        NeedsTorch.OrSkip();
        var settings = Two with { BatchSize = 3 };
        var report = _voice.Run("a", settings, beforeStep: (step, batch, _) =>
        {
            if (step == 3 && batch > 1) throw new TorchOutOfMemoryException("CUDA out of memory");
        });
        Assert.Equal(["out_of_memory: step 3 did not fit; batch size 3 → 2, pieces 1 → 2, still 3 clips a step", "out_of_memory: step 3 did not fit; batch size 2 → 1, pieces 2 → 3, still 3 clips a step"], report.Warnings);
        Assert.Equal(4, report.Rows("metrics.csv").Count());
        var choices = JsonDocument.Parse(report.Text("training.json")).RootElement.GetProperty("choices");
        Assert.Equal((1, 3), (choices.GetProperty("batch_size").GetInt32(), choices.GetProperty("gradient_accumulation_steps").GetInt32()));
        Assert.Equal(_voice.Run("b", settings).Rows("metrics.csv").Take(2), report.Rows("metrics.csv").Take(2)); // the steps before are untouched

        var error = Assert.Throws<TrainingException>(() => _voice.Run("c", Two with { BatchSize = 1 }, beforeStep: (_, _, _) => throw new TorchOutOfMemoryException("CUDA out of memory")));
        Assert.StartsWith("memory ran out with a single clip", error.Message);
        Assert.True(error.Machine);
    }

    [SkippableFact]
    public void Where_half_a_step_was_done_when_memory_ran_out_it_goes_back_to_the_last_checkpoint()
    {
        NeedsTorch.OrSkip();
        var report = _voice.Run("a", Two with { SaveSteps = 2 }, beforeStep: (step, batch, trainer) =>
        {
            if (step != 4 || batch == 1) return;
            trainer.DiscriminatorOptimizer.Step(); // its half of the step
            throw new TorchOutOfMemoryException("CUDA out of memory");
        });
        Assert.EndsWith("still 2 clips a step; it goes on from step 2", Assert.Single(report.Warnings));
        Assert.Equal(["1", "2", "3", "4", "5", "6"], report.Rows("metrics.csv").Select(row => row.Split(',')[0]));
        Assert.Equal(_voice.Run("b").Rows("metrics.csv").Take(2), report.Rows("metrics.csv").Take(2));
    }

    [SkippableFact]
    public void Nothing_held_back_is_said_and_the_last_checkpoint_is_taken()
    {
        NeedsTorch.OrSkip();
        using var voice = new SmallVoice(train: 4, validation: 0);
        var report = voice.Run("a", Two with { EarlyStoppingPatience = 1, ValidationSteps = 1 });
        Assert.Contains(report.Warnings, warning => warning.StartsWith("no clip is held back", StringComparison.Ordinal));
        Assert.Equal(["1,,false", "2,,false", "3,,false", "4,,false"], report.Rows("validation.csv"));
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(report.Text("training.json")).RootElement.GetProperty("best_step").ValueKind);
        Assert.Contains("said.safetensors", report.Files);
    }

    [SkippableFact]
    public void From_nothing_it_learns_the_level_of_the_recordings()
    {
        NeedsTorch.OrSkip();
        var report = _voice.Run("a", Two with { BatchSize = 6, NumEpochs = 6, LearningRate = 1e-3 }, baseFolder: "");
        var mel = report.Metrics.Where(metric => metric.Name == "loss_mel").Select(metric => metric.Value).ToList();
        Assert.Equal(6, mel.Count);
        Assert.True(mel[^1] < 0.8 * mel[0], $"the mel loss went from {mel[0]} to {mel[^1]}");
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(report.Text("training.json")).RootElement.GetProperty("base").ValueKind);
    }

    [SkippableFact]
    public void Native_memory_is_flat_over_steps()
    {
        NeedsTorch.OrSkip();
        var live = new List<long>();
        _voice.Run("a", Two with { NumEpochs = 10, ValidationSteps = 1000 }, beforeStep: (_, _, _) => live.Add(Tensor.Live));
        Assert.Equal(30, live.Count);
        Assert.Single(live.Skip(1).Distinct());
    }

    [SkippableFact]
    public void The_checkpoint_loads_as_a_model_and_says_what_was_said()
    {
        NeedsTorch.OrSkip();
        var report = _voice.Run("a", Two);
        using var directory = VitsDirectory.Open(Path.Combine(report.Output, "checkpoint"));
        using var model = directory.Model(); // the decoder's weight norm is folded as it loads
        Assert.Contains("decoder.conv_pre.weight", model.NamedTensors().Select(named => named.Name));
        Assert.Contains("decoder.resblocks.0.convs1.0.weight_g", directory.Weights.Keys);
        using var samples = SafetensorsFile.Open(Path.Combine(report.Output, "said.safetensors"));
        var said = JsonDocument.Parse(report.Text("said.json")).RootElement;
        Assert.Equal(2, said.GetProperty("sentences").GetArrayLength());
        foreach (var sentence in said.GetProperty("sentences").EnumerateArray())
        {
            var spoken = VitsVoice.Speak(model, directory.Tokenizer, sentence.GetProperty("text").GetString()!, sentence.GetProperty("seed").GetUInt64());
            var expected = new float[spoken.Length];
            samples[$"waveform.{sentence.GetProperty("n").GetInt32()}"].CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(expected.AsSpan()));
            Assert.Equal(expected, spoken);
        }
    }

    [SkippableFact]
    public void Best_is_the_checkpoint_with_the_lowest_distance()
    {
        NeedsTorch.OrSkip();
        // A rate that wrecks the network: the first validation is the best, the last weights are others.
        var report = _voice.Run("a", Two with { NumEpochs = 4, LearningRate = 0.02, ValidationSteps = 1 });
        var distances = report.Rows("validation.csv").Select(row => row.Split(',')).ToDictionary(row => long.Parse(row[0]), row => row[1] == "" ? double.MaxValue : double.Parse(row[1], System.Globalization.CultureInfo.InvariantCulture));
        var best = JsonDocument.Parse(report.Text("training.json")).RootElement.GetProperty("best_step").GetInt64();
        Assert.Equal(distances.MinBy(pair => pair.Value).Key, best);
        Assert.NotEqual(12, best); // or this test shows nothing
        using var expected = SafetensorsFile.Open(Path.Combine(_voice.StateOf("a"), "checkpoints", CheckpointFolder.NameOf(best), "generator.safetensors"));
        using var actual = SafetensorsFile.Open(Path.Combine(report.Output, "checkpoint", "model.safetensors"));
        Assert.Equal(expected.Entries.Select(entry => entry.Name).Order(), actual.Entries.Select(entry => entry.Name).Order());
        foreach (var entry in expected.Entries) Assert.True(expected[entry.Name].Bytes.SequenceEqual(actual[entry.Name].Bytes), entry.Name);
    }
}
