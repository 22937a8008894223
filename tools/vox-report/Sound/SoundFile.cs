using System.Runtime.InteropServices;
using VoxMake.Audio;

namespace VoxMake.Report.Sound;

/// <summary>Reads the beginning of a clip in this process, and writes it as a plain wave file.</summary>
internal static class SoundFile
{
    /// <summary>Samples a second of players that are wave files.</summary>
    public const int PlainRate = 16000;

    /// <summary>The first seconds of a file, mono, at <paramref name="rate"/>; null for kinds that only ffmpeg reads.</summary>
    /// <exception cref="SilentClipException">It is no sound, or broken.</exception>
    public static Sound? Read(string path, double seconds, int rate)
    {
        try
        {
            using var reader = AudioFile.TryOpen(path, FileKind.Of(path), out _);
            if (reader is null) return null;
            var (channels, from) = (reader.Format.Channels, reader.Format.SampleRate);
            var wanted = (int)(seconds * from);
            var interleaved = new float[(long)(wanted + 1) * channels]; // one more, to see whether the clip goes on
            var frames = 0;
            while (frames <= wanted && reader.Read(interleaved.AsSpan(frames * channels)) is var read and > 0) frames += read;
            var length = Math.Min(frames, wanted);
            if (length == 0) throw new SilentClipException("there is no sound in the file");
            var mono = new float[length];
            MonoClip.Average(interleaved.AsSpan(0, length * channels), channels, mono);
            return new Sound(Samples(mono, from, rate), rate, frames > wanted);
        }
        catch (AudioFormatException error) { throw new SilentClipException(error.Message); }
    }

    /// <summary>ffmpeg's name for what a file is by its first bytes.</summary>
    /// <exception cref="SilentClipException">It is nothing that is known to hold sound.</exception>
    public static string Demuxer(string path)
    {
        try { return FileKind.Of(path).Demuxer; }
        catch (AudioFormatException error) { throw new SilentClipException(error.Message); }
    }

    /// <summary>A wave file of 16-bit PCM.</summary>
    public static byte[] Wav(Sound sound)
    {
        var format = new AudioFormat("wav pcm_16", SampleEncoding.Signed16, sound.Rate, 1);
        var bytes = new byte[WavWriter.FileBytes(format, sound.Samples.Length)];
        WavWriter.WriteHeader(bytes, format, sound.Samples.Length);
        MemoryMarshal.AsBytes(sound.Samples.AsSpan()).CopyTo(bytes.AsSpan(WavWriter.HeaderBytes));
        return bytes;
    }

    private static short[] Samples(float[] mono, int from, int to)
    {
        for (var i = 0; i < mono.Length; i++)
            if (!float.IsFinite(mono[i])) mono[i] = 0; // a rejected clip may hold anything; it is heard as it is
        if (from != to)
        {
            var resampled = new float[Resampler.OutputLength(mono.Length, from, to)];
            mono = resampled[..Resampler.Resample(mono, from, to, resampled)];
        }
        var samples = new short[mono.Length];
        SampleConversion.ToSigned16(mono, 1, samples);
        return samples;
    }
}
