using System.Globalization;

namespace VoxMake.Torch;

/// <summary>How much memory may be taken, as Linux tells it.</summary>
public static class FreeMemory
{
    /// <summary>Bytes of the machine's memory that can be had without swapping; less where a container (cgroup v2) allows less.</summary>
    public static long OfHost() => OfHost("/proc/meminfo", "/sys/fs/cgroup");

    internal static long OfHost(string meminfo, string cgroup)
    {
        var available = File.ReadLines(meminfo).First(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        var free = long.Parse(available, CultureInfo.InvariantCulture) * 1024;
        return Number(Path.Combine(cgroup, "memory.max")) is { } most && Number(Path.Combine(cgroup, "memory.current")) is { } used ? Math.Min(free, Math.Max(0, most - used)) : free;
    }

    /// <summary>The number in a file; null for <c>max</c>, or where there is no such file.</summary>
    private static long? Number(string path) =>
        File.Exists(path) && long.TryParse(File.ReadAllText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
