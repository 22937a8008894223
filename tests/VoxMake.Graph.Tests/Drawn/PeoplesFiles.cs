using System.Text;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Tests;

/// <summary>A clock that stands still until it is told otherwise.</summary>
internal sealed class StillClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>
/// The files of people, with times of a clock and a file system of our own choice: so that a change within one tick of the clock is one, however slow the machine is.
/// <see cref="On"/> gives the disk on which they have these times.
/// </summary>
/// <param name="tick">Times are whole multiples of it, in milliseconds.</param>
internal sealed class PeoplesFiles(string root, StillClock clock, int tick)
{
    private readonly Dictionary<string, (long ModifiedNs, long ChangedNs)> _times = [];
    private readonly Dictionary<string, string> _before = [];

    public string Root => root;

    /// <summary>All there are, relative, in the order of their names.</summary>
    public IEnumerable<string> Names => Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(root, path)).Order(StringComparer.Ordinal);

    public string Read(string name) => File.ReadAllText(PathOf(name));
    public bool Has(string name) => File.Exists(PathOf(name));

    /// <summary>Does nothing where a folder stands in the way, or a file where a folder would have to be.</summary>
    public void Write(string name, string text)
    {
        var path = PathOf(name);
        if (!Place(path)) return;
        if (File.Exists(path)) _before[path] = File.ReadAllText(path);
        File.WriteAllText(path, text);
        _times[path] = (Now, Now);
    }

    public void WriteAsOfBefore(string name, string text)
    {
        if (!_times.TryGetValue(PathOf(name), out var times)) return;
        Write(name, text);
        _times[PathOf(name)] = (times.ModifiedNs, Now);
    }

    /// <summary>Changes a letter and nothing else that can be seen from outside.</summary>
    public void Swap(string name)
    {
        if (Has(name) && Read(name) is [var first, .. var rest] && char.IsAscii(first)) WriteAsOfBefore(name, (first == 'x' ? 'y' : 'x') + rest);
    }

    public void Revert(string name)
    {
        if (_before.TryGetValue(PathOf(name), out var text) && Has(name)) Write(name, text);
    }

    public void Touch(string name)
    {
        if (Has(name)) _times[PathOf(name)] = (Now, Now);
    }

    public void Delete(string name)
    {
        if (!Has(name)) return;
        File.Delete(PathOf(name));
        _times.Remove(PathOf(name));
    }

    public void Rename(string from, string to)
    {
        if (from == to || !Has(from) || !Place(PathOf(to))) return;
        File.Move(PathOf(from), PathOf(to), overwrite: true);
        _times.Remove(PathOf(from), out var times);
        _times[PathOf(to)] = (times.ModifiedNs, Now);
    }

    /// <summary>What lies in a folder keeps its times.</summary>
    public void MoveFolder(string from, string to)
    {
        if (!Directory.Exists(PathOf(from)) || Path.Exists(PathOf(to))) return;
        Directory.Move(PathOf(from), PathOf(to));
        foreach (var path in _times.Keys.Where(path => path.StartsWith(PathOf(from) + "/", StringComparison.Ordinal)).ToList())
            if (_times.Remove(path, out var times)) _times[PathOf(to) + path[PathOf(from).Length..]] = times;
    }

    public void RemoveFolder(string name)
    {
        if (Directory.Exists(PathOf(name))) Directory.Delete(PathOf(name), recursive: true);
    }

    /// <summary>The disk on which these files have the times that they were given here.</summary>
    public IDisk On(IDisk disk) => new TickingDisk(disk, _times);

    private string PathOf(string name) => Path.Combine(root, name);
    private long Now => clock.Now.ToUnixTimeMilliseconds() / tick * tick * 1_000_000;

    private static bool Place(string path)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(folder)) return false;
        if (Directory.Exists(path)) return false;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return true;
    }

    private sealed class TickingDisk(IDisk disk, Dictionary<string, (long ModifiedNs, long ChangedNs)> times) : PassingDisk(disk)
    {
        public override FileStat? Stat(string path) => WithOurTimes(path, base.Stat(path));
        public override FileStat? Stat(ReadOnlySpan<byte> path) => WithOurTimes(Encoding.UTF8.GetString(path).TrimEnd('\0'), base.Stat(path));

        public override Digest DigestOf(string path, out FileStat after)
        {
            var digest = base.DigestOf(path, out after);
            after = WithOurTimes(path, after)!.Value;
            return digest;
        }

        private FileStat? WithOurTimes(string path, FileStat? found) =>
            found is not { } stat ? null : times.TryGetValue(path, out var time) ? stat with { ModifiedNs = time.ModifiedNs, ChangedNs = time.ChangedNs } : stat;
    }
}
