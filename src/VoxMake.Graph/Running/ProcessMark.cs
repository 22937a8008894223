using System.Diagnostics;
using System.Globalization;

namespace VoxMake.Graph.Running;

/// <summary>A process, told apart from any later one of the same number by when it started, and in which boot of the machine.</summary>
public sealed record ProcessMark(int Pid, ulong StartTicks, string Boot)
{
    /// <summary>Identifies this boot of the machine.</summary>
    public static string ThisBoot { get; } = ReadBoot();

    /// <summary>The mark of a process that runs, or null if there is none of that number.</summary>
    public static ProcessMark? Of(int pid) => StartTicksOf(pid) is { } ticks ? new ProcessMark(pid, ticks, ThisBoot) : null;

    /// <summary>Whether this very process still runs.</summary>
    public bool Runs => Boot == ThisBoot && StartTicksOf(Pid) == StartTicks;

    /// <summary>Asks it to end, then makes it end. Returns when it is gone.</summary>
    public void Stop(TimeSpan patience)
    {
        if (!Runs) return;
        Signal(15);
        var until = Stopwatch.GetTimestamp() + (long)(patience.TotalSeconds * Stopwatch.Frequency);
        while (Runs && Stopwatch.GetTimestamp() < until) Thread.Sleep(20);
        if (Runs) Signal(9);
        while (Runs) Thread.Sleep(20);
    }

    private void Signal(int signal) => kill(Pid, signal);

    /// <summary>Field 22 of /proc/&lt;pid&gt;/stat; the name in field 2 may hold anything, so it is read from its last parenthesis on. A zombie counts as gone.</summary>
    private static ulong? StartTicksOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : ulong.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { return null; }
    }

    private static string ReadBoot()
    {
        try { return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(); }
        catch (IOException) { return "unknown"; }
    }

    [System.Runtime.InteropServices.DllImport("libc")]
    private static extern int kill(int pid, int signal);
}
