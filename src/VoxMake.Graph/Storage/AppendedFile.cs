using Microsoft.Win32.SafeHandles;

namespace VoxMake.Graph.Storage;

/// <summary>How far a file of rows was read: enough to know it again.</summary>
/// <param name="Inode">The file's number; 0 if there is none.</param>
/// <param name="End">Where its last row ends; 0 if not even the version line is whole.</param>
/// <param name="LastRow">Where its last row begins; 0 if it has none.</param>
/// <param name="LastHead">Length and checksum of that row.</param>
internal readonly record struct RowsMark(ulong Inode, long End, long LastRow, ulong LastHead)
{
    /// <summary>The same with one row more.</summary>
    public RowsMark With(ulong head) => this with { LastRow = End, LastHead = head, End = End + RowReader.HeadSize + (uint)head };
}

/// <summary>
/// A file that grows by whole rows: a version line, then for each row its length, a checksum (CRC-32C) and its bytes. Cut at any byte, it loads up
/// to the last whole row and the next append goes on from there. Several processes may append: each takes the lock beside the file. One may also write it anew with fewer rows: the others
/// notice when they append.
/// </summary>
internal sealed class AppendedFile
{
    private readonly IDisk _disk;
    private readonly string _path;
    private readonly byte[] _versionLine;
    private readonly Func<SafeFileHandle?, RowsMark, RowsMark>? _opened;
    private SafeFileHandle? _file;
    private bool _folderFlushed;

    /// <param name="opened">
    /// Called when another file than before stands at the path, also at first: rows handed out earlier count no more. It is told the file (null if there is none any longer) and where its rows
    /// begin, and answers from where on it wants them.
    /// </param>
    public AppendedFile(IDisk disk, string path, string kind, int version, Func<SafeFileHandle?, RowsMark, RowsMark>? opened = null)
    {
        (_disk, _path, _opened) = (disk, path, opened);
        _versionLine = System.Text.Encoding.ASCII.GetBytes($"voxmake {kind} {version}\n");
    }

    /// <summary>How far it was read.</summary>
    public RowsMark Mark { get; private set; }

    /// <summary>Waits until no other process appends, and keeps them waiting until it is disposed of.</summary>
    public IDisposable Lock() => FileLock.Wait(_path + ".lock");

    /// <summary>
    /// Hands every row that was not handed out yet, with its offset, to <paramref name="row"/>; it holds during the call. True if something after the last whole row was left out.
    /// </summary>
    /// <exception cref="VoxException">The file is of another version.</exception>
    public bool ReadNew(Action<long, ReadOnlyMemory<byte>> row)
    {
        if (_disk.Stat(_path) is not { } stat)
        {
            if (_file is not null) Begin(null, default);
            return false;
        }
        if (_file is null || stat.Inode != Mark.Inode || stat.Size < Mark.End || Mark.End == 0) Open(stat);
        if (stat.Size <= Mark.End) return false;
        var reader = new RowReader(_file!, (int)Math.Min(stat.Size - Mark.End, RowReader.Wide));
        while (Mark.End > 0 && reader.TryRead(Mark.End, out var content))
        {
            row(Mark.End, content);
            Mark = Mark.With(reader.Head);
        }
        return Mark.End < stat.Size;
    }

    /// <summary>Adds rows and waits until they are on the disk. <paramref name="others"/> gets rows that other processes added meanwhile.</summary>
    /// <returns>The offset of the first of them; they follow each other.</returns>
    public long Append(IReadOnlyList<ReadOnlyMemory<byte>> rows, Action<long, ReadOnlyMemory<byte>> others)
    {
        using var _ = Lock();
        var torn = ReadNew(others);
        if (Mark.End == 0) Start();
        else if (torn) _disk.Truncate(_path, Mark.End);
        using (var file = _disk.OpenAppend(_path))
        {
            foreach (var row in rows) RowReader.Write(file, row.Span);
            _disk.Flush(file);
        }
        if (!_folderFlushed) _disk.FlushFolder(Path.GetDirectoryName(_path)!); // whoever made the file may have been stopped before it did
        _folderFlushed = true;
        var start = Mark.End;
        foreach (var row in rows) Mark = Mark.With(RowReader.HeadOf(row.Span));
        return start;
    }

    /// <summary>Writes the file anew with these rows alone, so that after a crash it is there as before or as now. The caller holds <see cref="Lock"/>, and has read all there is.</summary>
    public void Rewrite(IEnumerable<ReadOnlyMemory<byte>> rows) => _disk.WriteWhole(_path, file =>
    {
        file.Write(_versionLine);
        foreach (var row in rows) RowReader.Write(file, row.Span);
    });

    /// <summary>Has all rows handed out again by the next <see cref="ReadNew"/>.</summary>
    public void StartAgain() => Mark = default;

    /// <summary>Makes the file, in place of one whose version line is not whole.</summary>
    private void Start()
    {
        using (var file = _disk.Create(_path)) file.Write(_versionLine);
        Open(_disk.Stat(_path) ?? throw new IOException($"{_path} was removed while it was written"));
    }

    private void Open(FileStat stat)
    {
        var file = _disk.OpenRandom(_path);
        Span<byte> line = stackalloc byte[_versionLine.Length];
        line = line[..RandomAccess.Read(file, line, 0)];
        if (!line.SequenceEqual(_versionLine.AsSpan(0, line.Length)))
            throw new VoxException($"{_path}: it is not '{System.Text.Encoding.ASCII.GetString(_versionLine).Trim()}'")
            {
                Try = "it was written by another version of VoxMake; move it away to start anew (results in the cache are then looked at again)",
            };
        Begin(file, new RowsMark(stat.Inode, line.Length < _versionLine.Length ? 0 : line.Length, 0, 0));
    }

    private void Begin(SafeFileHandle? file, RowsMark mark) => (Mark, _file, _folderFlushed) = (_opened?.Invoke(file, mark) ?? mark, file, false);
}
