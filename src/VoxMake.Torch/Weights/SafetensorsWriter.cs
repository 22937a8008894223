using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace VoxMake.Torch.Weights;

/// <summary>
/// Writes safetensors files: the same tensors and metadata give the same bytes, in whatever order they come, and the very bytes that the reference (safetensors, tensor.rs,
/// <c>prepare</c>) writes: by falling alignment, then by name; compact JSON, padded with spaces to 8 bytes. Metadata is sorted by key; the reference leaves it in the order of a hash
/// table. The file appears whole or not at all.
/// </summary>
public static class SafetensorsWriter
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes a file, in place of an older one of that name.</summary>
    /// <param name="metadata">Texts for <c>__metadata__</c>; left out where there are none. Hugging Face's loaders want <c>format: pt</c>.</param>
    /// <exception cref="WeightsException">A name twice, a shape that does not fit, a source that gave too few or too many bytes, or a disk that would not.</exception>
    public static void Write(string path, IEnumerable<TensorSource> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var plan = Plan(path, tensors);
        var header = Header(path, plan, metadata);
        WholeFile.Write(path, file => Write(file, path, plan, header));
    }

    /// <summary>The bytes of a small file, for those who keep it themselves.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="metadata">As for <see cref="Write"/>.</param>
    /// <exception cref="WeightsException">A name twice, a shape that does not fit, or a source that gave too few or too many bytes.</exception>
    public static byte[] ToBytes(string name, IEnumerable<TensorSource> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var plan = Plan(name, tensors);
        var bytes = new MemoryStream();
        Write(bytes, name, plan, Header(name, plan, metadata));
        return bytes.ToArray();
    }

    private static void Write(Stream file, string path, List<Planned> plan, byte[] header)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        file.Write(length);
        file.Write(header);
        foreach (var tensor in plan)
        {
            var body = new CountedStream(file, tensor.ByteLength, most => new WeightsException(path, tensor.Source.Name, $"its source gave more than {most} bytes"));
            tensor.Source.WriteBytes(body);
            if (body.Written != tensor.ByteLength) throw new WeightsException(path, tensor.Source.Name, $"its source gave {body.Written} bytes of {tensor.ByteLength}");
        }
    }

    private sealed record Planned(TensorSource Source, byte[] Name, long ByteLength);

    private static List<Planned> Plan(string path, IEnumerable<TensorSource> tensors)
    {
        var plan = new List<Planned>();
        var names = new HashSet<string>();
        foreach (var source in tensors)
        {
            if (source.Name == SafetensorsHeader.MetadataName) throw new WeightsException(path, source.Name, "the name is the format's own");
            if (!names.Add(source.Name)) throw new WeightsException(path, source.Name, "stands twice; names must differ");
            if (!Enum.IsDefined(source.DType)) throw new WeightsException(path, source.Name, "unknown dtype");
            if (!TensorShape.TryCount(source.Shape, source.DType.Size(), out var elements, out var rule)) throw new WeightsException(path, source.Name, rule);
            plan.Add(new Planned(source, Utf8Of(path, source.Name), elements * source.DType.Size()));
        }
        plan.Sort((a, b) => a.Source.DType != b.Source.DType ? b.Source.DType.CompareTo(a.Source.DType) : a.Name.AsSpan().SequenceCompareTo(b.Name));
        return plan;
    }

    private static byte[] Header(string path, List<Planned> plan, IReadOnlyDictionary<string, string>? metadata)
    {
        var json = new StringBuilder("{");
        if (metadata is { Count: > 0 })
        {
            json.Append('"').Append(SafetensorsHeader.MetadataName).Append("\":{");
            var pairs = metadata.Select(pair => (Key: Utf8Of(path, pair.Key), Text: pair)).ToList();
            pairs.Sort((a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
            foreach (var (_, (key, text)) in pairs)
            {
                Utf8Of(path, text);
                AppendText(json, key);
                json.Append(':');
                AppendText(json, text);
                json.Append(',');
            }
            json.Length--;
            json.Append("},");
        }
        var offset = 0L;
        foreach (var tensor in plan)
        {
            if (tensor.ByteLength > long.MaxValue - SafetensorsHeader.LongestHeader - 8 - offset) throw new WeightsException(path, tensor.Source.Name, "all tensors together overflow 2^63 bytes");
            AppendText(json, tensor.Source.Name);
            json.Append(CultureInfo.InvariantCulture, $":{{\"dtype\":\"{tensor.Source.DType.Name()}\",\"shape\":[{string.Join(',', tensor.Source.Shape)}],\"data_offsets\":[{offset},{offset + tensor.ByteLength}]}},");
            offset += tensor.ByteLength;
        }
        if (json[^1] == ',') json.Length--;
        json.Append('}');
        var bytes = StrictUtf8.GetByteCount(json.ToString());
        json.Append(' ', (8 - bytes % 8) % 8);
        var header = StrictUtf8.GetBytes(json.ToString());
        return header.Length <= SafetensorsHeader.LongestHeader ? header
            : throw new WeightsException(path, null, $"the header would take {header.Length} bytes; at most {SafetensorsHeader.LongestHeader} are allowed");
    }

    /// <summary>As the reference's JSON library (serde_json) writes texts: only quotes, backslashes and control characters are escaped.</summary>
    private static void AppendText(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (var c in text)
        {
            switch (c)
            {
                case '"': json.Append("\\\""); break;
                case '\\': json.Append(@"\\"); break;
                case '\b': json.Append(@"\b"); break;
                case '\f': json.Append(@"\f"); break;
                case '\n': json.Append(@"\n"); break;
                case '\r': json.Append(@"\r"); break;
                case '\t': json.Append(@"\t"); break;
                case < ' ': json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                default: json.Append(c); break;
            }
        }
        json.Append('"');
    }

    private static byte[] Utf8Of(string path, string text)
    {
        try { return StrictUtf8.GetBytes(text); }
        catch (EncoderFallbackException error) { throw new WeightsException(path, null, $"{QuotedName.Of(text)} is not Unicode: half of a surrogate pair", error); }
    }

    /// <summary>Passes a tensor's bytes on and counts them; refuses more than were announced, before they can run into the next tensor.</summary>
    private sealed class CountedStream(Stream to, long most, Func<long, WeightsException> tooMany) : Stream
    {
        public long Written { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (buffer.Length > most - Written) throw tooMany(most);
            to.Write(buffer);
            Written += buffer.Length;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
        public override void Flush() { }
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => Written; set => throw new NotSupportedException(); }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
