namespace VoxMake.EndToEnd;

/// <summary>Looks into /proc.</summary>
internal static class Processes
{
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
