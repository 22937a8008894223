using System.Buffers.Binary;
using System.Text;

namespace VoxMake.Torch.Tests.Weights;

/// <summary>Pickles opcode by opcode.</summary>
internal sealed class PickleBytes
{
    private readonly List<byte> _bytes;

    public PickleBytes(byte protocol = 2) => _bytes = [0x80, protocol];

    /// <summary>The pickle of one tensor of a storage of floats: [('a', tensor)] as a dict.</summary>
    public static PickleBytes Tensor(string key = "0", int elements = 4, int offset = 0, int[]? size = null, int[]? stride = null, string storage = "FloatStorage") =>
        new PickleBytes().Op("}").Text("a").Rebuild(key, elements, offset, size ?? [4], stride ?? [1], storage).Op("s");

    public PickleBytes Rebuild(string key = "0", int elements = 4, int offset = 0, int[]? size = null, int[]? stride = null, string storage = "FloatStorage") =>
        Global("torch._utils", "_rebuild_tensor_v2").Op("(").Storage(key, elements, storage).Int(offset).Tuple(size ?? [4]).Tuple(stride ?? [1]).Raw(0x89).Op("N").Op("tR");

    public PickleBytes Storage(string key, int elements, string type = "FloatStorage") =>
        Op("(").Text("storage").Global("torch", type).Text(key).Text("cpu").Int(elements).Op("tQ");

    public PickleBytes Tuple(int[] numbers)
    {
        Op("(");
        foreach (var number in numbers) Int(number);
        return Op("t");
    }

    public PickleBytes Global(string module, string name) => Op($"c{module}\n{name}\n");

    public PickleBytes Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Op("X").Raw(Little(bytes.Length)).Raw(bytes);
    }

    public PickleBytes Int(int number) => Op("J").Raw(Little(number));

    /// <summary>Opcodes whose code is a printable character.</summary>
    public PickleBytes Op(string codes) => Raw(Encoding.Latin1.GetBytes(codes));

    public PickleBytes Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>The pickle with its STOP.</summary>
    public byte[] Stop() => [.. _bytes, (byte)'.'];

    public static byte[] Little(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }
}
