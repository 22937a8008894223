using System.Runtime.InteropServices;
using VoxMake.Audio;

namespace VoxMake.Training;

/// <summary>What was spoken, as a file.</summary>
public static class WaveBytes
{
    /// <summary>A 16-bit wave file of one channel; what is louder than full scale is clipped.</summary>
    public static byte[] Of(ReadOnlySpan<float> samples, int sampleRate)
    {
        var format = new AudioFormat("wav pcm_16", SampleEncoding.Signed16, sampleRate, 1);
        var file = new byte[WavWriter.FileBytes(format, samples.Length)];
        WavWriter.WriteHeader(file, format, samples.Length);
        SampleConversion.ToSigned16(samples, 1, MemoryMarshal.Cast<byte, short>(file.AsSpan(WavWriter.HeaderBytes)));
        return file;
    }
}
