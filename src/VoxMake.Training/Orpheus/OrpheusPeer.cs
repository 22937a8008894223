using System.Collections.Concurrent;
using System.Globalization;
using VoxMake.Models.Llama;
using VoxMake.Torch;
using VoxMake.Torch.Native;

namespace VoxMake.Training.Orpheus;

/// <summary>
/// One of several processes that train together, but not the first: it does its share of each step that rank 0 names, from weights that rank 0 sends, and writes nothing. Rank 0 names them on its
/// standard input; when that ends, so does the process.
/// </summary>
public sealed class OrpheusPeer(OrpheusTask task, OrpheusPlace place)
{
    internal const string Sync = "sync";

    /// <summary>How long a call to libtorch that waits for others may still take after rank 0 is gone.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Works until there is nothing more to be told.</summary>
    /// <param name="told">What rank 0 says, a line each.</param>
    /// <param name="abandon">Ends the process where it hangs in a call to libtorch though rank 0 is gone.</param>
    /// <exception cref="TrainingException">The files are not those of rank 0.</exception>
    /// <exception cref="TorchException">Another process has ended, or libtorch failed.</exception>
    public void Run(TextReader told, Action abandon)
    {
        var lines = Listen(told, abandon);
        Libtorch.Threads = place.Threads;
        using var group = place.Join();
        using var directory = LlamaDirectory.Open(task.Base);
        using var examples = new OrpheusExamples(task.Train.Select(shard => shard.Path));
        using var networks = OrpheusNetworks.Begin(directory, task.Settings, place.Device, place.Precision == "bf16");
        var share = new OrpheusShare(task.Settings, examples, place.Device, group);
        foreach (var line in lines.GetConsumingEnumerable())
        {
            if (line.StartsWith(Sync, StringComparison.Ordinal))
            {
                networks.ShareState(group);
                networks.Trainer.Optimizer.Steps = long.Parse(line.AsSpan(Sync.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture);
                continue;
            }
            try { share.Step(networks, OrpheusTurn.Parse(line)); }
            catch (TorchOutOfMemoryException) // all have it at the same time; rank 0 says how it goes on
            {
                if (place.Device.Type != Device.Cpu.Type) Cuda.EmptyCache();
            }
        }
    }

    private static BlockingCollection<string> Listen(TextReader told, Action abandon)
    {
        var lines = new BlockingCollection<string>();
        new Thread(() =>
        {
            while (told.ReadLine() is { } line) lines.Add(line);
            lines.CompleteAdding();
            Thread.Sleep(Grace);
            abandon();
        }) { IsBackground = true, Name = "rank 0" }.Start();
        return lines;
    }
}
