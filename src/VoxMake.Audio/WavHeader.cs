using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace VoxMake.Audio;

/// <summary>
/// Where the samples of a RIFF or RF64 wave file lie (Microsoft "Multiple channel audio data and WAVE files"; EBU Tech 3306 for RF64). Nothing that it
/// claims is believed before the file's length agrees.
/// </summary>
/// <param name="Format">What it holds; <see cref="AudioFormat.Stored"/> is the file's own encoding.</param>
/// <param name="DataOffset">Byte of the first sample.</param>
/// <param name="Frames">Samples of one channel.</param>
public readonly record struct WavHeader(AudioFormat Format, long DataOffset, long Frames)
{
    private const int Pcm = 1, IeeeFloat = 3, Extensible = 0xFFFE;
    private const uint Unknown = 0xFFFFFFFF;
    private const int MaxChunks = 1000; // real files have a handful; a hostile one must not keep us walking

    /// <summary>Reads the header; null if the samples are neither integers nor floats (A-law, ADPCM, mp3 in wav), which libsndfile may know.</summary>
    /// <exception cref="AudioFormatException">The header is impossible, or the file is shorter than it says.</exception>
    public static WavHeader? Read(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        Span<byte> bytes = stackalloc byte[40];
        Need(file, bytes[..12], 0, length);
        var rf64 = bytes.StartsWith("RF64"u8);
        if (!rf64 && !bytes.StartsWith("RIFF"u8) || !bytes[8..12].SequenceEqual("WAVE"u8))
            throw new AudioFormatException(Reject.NotAudio, "the file is no RIFF wave file");

        AudioFormat? format = null;
        long? ds64 = null;
        var offset = 12L;
        for (var chunk = 0; chunk < MaxChunks; chunk++)
        {
            Need(file, bytes[..8], offset, length);
            var size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            var body = offset + 8;
            if (bytes.StartsWith("data"u8))
            {
                if (format is not { } known) throw new AudioFormatException(Reject.LyingHeader, "the 'data' chunk comes before any 'fmt ' chunk");
                return known.Channels == 0 ? null : new WavHeader(known, body, FramesOf(known, rf64 && size == Unknown ? ds64 ?? Unknown : size, length - body));
            }
            if (bytes.StartsWith("fmt "u8))
            {
                if (size < 16) throw new AudioFormatException(Reject.LyingHeader, $"the 'fmt ' chunk has {size} bytes; it needs at least 16");
                var take = (int)Math.Min(size, 40);
                Need(file, bytes[..take], body, length);
                format = FormatOf(bytes[..take]);
            }
            else if (rf64 && size >= 24 && bytes.StartsWith("ds64"u8))
            {
                Need(file, bytes[..16], body, length);
                ds64 = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
            }
            offset = body + size + (size & 1);
        }
        throw new AudioFormatException(Reject.LyingHeader, $"no 'data' chunk among the first {MaxChunks} chunks");
    }

    private static void Need(SafeFileHandle file, Span<byte> bytes, long offset, long length)
    {
        if (offset + bytes.Length > length || RandomAccess.Read(file, bytes, offset) != bytes.Length)
            throw new AudioFormatException(Reject.Truncated, $"the file ends at byte {length}, inside its header: no samples are reached");
    }

    /// <summary>Format by the chunk; no channels where the encoding is not ours to read.</summary>
    private static AudioFormat FormatOf(ReadOnlySpan<byte> fmt)
    {
        int U16(ReadOnlySpan<byte> from) => BinaryPrimitives.ReadUInt16LittleEndian(from);
        var (tag, channels, rate, align, bits) = (U16(fmt), U16(fmt[2..]), BinaryPrimitives.ReadUInt32LittleEndian(fmt[4..]), U16(fmt[12..]), U16(fmt[14..]));
        AudioFormat.Check(rate, channels);
        if (tag == Extensible && fmt.Length >= 40) tag = U16(fmt[24..]); // the first two bytes of the sub-format's GUID
        if (tag is not (Pcm or IeeeFloat)) return default;
        SampleEncoding encoding = (tag, bits) switch
        {
            (Pcm, 8) => SampleEncoding.Unsigned8,
            (Pcm, 16) => SampleEncoding.Signed16,
            (Pcm, 24) => SampleEncoding.Signed24,
            (Pcm, 32) => SampleEncoding.Signed32,
            (IeeeFloat, 32) => SampleEncoding.Float32,
            (IeeeFloat, 64) => SampleEncoding.Float64,
            _ => throw new AudioFormatException(Reject.LyingHeader, $"the header says {bits} bits a sample; {(tag == Pcm ? "integers have 8, 16, 24 or 32" : "floats have 32 or 64")}"),
        };
        var name = $"wav {(tag == Pcm ? "pcm" : "float")}_{bits}";
        var format = new AudioFormat(name, encoding, (int)rate, channels);
        if (align != format.FrameBytes)
            throw new AudioFormatException(Reject.LyingHeader, $"the header says {align} bytes a frame (block align); {channels} channels of {bits} bits are {format.FrameBytes}");
        return format;
    }

    private static long FramesOf(AudioFormat format, long claimed, long present)
    {
        if (claimed is Unknown or < 0)
            throw new AudioFormatException(Reject.LyingHeader, $"the header does not say how long the audio is (data size 0xFFFFFFFF, as programs write into a pipe; {present} bytes are there): save it again, as in 'sox --ignore-length in.wav out.wav'");
        if (claimed > present)
            throw new AudioFormatException(Reject.Truncated, $"the header says {claimed / format.FrameBytes} samples, the file holds {present / format.FrameBytes}: it was cut off, get it again");
        if (claimed % format.FrameBytes != 0)
            throw new AudioFormatException(Reject.LyingHeader, $"the header says {claimed} bytes of samples, which is no multiple of {format.FrameBytes} bytes a frame");
        if (claimed == 0) throw new AudioFormatException(Reject.NoSamples, "the file has a header, but no samples");
        return claimed / format.FrameBytes;
    }
}
