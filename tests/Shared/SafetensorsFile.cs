using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace VoxMake.Tests;

/// <summary>
/// A safetensors file for tests that compare with golden vectors: 8 bytes of header length, a JSON header, then the tensors' bytes (F32, I64, I32, U8, little-endian).
/// Whatever does not fit throws an <see cref="InvalidDataException"/>: a test must not pass on a broken vector.
/// </summary>
internal sealed class SafetensorsFile
{
    private readonly Dictionary<string, Tensor> _tensors = [];
    private readonly byte[] _data;

    private sealed record Tensor(string Type, int[] Shape, int Start, int End);

    private SafetensorsFile(byte[] data, int dataStart, JsonElement header)
    {
        _data = data;
        foreach (var entry in header.EnumerateObject())
        {
            if (entry.Name == "__metadata__") continue;
            var type = entry.Value.GetProperty("dtype").GetString()!;
            int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(n => n.GetInt32())];
            var offsets = entry.Value.GetProperty("data_offsets");
            var (start, end) = (dataStart + offsets[0].GetInt32(), dataStart + offsets[1].GetInt32());
            Require(shape.All(n => n >= 0), $"{entry.Name} has a negative dimension");
            Require(start >= dataStart && end >= start && end <= data.Length, $"{entry.Name} lies outside of the file");
            Require(end - start == shape.Aggregate(1L, (a, b) => a * b) * SizeOf(type), $"{entry.Name} has {end - start} bytes for {type} [{string.Join(", ", shape)}]");
            Require(_tensors.TryAdd(entry.Name, new Tensor(type, shape, start, end)), $"{entry.Name} stands twice");
        }
        var expected = dataStart;
        foreach (var tensor in _tensors.Values.OrderBy(t => t.Start).ThenBy(t => t.End))
        {
            Require(tensor.Start == expected, $"a gap or an overlap at byte {expected}");
            expected = tensor.End;
        }
        Require(expected == data.Length, $"{data.Length - expected} bytes belong to no tensor");
    }

    /// <summary>Reads a whole file.</summary>
    public static SafetensorsFile Read(string path)
    {
        var data = File.ReadAllBytes(path);
        Require(data.Length >= 8, "shorter than 8 bytes");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(data);
        Require(length <= (ulong)(data.Length - 8), "the header is longer than the file");
        try
        {
            using var header = JsonDocument.Parse(data.AsMemory(8, (int)length));
            return new SafetensorsFile(data, 8 + (int)length, header.RootElement);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"the header is no JSON: {error.Message}");
        }
    }

    /// <summary>The tensors' names.</summary>
    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <summary>A tensor's dimensions.</summary>
    public IReadOnlyList<int> Shape(string name) => Find(name).Shape;

    /// <summary>A tensor of F32, row by row.</summary>
    public float[] Floats(string name) => Values<float>(name, "F32");

    /// <summary>A tensor of I64.</summary>
    public long[] Longs(string name) => Values<long>(name, "I64");

    /// <summary>A tensor of I32.</summary>
    public int[] Ints(string name) => Values<int>(name, "I32");

    /// <summary>A tensor of U8.</summary>
    public byte[] Bytes(string name) => Values<byte>(name, "U8");

    private T[] Values<T>(string name, string type) where T : unmanaged
    {
        var tensor = Find(name);
        Require(tensor.Type == type, $"{name} is {tensor.Type}, not {type}");
        return MemoryMarshal.Cast<byte, T>(_data.AsSpan(tensor.Start..tensor.End)).ToArray();
    }

    private Tensor Find(string name) => _tensors.GetValueOrDefault(name) ?? throw new InvalidDataException($"no tensor {name}; there are {string.Join(", ", _tensors.Keys.Take(20))}");

    private static int SizeOf(string type) => type switch
    {
        "F32" or "I32" => 4,
        "I64" or "F64" => 8,
        "U8" => 1,
        _ => throw new InvalidDataException($"tensors of {type} are not read here"),
    };

    private static void Require(bool holds, string otherwise)
    {
        if (!holds) throw new InvalidDataException(otherwise);
    }
}
