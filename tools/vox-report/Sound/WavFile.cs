using System.Buffers.Binary;

namespace VoxMake.Report.Sound;

/// <summary>Reads and writes plain WAV where there is no ffmpeg: PCM of 8, 16, 24 and 32 bits and 32-bit float.</summary>
internal static class WavFile
{
    /// <summary>Samples a second that are kept at most.</summary>
    public const int Rate = 16000;

    /// <summary>The first seconds of a file, mono, at <see cref="Rate"/> or less.</summary>
    /// <exception cref="SilentClipException">It is no WAV of these kinds.</exception>
    public static Sound Read(string path, double seconds)
    {
        using var stream = File.OpenRead(path);
        Span<byte> head = stackalloc byte[12];
        if (stream.ReadAtLeast(head, 12, false) < 12 || MediaFormat.Of(head) != "wav") throw new SilentClipException("without ffmpeg only WAV files can be played");
        (int Kind, int Channels, int Rate, int Bits) format = default;
        Span<byte> chunk = stackalloc byte[8];
        while (stream.ReadAtLeast(chunk, 8, false) == 8)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk.StartsWith("data"u8)) return ReadData(stream, format, size, seconds);
            if (chunk.StartsWith("fmt "u8) && size is >= 16 and <= 4096)
            {
                var bytes = new byte[size];
                stream.ReadExactly(bytes);
                format = (BinaryPrimitives.ReadUInt16LittleEndian(bytes), BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2)),
                    BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4)), BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(14)));
                if (format.Kind == 0xFFFE && size >= 26) format.Kind = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(24)); // extensible: the true kind begins the sub-format
            }
            else stream.Seek(size, SeekOrigin.Current);
            if (size % 2 == 1) stream.Seek(1, SeekOrigin.Current);
        }
        throw new SilentClipException("the WAV file has no data");
    }

    private static Sound ReadData(Stream stream, (int Kind, int Channels, int Rate, int Bits) format, uint size, double seconds)
    {
        if (format is not ((1, _, _, 8 or 16 or 24 or 32) or (3, _, _, 32)) || format.Channels is < 1 or > 64 || format.Rate is < 1000 or > 768_000)
            throw new SilentClipException($"without ffmpeg a WAV file of kind {format.Kind}, {format.Channels} channels, {format.Rate} Hz and {format.Bits} bits cannot be played");
        var frame = format.Channels * format.Bits / 8;
        var frames = Math.Min(size, stream.Length - stream.Position) / frame;
        var wanted = (int)Math.Min(frames, (long)(seconds * format.Rate));
        if (wanted == 0) throw new SilentClipException("the WAV file is empty");
        var bytes = new byte[wanted * frame];
        stream.ReadExactly(bytes);
        var mono = new float[wanted];
        for (var i = 0; i < wanted; i++)
        {
            for (var channel = 0; channel < format.Channels; channel++) mono[i] += Sample(bytes.AsSpan(i * frame + channel * format.Bits / 8), format.Kind, format.Bits);
            mono[i] /= format.Channels;
        }
        return new Sound(Average(mono, format.Rate, Math.Min(Rate, format.Rate)), Math.Min(Rate, format.Rate), frames > wanted);
    }

    private static float Sample(ReadOnlySpan<byte> bytes, int kind, int bits) => (kind, bits) switch
    {
        (3, _) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        (_, 8) => (bytes[0] - 128) / 128f,
        (_, 16) => BinaryPrimitives.ReadInt16LittleEndian(bytes) / 32768f,
        (_, 24) => (bytes[0] << 8 | bytes[1] << 16 | bytes[2] << 24) / 2147483648f,
        _ => BinaryPrimitives.ReadInt32LittleEndian(bytes) / 2147483648f,
    };

    /// <summary>Each new sample is the mean of the old ones in its time: no match for a resampler, good enough to hear what a clip is.</summary>
    private static short[] Average(float[] samples, int from, int to)
    {
        var result = new short[(long)samples.Length * to / from];
        for (var i = 0; i < result.Length; i++)
        {
            int start = (int)((long)i * from / to), end = Math.Max(start + 1, (int)((long)(i + 1) * from / to));
            var sum = 0f;
            for (var j = start; j < end; j++) sum += samples[j];
            var mean = sum / (end - start);
            result[i] = float.IsNaN(mean) ? (short)0 : (short)Math.Clamp(MathF.Round(mean * 32768f), short.MinValue, short.MaxValue);
        }
        return result;
    }

    /// <summary>A WAV file of 16-bit PCM.</summary>
    public static byte[] Write(Sound sound)
    {
        var bytes = new byte[44 + 2 * sound.Samples.Length];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), sound.Rate);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), 2 * sound.Rate);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(34), 16);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), 2 * sound.Samples.Length);
        for (var i = 0; i < sound.Samples.Length; i++) BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(44 + 2 * i), sound.Samples[i]);
        return bytes;
    }
}
