using System.Runtime.InteropServices;
using VoxMake.Audio;

namespace VoxMake.SynthTool;

/// <summary>Speech as a 16-bit wave file of one channel.</summary>
internal static class WavFile
{
    /// <param name="samples">Within ±1: the decoder ends in tanh.</param>
    public static byte[] Of(ReadOnlySpan<float> samples, int sampleRate)
    {
        var format = new AudioFormat("wav pcm_16", SampleEncoding.Signed16, sampleRate, 1);
        var file = new byte[WavWriter.FileBytes(format, samples.Length)];
        WavWriter.WriteHeader(file, format, samples.Length);
        SampleConversion.ToSigned16(samples, 1, MemoryMarshal.Cast<byte, short>(file.AsSpan(WavWriter.HeaderBytes)));
        return file;
    }
}
