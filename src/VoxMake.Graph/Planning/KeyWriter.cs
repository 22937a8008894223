using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VoxMake.Protocol;

namespace VoxMake.Graph.Planning;

/// <summary>
/// Makes a key (DESIGN 4): SHA-256 over parts that are each written with their length, so that no two lists of parts are the same bytes.
/// </summary>
public sealed class KeyWriter : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private Utf8JsonWriter? _json;

    public KeyWriter Text(string text)
    {
        var count = Encoding.UTF8.GetByteCount(text);
        Length(count);
        Encoding.UTF8.GetBytes(text, _buffer.GetSpan(count));
        _buffer.Advance(count);
        return Spill();
    }

    public KeyWriter Number(long number)
    {
        Length(8);
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(8), number);
        _buffer.Advance(8);
        return this;
    }

    public KeyWriter Digest(Digest digest)
    {
        Length(Protocol.Digest.Size);
        digest.CopyTo(_buffer.GetSpan(Protocol.Digest.Size));
        _buffer.Advance(Protocol.Digest.Size);
        return Spill();
    }

    /// <summary>Columns in their canonical form.</summary>
    public KeyWriter Columns(Columns columns)
    {
        Number(columns.Count);
        for (var i = 0; i < columns.Count; i++) Text(columns[i].Key).Number((long)columns[i].Value.Kind).Text(columns[i].Value.ToString());
        return this;
    }

    /// <summary>JSON that is canonical already, such as a memory.</summary>
    public KeyWriter Json(JsonElement? json)
    {
        if (json is null) return Number(-1);
        var bytes = new ArrayBufferWriter<byte>();
        _json ??= new Utf8JsonWriter(bytes);
        _json.Reset(bytes);
        json.Value.WriteTo(_json);
        _json.Flush();
        return Text(Encoding.UTF8.GetString(bytes.WrittenSpan));
    }

    /// <summary>The key; the writer starts anew.</summary>
    public Digest Finish()
    {
        _hash.AppendData(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
        Span<byte> hash = stackalloc byte[Protocol.Digest.Size];
        _hash.GetHashAndReset(hash);
        return Protocol.Digest.FromBytes(hash);
    }

    private void Length(int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.GetSpan(4), length);
        _buffer.Advance(4);
    }

    private KeyWriter Spill()
    {
        if (_buffer.WrittenCount < 1 << 16) return this;
        _hash.AppendData(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
        return this;
    }

    public void Dispose()
    {
        _hash.Dispose();
        _json?.Dispose();
    }
}
