using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>
/// Key → record, for every item action ever done: <c>.vox/cache/records</c>. A later row for a key replaces an earlier one. In memory is only where the rows lie that came since the map beside the
/// file (<see cref="RecordMap"/>) was written, so that it opens with millions of records nearly as fast as with none. When more than half of the file was replaced it is written anew without that.
/// Safe to call from several threads. Several processes may use one file; what others add is seen from the next <see cref="Add"/> or <see cref="All"/> on.
/// </summary>
public sealed class RecordIndex
{
    /// <summary>Rows after the map are read at every start. They may be this share of those in it.</summary>
    private const int RecentShare = 32;

    private readonly IDisk _disk;
    private readonly string _mapPath;
    private readonly AppendedFile _file;
    private readonly Lock _writing = new();
    private Contents _reading = new(null, null);
    private volatile Contents? _contents;
    private bool _mapIsDamaged;
    private long _upkeepFailedAt;

    public RecordIndex(IDisk disk, string path)
    {
        (_disk, _mapPath) = (disk, path + ".map");
        _file = new AppendedFile(disk, path, "records", 1, Opened);
    }

    /// <summary>Bytes of rows after the map that do not make it worth a new one.</summary>
    internal long RecentFloor { get; init; } = 4 << 20;

    /// <summary>Bytes up to which the file is not written anew, whatever was replaced.</summary>
    internal long CompactionFloor { get; init; } = 16 << 20;

    /// <summary>What an action came to; null if it was never done, or its row is damaged.</summary>
    public Record? Find(Digest key)
    {
        while (true)
        {
            var contents = _contents ?? Read();
            try
            {
                var place = contents.Find(RecordPlace.Of(key));
                return !place.IsNone && new RowReader(contents.File!, RowReader.Narrow).TryRead(place.Offset, out var row) && KeyOf(row) == key ? RecordOf(row) : null;
            }
            catch (InvalidDataException) { ReadWithoutMap(contents); }
        }
    }

    /// <summary>Every record in force, in the order of their rows; damaged rows are left out. What is added while it runs is not among them. It keeps 8 bytes for each record.</summary>
    public IEnumerable<(Digest Key, Record Record)> All()
    {
        Contents contents;
        long[] offsets;
        lock (_writing)
        {
            _file.ReadNew(Keep);
            _contents = contents = _reading;
            try { offsets = contents.Offsets(); }
            catch (InvalidDataException)
            {
                contents = ReadWithoutMap(contents);
                offsets = contents.Offsets();
            }
        }
        foreach (var row in contents.Rows(offsets))
            if (RecordOf(row) is { } record) yield return (KeyOf(row), record);
    }

    /// <summary>Adds records and waits until they are on the disk; their blobs must be there already.</summary>
    public void Add(IReadOnlyList<(Digest Key, Record Record)> records)
    {
        if (records.Count == 0) return;
        var rows = new List<ReadOnlyMemory<byte>>(records.Count);
        foreach (var (key, record) in records)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(record, StorageJson.Default.Record);
            var row = new byte[Digest.Size + json.Length];
            key.CopyTo(row);
            json.CopyTo(row, Digest.Size);
            rows.Add(row);
        }
        lock (_writing)
        {
            var at = _file.Append(rows, Keep);
            foreach (var row in rows)
            {
                Keep(at, row);
                at += RowReader.HeadSize + row.Length;
            }
            _contents = _reading;
            Upkeep();
        }
    }

    private Contents Read()
    {
        lock (_writing)
        {
            if (_contents is { } contents) return contents;
            _file.ReadNew(Keep);
            return _contents = _reading;
        }
    }

    /// <summary>Reads all rows, since the map that was believed is damaged; the next <see cref="Add"/> writes another.</summary>
    private Contents ReadWithoutMap(Contents believed)
    {
        lock (_writing)
        {
            if (_contents != believed) return _contents!; // another thread was first
            _mapIsDamaged = true;
            _file.StartAgain();
            _file.ReadNew(Keep);
            return _contents = _reading;
        }
    }

    /// <summary>Another file stands at the path: the map says from where on its rows are to be read, if it is this file's.</summary>
    private RowsMark Opened(SafeFileHandle? file, RowsMark start)
    {
        var map = file is null || _mapIsDamaged ? null : MapOf(file, start.Inode);
        _reading = new Contents(file, map);
        return map?.Mark ?? start;
    }

    /// <summary>The map beside a file; null if there is none, or if it is of another file, or of one that has been cut since.</summary>
    private RecordMap? MapOf(SafeFileHandle file, ulong inode)
    {
        try
        {
            var reader = new RowReader(file, RowReader.Narrow);
            if (RecordMap.Open(_disk, _mapPath) is not { } map || map.Mark.Inode != inode || !reader.TryRead(map.Mark.LastRow, out var _)) return null;
            return (map.Mark with { End = map.Mark.LastRow }).With(reader.Head) == map.Mark ? map : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException) { return null; }
    }

    private void Keep(long at, ReadOnlyMemory<byte> row)
    {
        if (row.Length <= Digest.Size) return;
        RecordPlace before;
        lock (_reading.Recent) before = _reading.Recent.Put(RecordPlace.Of(KeyOf(row), at));
        if (!before.IsNone && before.Offset != at) _reading.Replaced += _reading.BytesAt(before);
    }

    /// <summary>Writes a new map when many rows came since, and the file when much of it was replaced. Rows are safe without either, so a disk that fails here fails nothing.</summary>
    private void Upkeep()
    {
        var covered = Math.Max(_reading.Map?.Mark.End ?? 0, _upkeepFailedAt);
        if (_file.Mark.End - covered <= Math.Max(RecentFloor, covered / RecentShare)) return;
        using var _ = _file.Lock();
        try
        {
            _file.ReadNew(Keep);
            WriteMap();
            if (_file.Mark.End <= CompactionFloor || _reading.Replaced <= _file.Mark.End / 2) return;
            _file.Rewrite(_reading.Rows(_reading.Offsets()));
            _file.ReadNew(Keep);
            WriteMap();
        }
        catch (InvalidDataException) { ReadWithoutMap(_contents!); }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException) { _upkeepFailedAt = _file.Mark.End; }
    }

    private void WriteMap()
    {
        var replaced = _reading.Replaced;
        var places = _reading.Places(place => replaced += _reading.BytesAt(place));
        RecordMap.Write(_disk, _mapPath, _file.Mark, places, (_reading.Map?.Count ?? 0) + _reading.Recent.Count, () => replaced);
        if (RecordMap.Open(_disk, _mapPath) is not { } map) return;
        _mapIsDamaged = false;
        _contents = _reading = new Contents(_reading.File, map);
    }

    private static Digest KeyOf(ReadOnlyMemory<byte> row) => Digest.FromBytes(row.Span[..Digest.Size]);

    private static Record? RecordOf(ReadOnlyMemory<byte> row)
    {
        try { return JsonSerializer.Deserialize(row.Span[Digest.Size..], StorageJson.Default.Record); }
        catch (JsonException) { return null; }
    }

    /// <summary>One file of rows, and where they lie: by its map, and for those that came later by a table, which is locked while it is used.</summary>
    private sealed class Contents(SafeFileHandle? file, RecordMap? map)
    {
        private readonly RowReader? _heads = file is null ? null : new RowReader(file, RowReader.HeadSize);

        public SafeFileHandle? File => file;

        public RecordMap? Map => map;

        public PlaceTable Recent { get; } = new();

        /// <summary>Bytes of rows that later ones replaced. Recent rows that replace one in the map are not counted yet: to find that out costs a read each.</summary>
        public long Replaced { get; set; } = map?.Replaced ?? 0;

        public RecordPlace Find(RecordPlace key)
        {
            RecordPlace recent;
            lock (Recent) recent = Recent.Find(key);
            return recent.IsNone && map is not null ? map.Find(key) : recent;
        }

        /// <summary>Where each key's row lies, in the order of the keys; rows in the map that a recent one replaced go to <paramref name="replaced"/>.</summary>
        public IEnumerable<RecordPlace> Places(Action<RecordPlace>? replaced = null)
        {
            var recent = Recent.Sorted();
            var next = 0;
            foreach (var place in map?.Places() ?? [])
            {
                while (next < recent.Length && recent[next].Key <= place.Key) yield return recent[next++];
                if (Recent.Find(place).IsNone) yield return place;
                else replaced?.Invoke(place);
            }
            while (next < recent.Length) yield return recent[next++];
        }

        /// <summary>The offsets of the rows in force, in their order in the file.</summary>
        public long[] Offsets()
        {
            var offsets = new long[(map?.Count ?? 0) + Recent.Count];
            var count = 0;
            foreach (var place in Places()) offsets[count++] = place.Offset;
            Array.Resize(ref offsets, count);
            Array.Sort(offsets);
            return offsets;
        }

        /// <summary>The rows at some offsets, but for those that are damaged; each holds until the next.</summary>
        public IEnumerable<ReadOnlyMemory<byte>> Rows(long[] offsets)
        {
            if (file is null) yield break;
            var reader = new RowReader(file, RowReader.Wide);
            foreach (var at in offsets)
                if (reader.TryRead(at, out var row)) yield return row;
        }

        /// <summary>What a row takes in the file. Not for several threads at once.</summary>
        public long BytesAt(RecordPlace place) => _heads?.Size(place.Offset) is { } size ? RowReader.HeadSize + size : 0;
    }
}
