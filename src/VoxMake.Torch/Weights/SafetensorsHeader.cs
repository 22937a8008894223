using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;

namespace VoxMake.Torch.Weights;

/// <summary>
/// The header of a safetensors file: 8 bytes of length, then JSON {name: {dtype, shape, data_offsets: [begin, end]}}, offsets counted from the header's end. Reads strictly; where the
/// format's description and its reference reader differ, the stricter of both counts (docs/weights.md lists each rule).
/// </summary>
/// <param name="Entries">By offset in the file; without gaps or overlaps from the header's end to the file's.</param>
internal sealed record SafetensorsHeader(IReadOnlyList<TensorEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The reference's bound on the JSON's length.</summary>
    public const long LongestHeader = 100_000_000;

    public const string MetadataName = "__metadata__";

    /// <summary>The deepest is {name: {"shape": [; what lies deeper is refused by its place anyway.</summary>
    private const int DeepestNesting = 8;

    /// <summary>Reads and checks; a <see cref="WeightsException"/> names the broken rule.</summary>
    public static SafetensorsHeader Read(MappedFile file)
    {
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Slice(0, 8));
        if (length > LongestHeader) throw new WeightsException(file.Path, null, $"the header's length is {length}; at most {LongestHeader} bytes are allowed. Is this a safetensors file?");
        if ((long)length > file.Length - 8) throw new WeightsException(file.Path, null, $"the header's length is {length}, but only {file.Length - 8} bytes follow; was the download cut?");
        var json = file.Slice(8, (int)length);
        if (json.IsEmpty || json[0] != '{') throw new WeightsException(file.Path, null, "the header must begin with '{', without a space before it");
        if (!Utf8.IsValid(json)) throw new WeightsException(file.Path, null, "the header is not UTF-8");
        try
        {
            return new Parser(file.Path, 8 + (long)length, file.Length).Parse(json);
        }
        catch (JsonException error)
        {
            throw new WeightsException(file.Path, null, $"the header is not JSON: {error.Message}", error);
        }
        catch (InvalidOperationException error)
        {
            // Utf8JsonReader.GetString: an escaped half of a surrogate pair.
            throw new WeightsException(file.Path, null, $"the header holds text that is not Unicode: {error.Message}", error);
        }
    }

    private sealed class Parser(string path, long dataStart, long fileLength)
    {
        private readonly Dictionary<string, TensorEntry> _entries = [];
        private readonly Dictionary<string, string> _metadata = [];

        public SafetensorsHeader Parse(ReadOnlySpan<byte> json)
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DeepestNesting });
            reader.Read();
            var hasMetadata = false;
            while (NextName(ref reader) is { } name)
            {
                if (name == MetadataName)
                {
                    if (hasMetadata) throw Fault(null, "__metadata__ stands twice");
                    hasMetadata = true;
                    ReadMetadata(ref reader);
                }
                else if (!_entries.TryAdd(name, ReadEntry(ref reader, name))) throw Fault(name, "stands twice in the header; names must differ");
            }
            if (json[(int)reader.BytesConsumed..].IndexOfAnyExcept((byte)' ') >= 0) throw Fault(null, "the header's JSON is followed by something other than spaces");
            return new SafetensorsHeader(InOrder(), _metadata);
        }

        private void ReadMetadata(ref Utf8JsonReader reader)
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) throw Fault(null, "__metadata__ must be an object of texts");
            while (NextName(ref reader) is { } key)
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.String) throw Fault(null, $"__metadata__ {QuotedName.Of(key)} must be a text");
                if (!_metadata.TryAdd(key, reader.GetString()!)) throw Fault(null, $"__metadata__ has {QuotedName.Of(key)} twice");
            }
        }

        private TensorEntry ReadEntry(ref Utf8JsonReader reader, string name)
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) throw Fault(name, "must be an object with dtype, shape and data_offsets");
            DType? type = null;
            long[]? shape = null, offsets = null;
            while (NextName(ref reader) is { } field)
            {
                if (field is "dtype" && type is not null || field is "shape" && shape is not null || field is "data_offsets" && offsets is not null) throw Fault(name, $"has {field} twice");
                switch (field)
                {
                    case "dtype": type = ReadType(ref reader, name); break;
                    case "shape": shape = ReadNumbers(ref reader, name, field, TensorShape.MostDimensions); break;
                    case "data_offsets": offsets = ReadNumbers(ref reader, name, field, 2); break;
                    default: throw Fault(name, $"has the unknown field {QuotedName.Of(field)}; only dtype, shape and data_offsets are allowed");
                }
            }
            if (type is not { } dtype || shape is null || offsets is null)
                throw Fault(name, $"lacks {(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}");
            return Checked(name, dtype, shape, offsets);
        }

        private DType ReadType(ref Utf8JsonReader reader, string name)
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) throw Fault(name, "dtype must be a text");
            var text = reader.GetString()!;
            return DTypes.TryParse(text, out var type) ? type
                : throw Fault(name, $"unknown dtype {QuotedName.Of(text)}; known are {string.Join(", ", Enum.GetValues<DType>().Select(t => t.Name()))}");
        }

        private long[] ReadNumbers(ref Utf8JsonReader reader, string name, string field, int most)
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray) throw Fault(name, $"{field} must be a list of whole numbers");
            var numbers = new List<long>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                // "1.0", "1e3" and "-0" are numbers of JSON, but no sizes.
                if (reader.TokenType != JsonTokenType.Number || reader.ValueSpan.ContainsAnyExceptInRange((byte)'0', (byte)'9') || !reader.TryGetInt64(out var number))
                    throw Fault(name, $"{field} must hold whole numbers from 0 to 2^63 - 1");
                if (numbers.Count == most) throw Fault(name, field == "shape" ? $"shape has more than {most} dimensions" : $"{field} must hold {most} numbers");
                numbers.Add(number);
            }
            return [.. numbers];
        }

        private TensorEntry Checked(string name, DType type, long[] shape, long[] offsets)
        {
            if (offsets.Length != 2) throw Fault(name, $"data_offsets must be [begin, end], it has {offsets.Length} numbers");
            var (begin, end) = (offsets[0], offsets[1]);
            if (end < begin) throw Fault(name, $"data_offsets [{begin}, {end}] end before they begin");
            if (end > fileLength - dataStart) throw Fault(name, $"data_offsets end at {end}, but only {fileLength - dataStart} bytes follow the header; was the download cut?");
            if (!TensorShape.TryCount(shape, type.Size(), out var elements, out var rule)) throw Fault(name, rule);
            if (elements * type.Size() != end - begin)
                throw Fault(name, $"{type.Name()} {TensorShape.Text(shape)} takes {elements * type.Size()} bytes, data_offsets [{begin}, {end}] have {end - begin}");
            return new TensorEntry(name, type, shape, dataStart + begin, end - begin);
        }

        /// <summary>
        /// Sorts by offset and looks for gaps and overlaps. The header's own order says nothing: the reference sorts too, since its earlier versions wrote other orders.
        /// </summary>
        private TensorEntry[] InOrder()
        {
            TensorEntry[] sorted = [.. _entries.Values.OrderBy(entry => entry.ByteOffset).ThenBy(entry => entry.ByteLength)];
            var expected = dataStart;
            foreach (var entry in sorted)
            {
                if (entry.ByteOffset < expected) throw Fault(entry.Name, $"overlaps the tensor before it: begins at {entry.ByteOffset - dataStart}, which was used up to {expected - dataStart}");
                if (entry.ByteOffset > expected) throw Fault(entry.Name, $"leaves a hole before it: begins at {entry.ByteOffset - dataStart} instead of {expected - dataStart}");
                expected = entry.ByteOffset + entry.ByteLength;
            }
            return expected == fileLength ? sorted : throw Fault(null, $"{fileLength - expected} trailing bytes belong to no tensor");
        }

        /// <summary>The next name of the object at hand; null at its end.</summary>
        private static string? NextName(ref Utf8JsonReader reader)
        {
            reader.Read();
            return reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;
        }

        private WeightsException Fault(string? tensor, string rule) => new(path, tensor, rule);
    }
}
