using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace VoxMake.Audio;

/// <summary>Wave files made in memory: the plain 44-byte header and then the samples, so that the same samples are always the same bytes.</summary>
public static class WavWriter
{
    /// <summary>Bytes before the first sample.</summary>
    public const int HeaderBytes = 44;

    /// <summary>Bytes of a whole file.</summary>
    /// <exception cref="AudioFormatException">It would not fit a RIFF file (4 GB), <see cref="Reject.TooLong"/>.</exception>
    public static int FileBytes(AudioFormat format, long frames)
    {
        var bytes = HeaderBytes + frames * format.FrameBytes;
        return bytes <= Array.MaxLength ? (int)bytes : throw new AudioFormatException(Reject.TooLong, $"{frames} samples make {bytes} bytes; one clip has at most {Array.MaxLength}");
    }

    /// <summary>A whole 16-bit file of one channel; what is louder than full scale is clipped.</summary>
    /// <param name="samples">Full scale is ±1.</param>
    public static byte[] Mono16(ReadOnlySpan<float> samples, int sampleRate)
    {
        var format = new AudioFormat("wav pcm_16", SampleEncoding.Signed16, sampleRate, 1);
        var file = new byte[FileBytes(format, samples.Length)];
        WriteHeader(file, format, samples.Length);
        SampleConversion.ToSigned16(samples, 1, MemoryMarshal.Cast<byte, short>(file.AsSpan(HeaderBytes)));
        return file;
    }

    /// <summary>Writes the header of a file with that many samples a channel, stored as the format says.</summary>
    public static void WriteHeader(Span<byte> file, AudioFormat format, long frames)
    {
        var data = checked((uint)(frames * format.FrameBytes));
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt32LittleEndian(file[4..], data + HeaderBytes - 8);
        "WAVEfmt "u8.CopyTo(file[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(file[16..], 16);
        BinaryPrimitives.WriteUInt16LittleEndian(file[20..], (ushort)(AudioFormat.IsFloat(format.Stored) ? 3 : 1));
        BinaryPrimitives.WriteUInt16LittleEndian(file[22..], (ushort)format.Channels);
        BinaryPrimitives.WriteUInt32LittleEndian(file[24..], (uint)format.SampleRate);
        BinaryPrimitives.WriteUInt32LittleEndian(file[28..], (uint)(format.SampleRate * format.FrameBytes));
        BinaryPrimitives.WriteUInt16LittleEndian(file[32..], (ushort)format.FrameBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(file[34..], (ushort)(8 * AudioFormat.BytesOf(format.Stored)));
        "data"u8.CopyTo(file[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(file[40..], data);
    }
}
