using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using VoxMake.Models.Generation;
using VoxMake.Models.Llama;
using VoxMake.Torch;
using VoxMake.Torch.Nn;
using VoxMake.Training.Orpheus;

namespace VoxMake.OrpheusBench;

/// <summary>
/// Does what it is asked for on standard input, a line each, and answers with a line of JSON: <c>step N</c> (of training), <c>packed N</c> and <c>padded N</c> (the same on other batches),
/// <c>write TEXTS TOKENS</c> (greedily).
/// </summary>
internal sealed class Served : IDisposable
{
    private readonly LlamaModel _model;
    private readonly OrpheusTrainer _trainer;
    private readonly int[][][] _batches, _drawn;
    private readonly int[][] _prompts;
    private int _step, _at;

    private Served(string folder)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "bench.json")));
        var root = file.RootElement;
        int[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(id => id.GetInt32())];
        int[][][] Batches(string name) => [.. root.GetProperty(name).EnumerateArray().Select(batch => batch.EnumerateArray().Select(Ids).ToArray())];
        (_batches, _drawn, _prompts) = (Batches("batches"), Batches("drawn"), [.. root.GetProperty("prompts").EnumerateArray().Select(Ids)]);
        using var directory = LlamaDirectory.Open(folder);
        _model = directory.Model(Device.Cpu, ScalarType.Float);
        _model.Training = true;
        _trainer = new OrpheusTrainer(_model, root.GetProperty("weight_decay").GetDouble(), root.GetProperty("max_grad_norm").GetDouble());
        _trainer.Optimizer.LearningRate = root.GetProperty("learning_rate").GetDouble();
    }

    public static int Run(string folder, int threads)
    {
        Libtorch.Threads = threads;
        using var served = new Served(folder);
        Say($"{{\"is\": \"{RuntimeInformation.FrameworkDescription}, {Libtorch.Describe()}\"}}");
        while (Console.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            int Number(int at) => int.Parse(words[at], CultureInfo.InvariantCulture);
            var (clock, worked) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            var got = words[0] switch
            {
                "step" => served.Train(Number(1), served._batches, ref served._step, PackedBatch (batch) => Packed(batch)),
                "packed" => served.Train(Number(1), served._drawn, ref served._at, PackedBatch (batch) => Packed(batch)),
                "padded" => served.Train(Number(1), served._drawn, ref served._at, PackedBatch (batch) => Padded(batch)),
                "write" => served.Write(Number(1), Number(2)),
                _ => throw new ArgumentException($"'{line}' is nothing that can be asked for"),
            };
            Say(string.Create(CultureInfo.InvariantCulture, $"{{\"seconds\": {clock.Elapsed.TotalSeconds}, \"work\": {(Environment.CpuUsage.TotalTime - worked).TotalSeconds}, \"tensors\": {Tensor.Live}, {got}}}"));
        }
        return 0;
    }

    private string Train(int steps, int[][][] batches, ref int at, Func<int[][], PackedBatch> make)
    {
        var (losses, useful, all) = (new List<string>(), 0L, 0L);
        for (; steps > 0; steps--)
        {
            var batch = batches[at++ % batches.Length];
            var got = _trainer.Step([() => make(batch)], batch.Sum(ids => ids.Length - 1));
            losses.Add(string.Create(CultureInfo.InvariantCulture, $"[{got.Loss}, {got.GradNorm}]"));
            (useful, all) = (useful + batch.Sum(ids => ids.Length), all + got.Tokens);
        }
        return $"\"losses\": [{string.Join(", ", losses)}], \"useful\": {useful}, \"all\": {all}";
    }

    private static PackedBatch Packed(int[][] batch) => PackedBatch.Of([.. batch.Select(ids => new Models.Orpheus.TokenExample(ids, 0))], false, Device.Cpu);

    /// <summary>Rows as long as the longest; what fills them up is not learnt.</summary>
    private static PackedBatch Padded(int[][] batch)
    {
        var width = batch.Max(ids => ids.Length);
        var labels = batch.SelectMany(ids => Enumerable.Range(1, width).Select(next => next < ids.Length ? ids[next] : ChunkedCrossEntropy.Ignored)).ToArray();
        return new PackedBatch(TokenBatch.Of(batch.Select(ids => ids.Concat(new int[width - ids.Length]).ToArray()), Device.Cpu), Tensor.From<long>(labels, labels.Length), batch.Sum(ids => ids.Length - 1));
    }

    private string Write(int texts, int tokens)
    {
        _model.Training = false;
        List<LlamaSequence> sequences = [.. _prompts.Take(texts).Select(prompt => new LlamaSequence(new LlamaTask(prompt, new SamplingOptions(Temperature: 0), tokens, new HashSet<int>()), _model.Config))];
        var writer = new LlamaWriter(_model);
        while (sequences[0].Finish is null) writer.Step(sequences);
        foreach (var sequence in sequences) sequence.Dispose();
        _model.Training = true;
        return $"\"texts\": [{string.Join(", ", sequences.Select(sequence => $"[{string.Join(", ", sequence.Text)}]"))}]";
    }

    private static void Say(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _model.Dispose();
    }
}
