using System.Diagnostics;
using System.Text.Json;
using VoxMake.Corpus.Tests;
using VoxMake.Protocol;
using VoxMake.Torch.Tests;
using VoxMake.Training.Tests.Vits;

namespace VoxMake.Training.Tests;

/// <summary><c>vox-train vits</c> as the host starts it.</summary>
[Collection("libtorch")]
public sealed class TrainToolTests : IDisposable
{
    private const string Settings = """{"num_epochs":2,"batch_size":2,"segment_size":2048,"validation_steps":4,"validation_sentences":2,"logging_steps":1,"device":"cpu"}""";
    private readonly SmallVoice _voice = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _voice.Dispose();
        _folder.Dispose();
    }

    [SkippableFact]
    public void Asked_to_stop_it_writes_a_checkpoint_and_goes_on_from_there()
    {
        NeedsTorch.OrSkip();
        var order = Order("a", Settings.Replace("\"num_epochs\":2", "\"num_epochs\":200", StringComparison.Ordinal));
        using var process = Start(order);
        for (var line = process.StandardOutput.ReadLine(); line is not null && !line.Contains("\"done\":3,", StringComparison.Ordinal); line = process.StandardOutput.ReadLine()) { }
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) kill.WaitForExit();
        var rest = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(ExitCode.Cancelled, process.ExitCode);
        Assert.DoesNotContain("\"error\"", rest, StringComparison.Ordinal);

        var step = JsonDocument.Parse(File.ReadAllText(_folder.File("a/state/progress.json"))).RootElement.GetProperty("done").GetInt64();
        Assert.InRange(step, 3, 59);
        var again = Tool.Run("vox-train", "vits", "--order", Order("a", Settings.Replace("\"num_epochs\":2", "\"num_epochs\":20", StringComparison.Ordinal)));
        Assert.Equal(ExitCode.Done, again.Exit);
        Assert.Equal(step + 1, again.Of<ProgressEvent>().First().Done);
        Assert.Equal(60, again.Of<ProgressEvent>().Last().Done);
    }

    [SkippableFact]
    public void It_tells_how_far_it_is_and_names_its_files()
    {
        NeedsTorch.OrSkip();
        var done = Tool.Run("vox-train", "vits", "--order", Order("a", Settings));
        Assert.Equal(ExitCode.Done, done.Exit);
        Assert.Equal([new ProgressEvent(1, 6, "steps"), new ProgressEvent(6, 6, "steps")], done.Of<ProgressEvent>().Where(progress => progress.Done is 1 or 6));
        foreach (var name in new[] { "epoch", "loss_mel", "learning_rate", "seconds_left" }) Assert.Contains(done.Of<MetricEvent>(), metric => metric.Name == name && metric.Step == 6);
        Assert.Contains(done.Of<MetricEvent>(), metric => metric is { Name: "best_val_mel", Step: null });
        var outputs = done.Of<OutputEvent>().ToDictionary(output => output.Output.Name, output => output.Output);
        foreach (var name in new[] { "checkpoint/config.json", "checkpoint/model.safetensors", "checkpoint/discriminator.safetensors", "checkpoint/vocab.json", "checkpoint/tokenizer_config.json", "checkpoint/special_tokens_map.json", "checkpoint/added_tokens.json", "checkpoint/speakers.json", "training.json", "metrics.csv", "validation.csv", "spoken.csv", "spoken/00000004/1.wav", "said.safetensors", "said.json" })
            Assert.Equal(Digest.OfFile(_folder.File("a/out/" + outputs[name].Path)), outputs[name].Digest);
        Assert.Contains("step 6 of 6, epoch 2 of 2: mel ", done.Said, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void What_is_wrong_is_said_with_the_setting()
    {
        NeedsTorch.OrSkip();
        var wrong = Tool.Run("vox-train", "vits", "--order", Order("a", """{"size":"huge"}"""));
        Assert.Equal((ExitCode.BadInput, "size", "'huge' is not known, expected tiny or base"), (wrong.Exit, wrong.Error.Field, wrong.Error.Message));
        var rate = Tool.Run("vox-train", "vits", "--order", Order("b", """{"sample_rate":16000}"""));
        Assert.Equal((ExitCode.BadInput, "sampling_rate"), (rate.Exit, rate.Error.Field));
    }

    private static Process Start(string order)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "vox-train.dll"), "vits", "--order", order }) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private string Order(string name, string settings)
    {
        File.WriteAllLines(_folder.File(name + "/items.jsonl"), _voice.Clips.Select(clip => JsonSerializer.Serialize(
            new WorkItem(clip.Id, new Dictionary<string, InputFile> { ["audio"] = Input(clip.Id, clip.Path) }, Columns.Of(("split", clip.Split), ("text", clip.Text), ("speaker_id", Value.Null))), ProtocolJson.Default.WorkItem)));
        using var parsed = JsonDocument.Parse(settings);
        var order = new WorkOrder
        {
            Protocol = WorkOrder.CurrentProtocol, Tool = "vox-train", Verb = "vits", Settings = parsed.RootElement, Threads = 1, Device = "cpu", Out = "out", Items = "items.jsonl", State = "state",
            Files = new Dictionary<string, IReadOnlyList<InputFile>> { ["base"] = [.. Directory.GetFiles(_voice.Network).Select(path => Input(Path.GetFileName(path), path))] },
        };
        Directory.CreateDirectory(_folder.File(name + "/state"));
        File.WriteAllText(_folder.File(name + "/order.json"), JsonSerializer.Serialize(order, ProtocolJson.Default.WorkOrder));
        return _folder.File(name + "/order.json");
    }

    private static InputFile Input(string name, string path) => new(name, path, Digest.OfFile(path), new FileInfo(path).Length);
}
