using VoxMake.Graph.Storage;

namespace VoxMake.Graph.Tests;

/// <summary>
/// A disk whose power goes off at the N-th operation. What was not flushed by then is at the mercy of chance: contents lose their tails or hold zeros in their place, and of new names, renames, links
/// and deletions only a beginning has reached the disk. Files that did not come through here, such as those of tools, count as not flushed.
/// </summary>
internal sealed class FragileDisk(IDisk disk) : PassingDisk(disk)
{
    private readonly Dictionary<string, long> _unflushed = []; // path → bytes that are safe
    private readonly HashSet<string> _safe = []; // contents that were flushed alone
    private readonly Dictionary<Stream, string> _open = [];
    private readonly List<Change> _changes = [];
    private bool _watching;
    private int _failAt;

    /// <summary>A change of a folder that may be lost.</summary>
    private sealed record Change(string Folder, Action Undo);

    public int Count { get; private set; }

    /// <summary>From now on operations are counted, and what they do may be lost.</summary>
    /// <param name="failAt">The first operation that is not done any more, nor is any after it; 0: all are done.</param>
    public void Start(int failAt) => (_watching, _failAt, Count) = (true, failAt, 0);

    protected override IDisk Below => ++Count >= _failAt && _failAt > 0 ? throw new IOException("the power is off", 5) : base.Below;

    /// <summary>The power comes back: what was not flushed is as chance left it.</summary>
    public void PowerReturns(Random chance)
    {
        (_watching, _failAt) = (false, 0);
        foreach (var (path, safe) in _unflushed)
        {
            if (!File.Exists(path) || chance.Next(3) == 0) continue;
            var (mode, modified) = (File.GetUnixFileMode(path), File.GetLastWriteTimeUtc(path));
            File.SetUnixFileMode(path, mode | UnixFileMode.UserWrite);
            using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite))
            {
                var whole = file.Length;
                var kept = safe + chance.NextInt64(Math.Max(1, whole - safe + 1));
                if (kept < whole) file.SetLength(kept);
                if (chance.Next(3) == 0) file.SetLength(whole);
            }
            File.SetLastWriteTimeUtc(path, modified); // nothing tells but the content
            File.SetUnixFileMode(path, mode);
        }
        var lost = chance.Next(2) == 0 ? 0 : chance.Next(_changes.Count + 1);
        foreach (var change in Enumerable.Reverse(_changes).Take(lost)) change.Undo();
        _unflushed.Clear();
        _changes.Clear();
        _safe.Clear();
    }

    public override Stream Create(string path)
    {
        var undo = Kept(path);
        var file = base.Create(path);
        Note(path, undo);
        return Watch(file, path, 0);
    }

    public override Stream OpenAppend(string path)
    {
        var there = File.Exists(path) ? new FileInfo(path).Length : -1;
        var file = base.OpenAppend(path);
        if (there < 0) Note(path, () => Remove(path));
        return Watch(file, path, Math.Max(there, 0));
    }

    private Stream Watch(Stream file, string path, long safe)
    {
        if (!_watching) return file;
        _open[file] = path;
        _safe.Remove(path);
        _unflushed.TryAdd(path, safe);
        return file;
    }

    public override void Flush(Stream file)
    {
        base.Flush(file);
        if (!_open.Remove(file, out var path)) return;
        _unflushed.Remove(path);
        _safe.Add(path);
    }

    public override void FlushAll(string folder)
    {
        base.FlushAll(folder);
        _unflushed.Clear();
        _changes.Clear();
    }

    public override void FlushFolder(string folder)
    {
        base.FlushFolder(folder);
        _changes.RemoveAll(change => change.Folder == folder);
    }

    public override void Rename(string from, string to)
    {
        var undo = Kept(to);
        base.Rename(from, to);
        if (!_watching) return;
        if (_unflushed.Remove(from, out var safe)) _unflushed[to] = safe;
        else if (!_safe.Remove(from) && File.Exists(to)) _unflushed[to] = 0;
        Note(to, () =>
        {
            if (!Path.Exists(to) || !Directory.Exists(Path.GetDirectoryName(from))) return;
            Directory.Move(to, from); // a file too
            undo();
        });
    }

    public override void Delete(string path)
    {
        var undo = Kept(path);
        base.Delete(path);
        Note(path, undo);
    }

    public override void CreateFolder(string path)
    {
        var there = Directory.Exists(path);
        base.CreateFolder(path);
        if (!there) Note(path, () => { if (Directory.Exists(path)) Directory.Delete(path, recursive: true); });
    }

    public override void Link(string from, string to)
    {
        base.Link(from, to);
        Note(to, () => Remove(to));
    }

    private static void Remove(string path)
    {
        if (File.Exists(path)) File.Delete(path);
    }

    private void Note(string path, Action undo)
    {
        if (_watching) _changes.Add(new Change(Path.GetDirectoryName(path)!, undo));
    }

    /// <summary>Puts back what stands at a path now.</summary>
    private Action Kept(string path)
    {
        if (!_watching) return () => { };
        if (!File.Exists(path)) return () => Remove(path);
        var (bytes, mode) = (File.ReadAllBytes(path), File.GetUnixFileMode(path));
        return () =>
        {
            if (!Directory.Exists(Path.GetDirectoryName(path))) return;
            File.Delete(path);
            File.WriteAllBytes(path, bytes);
            File.SetUnixFileMode(path, mode);
        };
    }
}
