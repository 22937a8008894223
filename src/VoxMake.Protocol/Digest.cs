using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.Protocol;

/// <summary>A SHA-256 digest. Written as 64 lower-case hexadecimal digits.</summary>
[JsonConverter(typeof(DigestJsonConverter))]
public readonly record struct Digest(ulong A, ulong B, ulong C, ulong D) : IComparable<Digest>
{
    /// <summary>Bytes of a digest.</summary>
    public const int Size = 32;

    /// <summary>The digest of <paramref name="bytes"/>.</summary>
    public static Digest Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(bytes, hash);
        return FromBytes(hash);
    }

    /// <summary>The digest of what is left of <paramref name="stream"/>.</summary>
    public static Digest Of(Stream stream)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(stream, hash);
        return FromBytes(hash);
    }

    /// <summary>The digest of a file's content.</summary>
    public static Digest OfFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        return Of(stream);
    }

    /// <summary>Takes exactly <see cref="Size"/> bytes as they stand.</summary>
    public static Digest FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size) throw new ArgumentException($"a digest has {Size} bytes, not {bytes.Length}");
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        return new Digest(words[0], words[1], words[2], words[3]);
    }

    /// <summary>Writes the <see cref="Size"/> bytes of this digest.</summary>
    public void CopyTo(Span<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        (words[0], words[1], words[2], words[3]) = (A, B, C, D);
    }

    /// <summary>Reads 64 hexadecimal digits; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out Digest digest)
    {
        digest = default;
        if (hex.Length != 2 * Size) return false;
        Span<byte> bytes = stackalloc byte[Size];
        if (Convert.FromHexString(hex, bytes, out _, out var written) != System.Buffers.OperationStatus.Done || written != Size) return false;
        digest = FromBytes(bytes);
        return true;
    }

    /// <summary>Reads 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is no digest.</exception>
    public static Digest Parse(ReadOnlySpan<char> hex) =>
        TryParse(hex, out var digest) ? digest : throw new FormatException($"'{hex}' is no SHA-256 digest (64 hexadecimal digits)");

    /// <summary>The first 12 hexadecimal digits, for people.</summary>
    public string Short => ToString()[..12];

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <inheritdoc/>
    public int CompareTo(Digest other)
    {
        Span<byte> a = stackalloc byte[Size], b = stackalloc byte[Size];
        CopyTo(a);
        other.CopyTo(b);
        return a.SequenceCompareTo(b);
    }
}

/// <summary>Writes a digest as hexadecimal text.</summary>
public sealed class DigestJsonConverter : JsonConverter<Digest>
{
    public override Digest Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        Span<char> hex = stackalloc char[2 * Digest.Size];
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length != hex.Length || reader.ValueIsEscaped)
            throw new JsonException("expected a SHA-256 digest (64 hexadecimal digits)");
        reader.CopyString(hex);
        return Digest.TryParse(hex, out var digest) ? digest : throw new JsonException("expected a SHA-256 digest (64 hexadecimal digits)");
    }

    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    public override Digest ReadAsPropertyName(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => Digest.Parse(reader.GetString());

    public override void WriteAsPropertyName(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) => writer.WritePropertyName(value.ToString());
}
