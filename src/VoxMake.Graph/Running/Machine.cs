using System.Text.RegularExpressions;
using VoxMake.Graph.Planning;

namespace VoxMake.Graph.Running;

/// <summary>What one start of a tool has to itself.</summary>
/// <param name="Threads">Processor cores.</param>
/// <param name="Devices">GPUs, as <c>CUDA_VISIBLE_DEVICES</c> names them.</param>
public sealed record Share(int Threads, IReadOnlyList<string> Devices, double MemoryGb);

/// <summary>The machine's cores, GPUs and memory, as far as this run may use them, and what of them is free.</summary>
public sealed partial class Machine
{
    /// <summary>The variable by which CUDA is told which GPUs there are.</summary>
    internal const string VisibleDevices = "CUDA_VISIBLE_DEVICES";
    private readonly int _cores;
    private readonly double _memoryGb;
    private readonly List<string> _freeDevices;
    private int _freeCores;
    private double _freeMemoryGb;
    private int _taken;

    /// <param name="cores">Processor cores, at least 1.</param>
    /// <param name="devices">GPUs, as <c>CUDA_VISIBLE_DEVICES</c> names them.</param>
    /// <param name="memoryGb">Memory in GB (10⁹ bytes).</param>
    public Machine(int cores, IReadOnlyList<string> devices, double memoryGb)
    {
        (_cores, Devices, _memoryGb) = (cores, devices, memoryGb);
        (_freeCores, _freeDevices, _freeMemoryGb) = (cores, [.. devices], memoryGb);
    }

    /// <summary>This machine, with the GPUs that the caller may see.</summary>
    public static Machine This(int cores) => new(cores, Gpus(), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9);

    /// <summary>GPUs that this run may use.</summary>
    public IReadOnlyList<string> Devices { get; }

    /// <summary>How many starts of a stage's tool fit at a time when nothing else runs.</summary>
    public int Places(Stage stage)
    {
        var places = stage.Cores > 0 ? _cores / Math.Min(stage.Cores, _cores) : 1;
        if (stage.Gpus > 0 && Devices.Count > 0) places = Math.Min(_cores, Devices.Count / Math.Min(stage.Gpus, Devices.Count));
        if (stage.MemoryGb > 0) places = Math.Min(places, (int)(_memoryGb / stage.MemoryGb));
        return Math.Max(1, places);
    }

    /// <summary>Whether <see cref="TryTake"/> would give something.</summary>
    public bool HasRoom(Stage stage)
    {
        if (TryTake(stage) is not { } share) return false;
        Return(share);
        return true;
    }

    /// <summary>Takes what a start of a stage's tool needs, or nothing, if that is not free. What the machine has not at all is not waited for: then it starts alone.</summary>
    public Share? TryTake(Stage stage)
    {
        var gpus = Math.Min(stage.Gpus, Devices.Count);
        if (_freeCores == 0 || _freeDevices.Count < gpus || (_taken > 0 && _freeMemoryGb < stage.MemoryGb)) return null;
        // A start that takes all free cores beside one on a GPU leaves it the core that feeds it; so does one on a GPU that says nothing of cores.
        var threads = stage.Cores > 0 ? Math.Min(stage.Cores, _cores) : gpus > 0 ? Math.Max(1, _freeCores * gpus / (Devices.Count + 1)) : _freeCores;
        if (_freeCores < threads) return null;
        var share = new Share(threads, _freeDevices[..gpus], stage.MemoryGb);
        _freeCores -= threads;
        _freeDevices.RemoveRange(0, gpus);
        _freeMemoryGb -= stage.MemoryGb;
        _taken++;
        return share;
    }

    /// <summary>Gives back what was taken.</summary>
    public void Return(Share share)
    {
        _freeCores += share.Threads;
        _freeDevices.AddRange(share.Devices);
        _freeDevices.Sort(StringComparer.Ordinal);
        _freeMemoryGb += share.MemoryGb;
        _taken--;
    }

    /// <summary>Those that <c>CUDA_VISIBLE_DEVICES</c> leaves (a cluster sets it), else all that NVIDIA's driver lists. No program is started for it.</summary>
    private static IReadOnlyList<string> Gpus()
    {
        if (Environment.GetEnvironmentVariable(VisibleDevices) is { } visible) return visible.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        const string driver = "/proc/driver/nvidia/gpus";
        try
        {
            return [.. Directory.Exists(driver) ? Directory.EnumerateDirectories(driver).Order(StringComparer.Ordinal).Select((gpu, i) => Uuid(Path.Combine(gpu, "information")) ?? $"{i}") : []];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { return []; }
    }

    private static string? Uuid(string file) => UuidLine().Match(File.ReadAllText(file)) is { Success: true } found ? found.Groups[1].Value : null;

    [GeneratedRegex(@"^GPU UUID:\s*(GPU-\S+)", RegexOptions.Multiline)]
    private static partial Regex UuidLine();
}
