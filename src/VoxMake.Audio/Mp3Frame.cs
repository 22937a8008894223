using System.Buffers.Binary;

namespace VoxMake.Audio;

/// <summary>Headers of MPEG audio layer III frames (ISO 11172-3, 2.4.2.3), as far as they are needed to tell mp3 from chance and a stated length from a guess.</summary>
internal static class Mp3Frame
{
    /// <summary>Tags that may stand after the sound (ID3v1, APE); more than this is more sound.</summary>
    private const int TrailingTags = 4096;

    private static ReadOnlySpan<short> Kilobits1 => [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    private static ReadOnlySpan<short> Kilobits2 => [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    private static ReadOnlySpan<ushort> Rates => [44100, 48000, 32000];

    /// <summary>
    /// Whether a frame begins here and, where the bytes reach that far, another one where it ends: eleven bits of sync alone are too common.
    /// </summary>
    public static bool Begins(ReadOnlySpan<byte> head)
    {
        if (Bytes(head) is not { } bytes) return false;
        return head.Length < bytes + 4 || Bytes(head[bytes..]) is not null;
    }

    /// <summary>
    /// Whether the first frame is a Xing or Info frame that gives the number of frames and bytes, and the file is no longer than it says (two files
    /// joined are).
    /// </summary>
    public static bool StatesLength(ReadOnlySpan<byte> stream, long streamBytes)
    {
        if (Bytes(stream) is null) return false;
        var (first, mono, checksum) = ((stream[1] & 8) != 0, stream[3] >> 6 == 3, (stream[1] & 1) == 0);
        var at = 4 + (first ? mono ? 17 : 32 : mono ? 9 : 17) + (checksum ? 2 : 0); // header, side information
        if (stream.Length < at + 16 || !stream[at..].StartsWith("Xing"u8) && !stream[at..].StartsWith("Info"u8)) return false;
        const uint framesAndBytes = 3;
        return (BinaryPrimitives.ReadUInt32BigEndian(stream[(at + 4)..]) & framesAndBytes) == framesAndBytes
            && streamBytes <= BinaryPrimitives.ReadUInt32BigEndian(stream[(at + 12)..]) + TrailingTags;
    }

    /// <summary>Bytes of the frame that begins here; null if none does.</summary>
    private static int? Bytes(ReadOnlySpan<byte> head)
    {
        if (head.Length < 4) return null;
        var bits = BinaryPrimitives.ReadUInt32BigEndian(head);
        var (version, layer, bitrate, rate, padding) = (bits >> 19 & 3, bits >> 17 & 3, (int)(bits >> 12 & 15), (int)(bits >> 10 & 3), (int)(bits >> 9 & 1));
        const uint layer3 = 1;
        if (bits >> 21 != 0x7FF || version == 1 || layer != layer3 || bitrate is 0 or 15 || rate == 3) return null;
        var first = version == 3;
        var hertz = Rates[rate] >> (first ? 0 : version == 2 ? 1 : 2);
        return (first ? 144 : 72) * 1000 * (first ? Kilobits1 : Kilobits2)[bitrate] / hertz + padding;
    }
}
