using System.Text.Json;
using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>
/// Key → record, for every item action ever done: <c>.vox/cache/records</c>. Loaded only when something may have to run. A later row for a key replaces an
/// earlier one.
/// </summary>
public sealed class RecordIndex
{
    private readonly AppendedFile _file;
    private readonly Dictionary<Digest, ReadOnlyMemory<byte>> _rows = [];
    private bool _loaded;

    public RecordIndex(IDisk disk, string path) => _file = new AppendedFile(disk, path, "records", 1);

    /// <summary>What an action came to, or null if it was never done.</summary>
    public Record? Find(Digest key)
    {
        Load();
        return _rows.TryGetValue(key, out var json) ? JsonSerializer.Deserialize(json.Span, StorageJson.Default.Record) : null;
    }

    /// <summary>Every record in force.</summary>
    public IEnumerable<(Digest Key, Record Record)> All()
    {
        Load();
        foreach (var (key, json) in _rows) yield return (key, JsonSerializer.Deserialize(json.Span, StorageJson.Default.Record)!);
    }

    /// <summary>Adds records and waits until they are on the disk; their blobs must be there already.</summary>
    public void Add(IReadOnlyList<(Digest Key, Record Record)> records)
    {
        if (records.Count == 0) return;
        Load();
        var rows = new List<ReadOnlyMemory<byte>>(records.Count);
        foreach (var (key, record) in records)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(record, StorageJson.Default.Record);
            var row = new byte[Digest.Size + json.Length];
            key.CopyTo(row);
            json.CopyTo(row, Digest.Size);
            rows.Add(row);
        }
        _file.Append(rows, Keep);
        foreach (var row in rows) Keep(row);
    }

    private void Load()
    {
        if (_loaded) return;
        _file.ReadNew(Keep);
        _loaded = true;
    }

    private void Keep(ReadOnlyMemory<byte> row)
    {
        if (row.Length > Digest.Size) _rows[Digest.FromBytes(row.Span[..Digest.Size])] = row[Digest.Size..];
    }
}
