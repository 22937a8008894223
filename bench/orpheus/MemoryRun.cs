using System.Globalization;
using VoxMake.Models.Llama;
using VoxMake.Models.Lora;
using VoxMake.Models.Orpheus;
using VoxMake.Torch;
using VoxMake.Training.Orpheus;

namespace VoxMake.OrpheusBench;

/// <summary>Two steps of a random network on the CPU: what they took at most (VmHWM, less what the process held before), and what <see cref="OrpheusMemory"/> had estimated.</summary>
internal static class MemoryRun
{
    public static int Run(string[] options)
    {
        var given = new Dictionary<string, string>
        {
            ["hidden"] = "512", ["layers"] = "8", ["heads"] = "8", ["shared"] = "4", ["middle"] = "1408", ["vocabulary"] = "8192", ["tokens"] = "512", ["batch"] = "4", ["rank"] = "0", ["checkpointing"] = "None", ["threads"] = "1",
        };
        foreach (var option in options)
        {
            if (option.Split('=') is not [var name, var value] || !given.ContainsKey(name))
            {
                Console.Error.WriteLine($"'{option}' is unknown; expected NAME=VALUE with {string.Join(", ", given.Keys)}");
                return 2;
            }
            given[name] = value;
        }
        int Whole(string name) => int.Parse(given[name], CultureInfo.InvariantCulture);
        Libtorch.Threads = Whole("threads");
        var checkpointing = Enum.Parse<GradientCheckpointing>(given["checkpointing"], ignoreCase: true);
        var (tokens, batch, rank) = (Whole("tokens"), Whole("batch"), Whole("rank"));
        var config = new LlamaConfig("llama", Whole("vocabulary"), Whole("hidden"), Whole("middle"), Whole("layers"), Whole("heads"), Whole("shared"), Whole("hidden") / Whole("heads"), 8192, 1e-5,
            new RopeConfig("llama3", 500_000, 32, 1, 4, 8192), TieWordEmbeddings: true);

        Start();
        var before = Kilobytes("VmRSS");
        using var model = LlamaModel.Random(config);
        if (rank > 0)
        {
            foreach (var (_, parameter) in model.NamedParameters()) parameter.RequiresGrad = false;
            LoraAdapter.Start(model, new LoraConfig(rank, rank, 0, [.. LoraConfig.AllLinear], false), 1);
        }
        (model.Training, model.Checkpointing) = (true, checkpointing);
        using var trainer = new OrpheusTrainer(model, 0.01, 1);
        List<TokenExample> examples = [.. Enumerable.Range(0, batch).Select(n => new TokenExample([.. Enumerable.Range(0, tokens).Select(token => (7919 * n + 104729 * token) % config.VocabSize)], 0))];
        for (var step = 0; step < 2; step++) trainer.Step([() => PackedBatch.Of(examples, false, Device.Cpu)], batch * (tokens - 1));
        var measured = (Kilobytes("VmHWM") - before) * 1024.0;
        var estimate = OrpheusMemory.Of(config, model.NamedTensors().Sum(named => named.Tensor.Count), trainer.Parameters.Sum(named => named.Tensor.Count), false, checkpointing, tokens, rank, batch);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', options)}: measured {measured / 1e6:0} MB, estimated {estimate.Total / 1e6:0} MB ({estimate.Total / measured:0.00}), of which activations {estimate.Activations / 1e6:0}"));
        return 0;
    }

    /// <summary>libtorch with its pools, before anything is counted.</summary>
    private static void Start()
    {
        using var scope = new TensorScope();
        var x = Ops.ones([64, 64]);
        x.RequiresGrad = true;
        x.matmul(x).sum().Backward();
    }

    private static long Kilobytes(string field) =>
        long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith(field + ":", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
