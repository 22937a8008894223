using System.IO.Compression;
using System.Text;

namespace VoxMake.Speech.Recognition.Guards;

/// <summary>How much a text repeats itself (Whisper's utils.compression_ratio).</summary>
public static class TextCompression
{
    /// <summary>Bytes of the text in UTF-8 by those that zlib makes of them at its usual level; 0 of an empty text.</summary>
    public static double Ratio(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length == 0) return 0;
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(bytes);
        return (double)bytes.Length / packed.Length;
    }
}
