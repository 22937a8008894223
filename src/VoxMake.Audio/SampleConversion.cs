using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoxMake.Audio;

/// <summary>Samples from one encoding to another. Integers of n bits are x/2^(n-1) as floats, and back: rounded half to even, clamped, without dither.</summary>
public static class SampleConversion
{
    /// <summary>Little-endian samples to floats, one for one.</summary>
    public static void ToFloat(ReadOnlySpan<byte> bytes, SampleEncoding encoding, Span<float> samples)
    {
        switch (encoding)
        {
            case SampleEncoding.Unsigned8:
                for (var i = 0; i < samples.Length; i++) samples[i] = (bytes[i] - 128) * (1f / 128);
                break;
            case SampleEncoding.Signed16:
                ToFloat(MemoryMarshal.Cast<byte, short>(bytes), samples);
                break;
            case SampleEncoding.Signed24:
                for (var i = 0; i < samples.Length; i++) samples[i] = (bytes[3 * i] | bytes[3 * i + 1] << 8 | (sbyte)bytes[3 * i + 2] << 16) * (1f / (1 << 23));
                break;
            case SampleEncoding.Signed32:
                for (var i = 0; i < samples.Length; i++) samples[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]) * (1f / (1L << 31));
                break;
            case SampleEncoding.Float32:
                MemoryMarshal.Cast<byte, float>(bytes)[..samples.Length].CopyTo(samples);
                break;
            case SampleEncoding.Float64:
                for (var i = 0; i < samples.Length; i++) samples[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]);
                break;
        }
    }

    private static void ToFloat(ReadOnlySpan<short> from, Span<float> to)
    {
        ref var source = ref MemoryMarshal.GetReference(from);
        ref var target = ref MemoryMarshal.GetReference(to);
        var scale = Vector256.Create(1f / 32768);
        var i = 0;
        for (; i <= to.Length - Vector256<short>.Count; i += Vector256<short>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref source, (nuint)i));
            (Vector256.ConvertToSingle(low) * scale).StoreUnsafe(ref target, (nuint)i);
            (Vector256.ConvertToSingle(high) * scale).StoreUnsafe(ref target, (nuint)(i + Vector256<float>.Count));
        }
        for (; i < to.Length; i++) to[i] = from[i] * (1f / 32768);
    }

    /// <summary>Floats times a gain to 16-bit integers.</summary>
    public static void ToSigned16(ReadOnlySpan<float> from, float gain, Span<short> to)
    {
        ref var source = ref MemoryMarshal.GetReference(from);
        ref var target = ref MemoryMarshal.GetReference(to);
        var factor = gain * 32768f;
        var scale = Vector256.Create(factor);
        var (low, high) = (Vector256.Create(-32768f), Vector256.Create(32767f));
        var i = 0;
        for (; i <= from.Length - Vector256<short>.Count; i += Vector256<short>.Count)
        {
            var a = Vector256.Round(Vector256.Min(Vector256.Max(Vector256.LoadUnsafe(ref source, (nuint)i) * scale, low), high));
            var b = Vector256.Round(Vector256.Min(Vector256.Max(Vector256.LoadUnsafe(ref source, (nuint)(i + Vector256<float>.Count)) * scale, low), high));
            Vector256.Narrow(Vector256.ConvertToInt32(a), Vector256.ConvertToInt32(b)).StoreUnsafe(ref target, (nuint)i);
        }
        for (; i < from.Length; i++) to[i] = (short)MathF.Round(Math.Clamp(from[i] * factor, -32768f, 32767f));
    }

    /// <summary>Floats times a gain to 24-bit integers, three little-endian bytes each.</summary>
    public static void ToSigned24(ReadOnlySpan<float> from, float gain, Span<byte> to)
    {
        var factor = gain * 8388608.0;
        for (var i = 0; i < from.Length; i++)
        {
            var value = (int)Math.Round(Math.Clamp(from[i] * factor, -8388608, 8388607));
            (to[3 * i], to[3 * i + 1], to[3 * i + 2]) = ((byte)value, (byte)(value >> 8), (byte)(value >> 16));
        }
    }
}
