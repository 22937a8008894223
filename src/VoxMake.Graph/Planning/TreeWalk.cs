using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Unicode;
using VoxMake.Graph.Storage;

namespace VoxMake.Graph.Planning;

/// <summary>
/// Goes through a folder on all threads: lists it, asks the kernel about every file, and compares with an index. Threads beyond the first are started as work comes up that they can take, since
/// most folders are gone through sooner than a thread starts.
/// </summary>
internal sealed class TreeWalk(IDisk disk, FileTree tree, TreeIndex index, int threads)
{
    private const int Deepest = 64;
    private const int MostOpen = 256; // parts of some hundred names; a folder of millions is not listed far ahead of those who ask about its files

    private readonly Stack<Part> _open = [];
    private readonly List<Thread> _helpers = [];
    private readonly List<FoundFile> _found = [];
    private readonly List<(string Path, string Why)> _left = [];
    private int _busy;
    private ExceptionDispatchInfo? _fault;

    /// <summary>A folder, and the way up to the root.</summary>
    /// <param name="Path">Relative to the root; empty for the root itself.</param>
    private sealed record Folder(Folder? Above, string Path, FileStat Stat, int Depth);

    /// <summary>What one thread does at a time: a folder is listed (null), or some of its names are looked at.</summary>
    private sealed record Part(Folder Folder, FolderNames? Names);

    /// <summary>The files that the index does not know as they stand, sorted by path.</summary>
    public IReadOnlyList<FoundFile> Found => _found;

    /// <summary>What is left out, by path, and why.</summary>
    public IReadOnlyList<(string Path, string Why)> Left => _left;

    /// <param name="root">Of the tree's root.</param>
    /// <exception cref="VoxException">A folder may not be read, or folders lie too deep.</exception>
    public void Go(FileStat root)
    {
        index.Begin();
        _open.Push(new Part(new Folder(null, "", root, 0), null));
        _busy = 1;
        Work();
        foreach (var helper in _helpers) helper.Join();
        _fault?.Throw();
        _found.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        FoundFile? last = null;
        _found.RemoveAll(file => // a folder that changes while it is listed may name a file twice
        {
            var twice = file.Path == last?.Path;
            last = file;
            return twice;
        });
        _left.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
    }

    private void Work()
    {
        var found = new List<FoundFile>();
        try
        {
            while (Take() is { } part)
                if (part.Names is null) List(part.Folder, found);
                else Look(part.Folder, part.Names, found);
        }
        catch (Exception error)
        {
            lock (_open)
            {
                _fault ??= ExceptionDispatchInfo.Capture(error);
                Monitor.PulseAll(_open);
            }
        }
        lock (_found) _found.AddRange(found);
    }

    /// <summary>The next thing to do; null when all is done, or something failed.</summary>
    private Part? Take()
    {
        lock (_open)
        {
            _busy--;
            while (_fault is null && _open.Count == 0 && _busy > 0) Monitor.Wait(_open);
            if (_fault is null && _open.TryPop(out var part))
            {
                _busy++;
                return part;
            }
            Monitor.PulseAll(_open);
            return null;
        }
    }

    /// <summary>Leaves something to whoever is free; false if so much is open that it is better done at once.</summary>
    private bool Leave(Part part)
    {
        lock (_open)
        {
            if (part.Names is not null && _open.Count >= MostOpen) return false;
            _open.Push(part);
            if (_open.Count > 1 && _helpers.Count < threads - 1)
            {
                _busy++;
                var helper = new Thread(Work) { IsBackground = true };
                _helpers.Add(helper);
                helper.Start();
            }
            else Monitor.Pulse(_open);
            return true;
        }
    }

    private void List(Folder folder, List<FoundFile> found)
    {
        FolderNames? last = null;
        try
        {
            foreach (var names in disk.ListNames(folder.Path == "" ? tree.Root : tree.Root + "/" + folder.Path))
            {
                if (last is not null && !Leave(new Part(folder, last))) Look(folder, last, found);
                last = names;
            }
        }
        catch (UnauthorizedAccessException) { throw new VoxException($"{tree.Root}/{folder.Path}: this folder may not be read") { Try = "allow it (chmod u+rx), or take it out" }; }
        if (last is not null) Look(folder, last, found);
    }

    private void Look(Folder folder, FolderNames names, List<FoundFile> found)
    {
        var start = Encoding.UTF8.GetBytes(folder.Path == "" ? tree.Root + "/" : $"{tree.Root}/{folder.Path}/");
        var below = Encoding.UTF8.GetByteCount(tree.Root) + 1;
        var path = new byte[start.Length + FolderNames.LongestName];
        start.CopyTo(path, 0);
        for (var at = 0; names.Next(ref at, out var kind, out var name);)
        {
            if (name[0] == '.' || (kind == NameKind.File && !IsWanted(name))) continue;
            name.CopyTo(path.AsSpan(start.Length));
            var whole = path.AsSpan(0, start.Length + name.Length);
            var stat = disk.Stat(whole);
            if (stat is { IsFile: true } file && index.Meets(whole[below..], file)) continue;
            if (stat is not { IsFolder: true } && (kind == NameKind.Folder || !IsWanted(name))) continue;

            var inner = Encoding.UTF8.GetString(whole[below..]);
            if (!Utf8.IsValid(name)) LeaveOut(inner, "its name is not UTF-8");
            else if (stat is { IsFolder: true } within) Enter(folder, inner, within);
            else if (stat is { IsFile: true } fresh) found.Add(new FoundFile(inner, fresh));
            else LeaveOut(inner, TreeLooker.NoFile);
        }
    }

    private void Enter(Folder above, string path, in FileStat stat)
    {
        for (var outer = above; outer is not null; outer = outer.Above)
            if ((outer.Stat.Device, outer.Stat.Inode) == (stat.Device, stat.Inode))
            {
                LeaveOut(path, "a link leads back up to a folder that it lies in");
                return;
            }
        if (above.Depth + 1 >= Deepest) throw new VoxException($"{tree.Root}/{path}: folders lie more than {Deepest} deep") { Try = "is it the right folder?" };
        Leave(new Part(new Folder(above, path, stat, above.Depth + 1), null));
    }

    private bool IsWanted(ReadOnlySpan<byte> name) => tree.Endings is null || tree.Endings.Contains(Path.GetExtension(Encoding.UTF8.GetString(name)).ToLowerInvariant());

    private void LeaveOut(string path, string why)
    {
        lock (_left) _left.Add((path, why));
    }
}
