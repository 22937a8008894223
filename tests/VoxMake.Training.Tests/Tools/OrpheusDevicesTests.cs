using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using VoxMake.Corpus.Tests;
using VoxMake.Models.Orpheus;
using VoxMake.Protocol;
using VoxMake.Torch;
using VoxMake.Torch.Tests;
using VoxMake.Training.Orpheus;
using VoxMake.Training.Tests.Orpheus;

namespace VoxMake.Training.Tests;

/// <summary><c>vox-train orpheus</c> with several processes, over Gloo.</summary>
[Collection("libtorch")]
public sealed class OrpheusDevicesTests : IDisposable
{
    /// <summary>Six examples in steps of four and two: with four processes two have nothing to do in every second step.</summary>
    private static readonly OrpheusSettings Alone = SmallOrpheus.Settings with { BatchSize = 4, LoraDropout = 0, NumEpochs = 3, ValidationSteps = 3, ValidationSentences = 0 };

    private readonly SmallOrpheus? _voice;
    private readonly TemporaryFolder _folder = new();

    public OrpheusDevicesTests()
    {
        NeedsTorch.OrSkip();
        _voice = new SmallOrpheus();
    }

    public void Dispose()
    {
        _voice?.Dispose();
        _folder.Dispose();
    }

    [SkippableTheory, InlineData(2, 2), InlineData(4, 2)]
    public void Several_processes_have_the_losses_of_one_and_go_on_in_another_number_where_they_were(int devices, int then)
    {
        var one = _voice!.Run("alone", Alone);
        var first = Tool.Run("vox-train", "orpheus", "--order", Order("a", devices, epochs: 2));
        Assert.True(first.Exit == ExitCode.Done, first.Said);
        Assert.Contains(first.Of<NoteEvent>(), note => note.Message.StartsWith($"{devices} processes train together", StringComparison.Ordinal));
        var rest = Tool.Run("vox-train", "orpheus", "--order", Order("a", then, epochs: 3));
        Assert.True(rest.Exit == ExitCode.Done, rest.Said);
        Assert.Equal(5, rest.Of<ProgressEvent>().First().Done);

        var (expected, rows) = (one.Rows("metrics.csv").ToList(), File.ReadLines(_folder.File("a/out/metrics.csv")).Skip(1).ToList());
        Assert.Equal(6, rows.Count);
        foreach (var (row, mine) in expected.Zip(rows))
            foreach (var (number, same) in row.Split(',').Zip(mine.Split(','))) Assert.Equal(double.Parse(number, CultureInfo.InvariantCulture), double.Parse(same, CultureInfo.InvariantCulture), 1e-5);
        var (valid, other) = (one.Rows("validation.csv").Last().Split(','), File.ReadLines(_folder.File("a/out/validation.csv")).Last().Split(','));
        Assert.Equal(double.Parse(valid[1], CultureInfo.InvariantCulture), double.Parse(other[1], CultureInfo.InvariantCulture), 1e-5);
    }

    [SkippableFact]
    public void A_process_that_is_killed_ends_all_with_a_message_that_names_it()
    {
        using var process = Start(Order("a", 2, epochs: 100_000));
        var peer = PeerOf(process);
        var clock = Stopwatch.StartNew();
        Process.GetProcessById(peer).Kill();
        var rest = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(ExitCode.Failed, process.ExitCode);
        Assert.Contains("rank 1 of 2 was ended by signal 9", rest, StringComparison.Ordinal);
        Assert.Contains("goes on from the last checkpoint", rest, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 60);
    }

    [SkippableFact]
    public void The_others_end_with_rank_0_even_where_it_is_killed()
    {
        using var process = Start(Order("a", 2, epochs: 100_000));
        var peer = PeerOf(process);
        using var other = Process.GetProcessById(peer);
        process.Kill();
        Assert.True(other.WaitForExit(TimeSpan.FromSeconds(60)), $"process {peer} lives on");
    }

    [SkippableFact]
    public void A_process_that_cannot_begin_says_why()
    {
        var report = new Report(_folder.File("out"), _ => { });
        var ended = Assert.Throws<TrainingException>(() => OrpheusCrew.Gather(2, new TrainingMachine(Device.Cpu, "fp32", 1), () => new ProcessStartInfo("sh", ["-c", "echo no weights here >&2; exit 3"]), report, CancellationToken.None));
        Assert.Equal("rank 1 of 2 ended with exit code 3, saying 'no weights here', before all had met", ended.Message);
        var range = Tool.Run("vox-train", "orpheus", "--order", Order("b", 0, epochs: 1));
        Assert.Equal((ExitCode.BadInput, "devices"), (range.Exit, range.Error.Field));
    }

    /// <summary>The number of the process that is rank 1, once some steps are done.</summary>
    private static int PeerOf(Process process)
    {
        string? peer = null;
        for (var line = process.StandardOutput.ReadLine(); ; line = process.StandardOutput.ReadLine())
        {
            Assert.True(line is not null, "it ended before it had done three steps");
            if (Regex.Match(line, "rank 1 is process ([0-9]+)") is { Success: true } match) peer = match.Groups[1].Value;
            if (line.Contains("\"done\":3,", StringComparison.Ordinal)) return int.Parse(peer!, CultureInfo.InvariantCulture);
        }
    }

    private static Process Start(string order)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "vox-train.dll"), "orpheus", "--order", order]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private string Order(string name, int devices, int epochs)
    {
        var settings = JsonSerializer.SerializeToElement(new Dictionary<string, object?>
        {
            ["lora_rank"] = Alone.LoraRank, ["lora_alpha"] = Alone.LoraAlpha, ["num_epochs"] = epochs, ["learning_rate"] = Alone.LearningRate, ["lr_scheduler"] = Alone.LrScheduler, ["warmup_steps"] = Alone.WarmupSteps,
            ["batch_size"] = Alone.BatchSize, ["mixed_precision"] = "fp32", ["validation_steps"] = Alone.ValidationSteps, ["validation_sentences"] = 0, ["logging_steps"] = 1, ["device"] = "cpu", ["devices"] = devices,
        });
        var order = new WorkOrder
        {
            Protocol = WorkOrder.CurrentProtocol, Tool = "vox-train", Verb = "orpheus", Settings = settings, Threads = 1, Device = "cpu", Out = "out", Items = "items.jsonl", State = "state",
            Files = new Dictionary<string, IReadOnlyList<InputFile>> { ["tokens"] = Tokens(name), ["base"] = Inputs(TestFiles.Golden("orpheus/e2e/config.json")), ["codec"] = Inputs(TestFiles.Golden("orpheus/snac/config.json")) },
        };
        Directory.CreateDirectory(_folder.File(name + "/state"));
        File.WriteAllText(_folder.File(name + "/items.jsonl"), "");
        File.WriteAllText(_folder.File(name + "/order.json"), JsonSerializer.Serialize(order, ProtocolJson.Default.WorkOrder));
        return _folder.File(name + "/order.json");
    }

    /// <summary>What Tokenize would have written of the small voice.</summary>
    private List<InputFile> Tokens(string name)
    {
        var ids = SmallOrpheus.Ids;
        var (shards, rows) = (new List<object>(), new List<string> { "id,split,shard,index,text" });
        foreach (var (split, shard) in _voice!.Train.Select(shard => ("train", shard)).Concat(_voice.Validation.Select(shard => ("validation", shard))))
        {
            using var file = TokenShard.Open(shard.Path);
            shards.Add(new { name = shard.Name, split, examples = file.Count });
            rows.AddRange(Enumerable.Range(0, file.Count).Select(index => $"{split}{index},{split},{shard.Name},{index},text {index}"));
        }
        File.WriteAllText(_folder.File(name + "/tokens.json"), JsonSerializer.Serialize(new
        {
            ids = new
            {
                begin_of_text = ids.BeginOfText, end_of_turn = ids.EndOfTurn, start_of_speech = ids.StartOfSpeech, end_of_speech = ids.EndOfSpeech, start_of_human = ids.StartOfHuman, end_of_human = ids.EndOfHuman,
                start_of_ai = ids.StartOfAi, end_of_ai = ids.EndOfAi, pad = ids.Pad, audio_start = ids.AudioStart, codebook_size = ids.CodebookSize,
            },
            shards,
        }));
        File.WriteAllLines(_folder.File(name + "/examples.csv"), rows);
        return [Input("tokens.json", _folder.File(name + "/tokens.json")), Input("examples.csv", _folder.File(name + "/examples.csv")), .. _voice.Train.Concat(_voice.Validation).Select(shard => Input(shard.Name, shard.Path))];
    }

    private static List<InputFile> Inputs(string config) => [.. Directory.GetFiles(Path.GetDirectoryName(config)!).Select(path => Input(Path.GetFileName(path), path))];

    private static InputFile Input(string name, string path) => new(name, path, Digest.OfFile(path), new FileInfo(path).Length);
}
