namespace VoxMake.EndToEnd;

/// <summary>Looks into /proc.</summary>
internal static class Processes
{
    /// <summary>Signals that make a process sleep, and go on.</summary>
    public const int Stop = 19, Continue = 18;

    /// <summary>Sends a signal to a process, if it is still there.</summary>
    public static void Signal(int process, int signal) => kill(process, signal);

    [System.Runtime.InteropServices.DllImport("libc")]
    private static extern int kill(int process, int signal);

    /// <summary>Whether a process is a tool at work: not one that is only asked for its versions, nor one that is just about to become a tool.</summary>
    public static bool HasAnOrder(int process)
    {
        try { return File.ReadAllText($"/proc/{process}/cmdline").Contains("\0--order\0", StringComparison.Ordinal); }
        catch (IOException) { return false; }
    }

    /// <summary>Processes that one has started.</summary>
    public static List<int> Children(int parent)
    {
        var children = new List<int>();
        foreach (var task in Directory.Exists($"/proc/{parent}/task") ? Directory.GetDirectories($"/proc/{parent}/task") : [])
        {
            try { children.AddRange(File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)); }
            catch (IOException) { }
        }
        return children;
    }

    /// <summary>Processes that still work in a folder.</summary>
    public static List<string> WorkingIn(string folder)
    {
        var found = new List<string>();
        foreach (var process in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(process), out _)) continue;
            try
            {
                var command = File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
                if (command.Contains("vox-", StringComparison.Ordinal) && command.Contains(folder, StringComparison.Ordinal)) found.Add(command);
            }
            catch (IOException) { }
        }
        return found;
    }
}
