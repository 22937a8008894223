using System.Diagnostics;
using System.Text.Json;

namespace VoxMake.EndToEnd;

/// <summary>From recordings to a voice, with the published host and tools, on real speech: what runs again, and what is never lost. One thread each: other tests run beside these.</summary>
public class TrainingTests
{
    /// <summary>Seven of eight clips are trained on, two at a time: four steps an epoch.</summary>
    private static string Training(int epochs, string more = "") =>
        $"training: {{ size: tiny, num_epochs: {epochs}, batch_size: 2, segment_size: 2048, validation_steps: 8, validation_sentences: 1, save_minutes: 0.05, device: cpu{more} }}\n";

    [Fact]
    [Trait("Category", "Slow")]
    public void A_voice_is_made_and_only_what_a_change_touches_is_made_again()
    {
        using var voice = new Voice(clips: 8);
        voice.Config(Spoken(3));
        Assert.Equal(14, voice.Build("--jobs=1").Count);
        var output = Path.Combine(voice.Root, "out/voice");
        foreach (var file in new[] { "Report/report.html", "Export/config.json", "Export/model.safetensors", "Export/vocab.json", "Export/discriminator.safetensors", "Export/provenance.json", "Validate/validation.json", "Evaluate/metrics.json", "Publish/README.md" })
            Assert.True(File.Exists(Path.Combine(output, file)), $"{file} is missing");
        Assert.Contains("\"language\": \"eng\"", File.ReadAllText(Path.Combine(output, "Export/tokenizer_config.json"))); // of code: en
        Assert.Contains("\"exact\":true", File.ReadAllText(Path.Combine(output, "Validate/validation.json"))); // the processor is the one that Train noted
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(output, "Synthesize/speech"), "*.wav"));
        Assert.Equal(12, Steps(voice).Count);
        Assert.Empty(voice.Build("--jobs=1"));

        // what is asked of the finished voice trains nothing
        File.WriteAllText(voice.PathOf("configs/sentences.txt"), "Good morning.\nI have 3 books.\n");
        voice.Config(Spoken(3) + "evaluation: { sentences: sentences.txt }\n");
        var ran = voice.Build("--jobs=1");
        Assert.Contains("Synthesize", ran.Keys);
        Assert.Empty(ran.Keys.Intersect(["Dataset", "Train", "Export", "Validate"]));
        Assert.True(File.Exists(Path.Combine(output, "Synthesize/speech/sentences/002.wav")));
        Assert.Contains("I have three books.", File.ReadAllText(Path.Combine(output, "Synthesize/metadata.csv"))); // read as Normalize reads the clips' texts
        voice.Config(Spoken(3));
        Assert.Empty(voice.Build("--jobs=1"));

        // more epochs go on from the last checkpoint: the first rows stay as they are, and all is as if trained in one go
        var before = Steps(voice);
        voice.Config(Spoken(5));
        Assert.Contains("Train", voice.Build("--jobs=1").Keys);
        var after = Steps(voice);
        Assert.Equal(20, after.Count);
        Assert.Equal(before, after.Take(before.Count));
        using var straight = new Voice(clips: 8);
        straight.Config(Spoken(5));
        straight.Build("--target=Train", "--jobs=1");
        Assert.Equal(Steps(straight), after);
        Assert.Equal(Trained(straight), Trained(voice));

        // a setting of no weight in the result trains nothing, and old settings find the old voice
        voice.Config(Spoken(5).Replace("save_minutes: 0.05", "save_minutes: 7", StringComparison.Ordinal));
        Assert.Empty(voice.Build("--jobs=1"));
        voice.Config(Spoken(3));
        Assert.Empty(voice.Build("--jobs=1"));
        Assert.Equal(before, Steps(voice));

        static string Spoken(int epochs) => Training(epochs) + "text: {}\n";
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void One_goes_on_from_ones_own_export_with_another_speaker()
    {
        using var first = new Voice(clips: 8);
        first.Config(Training(2));
        first.Build("--target=Export", "--jobs=1");
        using var second = new Voice(clips: 10);
        second.Config(Training(2, $", base_model: {Path.Combine(first.Root, "out/voice/Export")}"));
        second.Build("--target=Validate", "--jobs=1");
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(second.Root, "out/voice/Train/training.json")));
        Assert.NotEqual(JsonValueKind.Null, json.RootElement.GetProperty("base").ValueKind);
        Assert.True(Steps(second)[0].Split(',').Length > 5);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Sixty_steps_killed_thirty_one_times_have_the_losses_of_an_undisturbed_run()
    {
        using var undisturbed = new Voice(clips: 8);
        undisturbed.Config(Training(15));
        undisturbed.Build("--target=Train", "--jobs=1");

        using var voice = new Voice(clips: 8);
        voice.Config(Training(15));
        var random = new Random(20261121);
        var killed = 0;
        for (var start = 1; start < 31; start++)
        {
            using var host = voice.Start("--target=Train", "--jobs=1");
            _ = host.StandardOutput.ReadToEndAsync();
            _ = host.StandardError.ReadToEndAsync();
            host.WaitForExit(TimeSpan.FromSeconds(0.2 + random.NextDouble() * 8));
            if (host.HasExited) continue;
            killed++;
            var tools = Processes.Children(host.Id);
            if (start % 3 == 0 && tools.Count > 0) Process.GetProcessById(tools[random.Next(tools.Count)]).Kill();
            else host.Kill();
            host.WaitForExit();
        }
        Assert.True(killed >= 3, $"only {killed} starts were still at work when their moment came");
        voice.Build("--target=Train", "--jobs=1");
        Assert.Empty(Processes.WorkingIn(voice.Root));
        Assert.Equal(60, Steps(voice).Count);
        Assert.Equal(Steps(undisturbed), Steps(voice));
        Assert.Equal(Trained(undisturbed), Trained(voice));
    }

    /// <summary>The rows of metrics.csv, a row a step.</summary>
    private static List<string> Steps(Voice voice) => [.. File.ReadLines(Path.Combine(voice.Root, "out/voice/Train/metrics.csv")).Skip(1)];

    /// <summary>The trained weights and what validation said of them, as bytes.</summary>
    private static string Trained(Voice voice) => string.Join('\n', new[] { "checkpoint/model.safetensors", "checkpoint/discriminator.safetensors", "validation.csv", "said.safetensors" }
        .Select(name => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(voice.Root, "out/voice/Train", name))))));
}
