using System.Security.Cryptography;
using System.Text.Json;
using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>Reads and writes lists of rows: a blob of JSON lines, sorted by id (ordinal).</summary>
public sealed class RowFiles(IDisk disk, BlobStore blobs)
{
    /// <summary>The rows of a blob. The content is checked against the digest while it is read.</summary>
    /// <exception cref="DamagedCacheException">The blob is missing or damaged.</exception>
    public IReadOnlyList<Row> Read(Digest digest)
    {
        var content = blobs.Read(digest);
        var rows = new List<Row>();
        for (ReadOnlySpan<byte> rest = content; rest.Length > 0;)
        {
            var end = rest.IndexOf((byte)'\n');
            rows.Add(JsonSerializer.Deserialize(rest[..end], StorageJson.Default.Row)!);
            rest = rest[(end + 1)..];
        }
        return rows;
    }

    /// <summary>The rows that differ between two blobs, by id: as they were (null: added) and as they are (null: removed).</summary>
    /// <exception cref="DamagedCacheException">A blob is missing or damaged.</exception>
    public IReadOnlyList<(Row? Before, Row? Now)> Changes(Digest before, Digest now) =>
        before == now ? [] : LineDifference.Of(blobs.Read(before), blobs.Read(now), StorageJson.Default.Row, static row => row.Id);

    /// <summary>Writes rows, which are sorted here.</summary>
    /// <exception cref="VoxException">Two rows have one id.</exception>
    public Digest Write(List<Row> rows, string workFolder)
    {
        rows.Sort(static (a, b) => string.CompareOrdinal(a.Id, b.Id));
        for (var i = 1; i < rows.Count; i++)
            if (rows[i].Id == rows[i - 1].Id) throw new VoxException($"two items have the id '{rows[i].Id}'") { ExitCode = ExitCode.Failed };
        var path = Path.Combine(workFolder, "rows.tmp");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var file = disk.Create(path))
        {
            var buffer = new System.Buffers.ArrayBufferWriter<byte>(1 << 17);
            using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
            for (var i = 0; i <= rows.Count; i++)
            {
                if (i < rows.Count)
                {
                    JsonSerializer.Serialize(json, rows[i], StorageJson.Default.Row);
                    json.Flush();
                    json.Reset();
                    buffer.GetSpan(1)[0] = (byte)'\n';
                    buffer.Advance(1);
                }
                if (buffer.WrittenCount < 1 << 16 && i < rows.Count) continue;
                hash.AppendData(buffer.WrittenSpan);
                file.Write(buffer.WrittenSpan);
                buffer.ResetWrittenCount();
            }
        }
        Span<byte> bytes = stackalloc byte[Digest.Size];
        hash.GetHashAndReset(bytes);
        var digest = Digest.FromBytes(bytes);
        blobs.Import(path, digest);
        return digest;
    }
}
