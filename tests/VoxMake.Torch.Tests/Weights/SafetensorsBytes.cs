using System.Buffers.Binary;
using System.Text;

namespace VoxMake.Torch.Tests.Weights;

/// <summary>Safetensors files byte by byte, also broken ones.</summary>
internal static class SafetensorsBytes
{
    /// <summary>A header and so many bytes 0, 1, 2, … of data.</summary>
    public static byte[] File(string header, int dataLength) => File(Encoding.UTF8.GetBytes(header), dataLength);

    public static byte[] File(byte[] header, int dataLength)
    {
        var bytes = new byte[8 + header.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, 8);
        for (var i = 0; i < dataLength; i++) bytes[8 + header.Length + i] = (byte)i;
        return bytes;
    }

    /// <summary>The refusal of a file of these bytes.</summary>
    public static WeightsException Refusal(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("attack.safetensors");
        System.IO.File.WriteAllBytes(path, bytes);
        var refusal = Assert.Throws<WeightsException>(() => SafetensorsFile.Open(path).Dispose());
        Assert.StartsWith($"{path}: ", refusal.Message, StringComparison.Ordinal);
        return refusal;
    }
}
