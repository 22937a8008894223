using System.Buffers.Binary;

namespace VoxMake.Audio.Tests;

/// <summary>Wave files for tests, made field by field so that each field can lie.</summary>
internal sealed record WavBytes
{
    public string Riff { get; init; } = "RIFF";
    public int Tag { get; init; } = 1;
    public int Channels { get; init; } = 1;
    public uint Rate { get; init; } = 16000;
    public int Bits { get; init; } = 16;
    public int? BlockAlign { get; init; }
    public uint? DataSize { get; init; }
    public int FmtSize { get; init; } = 16;

    /// <summary>A file with these bytes of samples.</summary>
    public byte[] With(ReadOnlySpan<byte> samples)
    {
        var head = new byte[28 + FmtSize];
        "RIFF"u8.CopyTo(head);
        System.Text.Encoding.ASCII.GetBytes(Riff).CopyTo(head, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4), (uint)(head.Length + samples.Length - 8));
        "WAVEfmt "u8.CopyTo(head.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(16), FmtSize);
        var fmt = new byte[Math.Max(40, FmtSize)];
        BinaryPrimitives.WriteUInt16LittleEndian(fmt, (ushort)(FmtSize == 40 ? 0xFFFE : Tag));
        BinaryPrimitives.WriteUInt16LittleEndian(fmt.AsSpan(2), (ushort)Channels);
        BinaryPrimitives.WriteUInt32LittleEndian(fmt.AsSpan(4), Rate);
        BinaryPrimitives.WriteUInt32LittleEndian(fmt.AsSpan(8), unchecked((uint)(Rate * Channels * Bits / 8)));
        BinaryPrimitives.WriteUInt16LittleEndian(fmt.AsSpan(12), (ushort)(BlockAlign ?? Channels * Bits / 8));
        BinaryPrimitives.WriteUInt16LittleEndian(fmt.AsSpan(14), (ushort)Bits);
        BinaryPrimitives.WriteUInt16LittleEndian(fmt.AsSpan(16), 22);
        BinaryPrimitives.WriteUInt16LittleEndian(fmt.AsSpan(18), (ushort)Bits);
        BinaryPrimitives.WriteUInt16LittleEndian(fmt.AsSpan(24), (ushort)Tag);
        fmt.AsSpan(0, FmtSize).CopyTo(head.AsSpan(20));
        "data"u8.CopyTo(head.AsSpan(20 + FmtSize));
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(24 + FmtSize), DataSize ?? (uint)samples.Length);
        return [.. head, .. samples];
    }

    /// <summary>A 16-bit file with these samples, interleaved.</summary>
    public byte[] With(ReadOnlySpan<short> samples) => With(System.Runtime.InteropServices.MemoryMarshal.AsBytes(samples));

    /// <summary>A float file with these samples, interleaved.</summary>
    public byte[] With(ReadOnlySpan<float> samples) => (this with { Tag = 3, Bits = 32 }).With(System.Runtime.InteropServices.MemoryMarshal.AsBytes(samples));

    /// <summary>A tone of 440 Hz at half of full scale.</summary>
    public static short[] Tone(int samples, int rate = 16000, double amplitude = 0.5)
    {
        var tone = new short[samples];
        for (var i = 0; i < samples; i++) tone[i] = (short)Math.Round(amplitude * 32767 * Math.Sin(2 * Math.PI * 440 * i / rate));
        return tone;
    }
}
