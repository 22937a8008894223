using System.Text.Json;
using VoxMake.Torch.Tests;
using VoxMake.Torch.Weights;
using VoxMake.Training.Vits;

namespace VoxMake.Training.Tests.Vits;

/// <summary>What people put in: clips that cannot be used, base models, settings.</summary>
[Collection("libtorch")]
public sealed class VitsInputTests : IDisposable
{
    private static readonly VitsSettings OneStep = SmallVoice.Settings with { NumEpochs = 1, BatchSize = 8, ValidationSentences = 1 };
    private readonly SmallVoice _voice = new();

    public void Dispose() => _voice.Dispose();

    [SkippableFact]
    public void Clips_that_cannot_be_used_are_left_out_by_name_and_counted()
    {
        NeedsTorch.OrSkip();
        _voice.Add("short", SmallVoice.Noise(1000), "printing", "train");
        _voice.Add("long", SmallVoice.Noise(22050 * 3), "printing", "train");
        _voice.Add("fast", SmallVoice.Noise(22050 / 4), "printing in the only sense with which we are at present concerned", "train");
        _voice.Add("empty", SmallVoice.Noise(22050), "\t", "train");
        _voice.Add("picture", SmallVoice.Noise(22050), "😀", "train");
        _voice.Replace(0, clip => clip with { Path = clip.Path + ".gone" });
        var report = _voice.Run("a", OneStep with { MaxDurationS = 2 });
        foreach (var start in new[] { "clip0: left out (unreadable)", "short: left out (too_short): it has 1000 samples, fewer than a segment (2048", "long: left out (too_long): it lasts 3.0 s", "fast: left out (too_fast)", "empty: left out (no_text)", "picture: left out (no_known_character)" })
            Assert.Contains(report.Warnings, warning => warning.StartsWith(start, StringComparison.Ordinal));
        Assert.Contains("6 of 13 clips are left out: 1 no_known_character, 1 no_text, 1 too_fast, 1 too_long, 1 too_short, 1 unreadable", report.Warnings);
        Assert.Equal(5, JsonDocument.Parse(report.Text("training.json")).RootElement.GetProperty("splits").GetProperty("train").GetProperty("clips").GetInt32());
    }

    [SkippableFact]
    public void When_nothing_is_left_it_says_why_and_what_to_do()
    {
        NeedsTorch.OrSkip();
        var error = Assert.Throws<TrainingException>(() => _voice.Run("a", OneStep with { MaxDurationS = 0.5 }));
        Assert.Equal("no clip is left to train on; left out: 6 too_long", error.Message);
        Assert.Contains("max_duration_s", error.Try);
        using var none = new SmallVoice(train: 0, validation: 2);
        Assert.Contains("no row has the split 'train'", Assert.Throws<TrainingException>(() => none.Run("b", OneStep)).Message);
    }

    [SkippableFact]
    public void Another_sample_rate_is_refused_by_name()
    {
        NeedsTorch.OrSkip();
        _voice.Add("other", SmallVoice.Noise(16000), "printing", "train", rate: 16000);
        var error = Assert.Throws<TrainingException>(() => _voice.Run("a", OneStep));
        Assert.Equal(("the clip 'other' has 16000 Hz, expected 22050 Hz", "sample_rate"), (error.Message, error.Field));
    }

    [SkippableFact]
    public void From_a_base_model_it_goes_on_with_its_weights_and_its_discriminator()
    {
        NeedsTorch.OrSkip();
        var first = _voice.Run("a", OneStep);
        var model = Path.Combine(first.Output, "checkpoint");
        _voice.Replace(0, clip => clip with { Text = clip.Text + " ßö ö" });
        var second = _voice.Run("b", OneStep with { LearningRate = 1e-12 }, baseFolder: model);
        Assert.Contains("the base model lacks 2 characters of the texts, for which rows are added: 'ö' (2 times), 'ß' (1 times)", second.Warnings);
        var numbers = JsonDocument.Parse(second.Text("training.json")).RootElement;
        Assert.Equal(2, numbers.GetProperty("missing_characters").GetProperty("ö").GetInt32());
        Assert.True(numbers.GetProperty("base").GetProperty("has_discriminator").GetBoolean());
        // With a rate of next to nothing all weights but the new rows are the base model's.
        foreach (var file in new[] { "model.safetensors", "discriminator.safetensors" })
        {
            using var before = SafetensorsFile.Open(Path.Combine(model, file));
            using var after = SafetensorsFile.Open(Path.Combine(second.Output, "checkpoint", file));
            foreach (var entry in before.Entries)
            {
                var (a, b) = (Numbers(before[entry.Name]), Numbers(after[entry.Name]));
                Assert.Equal(entry.Name == "text_encoder.embed_tokens.weight" ? a.Length + 2 * 16 : a.Length, b.Length);
                for (var i = 0; i < a.Length; i++) Assert.Equal(a[i], b[i], 1e-6);
            }
        }
    }

    [SkippableFact]
    public void New_speakers_join_those_of_the_base_model()
    {
        NeedsTorch.OrSkip();
        for (var i = 0; i < 8; i++) _voice.Replace(i, clip => clip with { Speaker = "anna" });
        var first = _voice.Run("a", OneStep);
        for (var i = 0; i < 4; i++) _voice.Replace(i, clip => clip with { Speaker = "aaron" });
        var second = _voice.Run("b", OneStep, baseFolder: Path.Combine(first.Output, "checkpoint"));
        Assert.Equal("{\n  \"anna\": 0,\n  \"aaron\": 1\n}\n", second.Text("checkpoint/speakers.json"));
        Assert.Equal(2, JsonDocument.Parse(second.Text("checkpoint/config.json")).RootElement.GetProperty("num_speakers").GetInt32());
        for (var i = 0; i < 8; i++) _voice.Replace(i, clip => clip with { Speaker = "" });
        var error = Assert.Throws<TrainingException>(() => _voice.Run("c", OneStep, baseFolder: Path.Combine(second.Output, "checkpoint")));
        Assert.StartsWith("no clip is left to train on; left out: ", error.Message);
    }

    [SkippableFact]
    public void A_base_model_of_another_sample_rate_is_refused_before_anything_is_trained()
    {
        NeedsTorch.OrSkip();
        var first = _voice.Run("a", OneStep);
        var config = Path.Combine(first.Output, "checkpoint", "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("22050", "16000", StringComparison.Ordinal));
        var error = Assert.Throws<TrainingException>(() => _voice.Run("b", OneStep, baseFolder: Path.GetDirectoryName(config)));
        Assert.Equal("the base model speaks at 16000 Hz, the dataset has 22050 Hz; both must be the same", error.Message);
        Assert.Equal("set audio.sample_rate to 16000", error.Try);
    }

    [SkippableFact]
    public void Batch_size_is_chosen_once_and_kept()
    {
        NeedsTorch.OrSkip();
        var report = _voice.Run("a", OneStep with { BatchSize = null });
        Assert.Contains(report.Lines, line => line.StartsWith("batch size 4 (chosen for this machine)", StringComparison.Ordinal)); // six clips, and memory for them everywhere
        Assert.Contains(report.Lines, line => line.StartsWith("memory, estimated: ", StringComparison.Ordinal));
        Assert.Contains(_voice.Run("a", OneStep with { BatchSize = null, NumEpochs = 2 }).Lines, line => line.StartsWith("batch size 4 (as at the first start)", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_state_folder_of_another_training_is_said()
    {
        NeedsTorch.OrSkip();
        _voice.Run("a", OneStep);
        Assert.Contains(_voice.Run("a", OneStep with { MelWeight = 30, NumEpochs = 2 }).Warnings, warning => warning.StartsWith("the state folder was begun with other clips", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_training_that_diverges_is_stopped_with_the_step()
    {
        NeedsTorch.OrSkip();
        var error = Assert.Throws<TrainingException>(() => _voice.Run("a", SmallVoice.Settings with { NumEpochs = 500, LearningRate = 1, ValidationSteps = 1_000_000 }));
        Assert.Contains("has diverged", error.Message);
        Assert.Equal("learning_rate", error.Field);
    }

    [Theory]
    [InlineData("size", "huge"), InlineData("mixed_precision", "fp8"), InlineData("num_epochs", 0), InlineData("learning_rate", 0.0), InlineData("learning_rate", double.NaN), InlineData("lr_decay", 1.5)]
    [InlineData("batch_size", 0), InlineData("device", "gpu"), InlineData("device", "cuda:-1"), InlineData("sample_rate", 96000), InlineData("validation_steps", 0), InlineData("max_grad_norm", 0.0)]
    public void Settings_out_of_range_are_refused_by_name(string field, object value)
    {
        var settings = field switch
        {
            "size" => OneStep with { Size = (string)value },
            "mixed_precision" => OneStep with { MixedPrecision = (string)value },
            "num_epochs" => OneStep with { NumEpochs = (int)value },
            "learning_rate" => OneStep with { LearningRate = (double)value },
            "lr_decay" => OneStep with { LrDecay = (double)value },
            "batch_size" => OneStep with { BatchSize = (int)value },
            "device" => OneStep with { Device = (string)value },
            "sample_rate" => OneStep with { SampleRate = (int)value },
            "validation_steps" => OneStep with { ValidationSteps = (int)value },
            _ => OneStep with { MaxGradNorm = (double)value },
        };
        Assert.Equal(field, Assert.Throws<TrainingException>(settings.Check).Field);
    }

    private static float[] Numbers(TensorView view)
    {
        var numbers = new float[view.ElementCount];
        view.CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(numbers.AsSpan()));
        return numbers;
    }
}
