namespace VoxMake.Audio;

/// <summary>How one sample is stored.</summary>
public enum SampleEncoding : byte { Unsigned8, Signed16, Signed24, Signed32, Float32, Float64 }

/// <summary>What a file holds.</summary>
/// <param name="Name">Container and codec, such as <c>wav pcm_16</c>, <c>flac pcm_24</c>, <c>ogg opus</c>, <c>mp3</c>.</param>
/// <param name="Stored">The encoding that keeps every decoded sample as it is: the file's own for PCM and float, 32-bit float for lossy codecs.</param>
/// <param name="SampleRate">Hz, 1000 to 768,000.</param>
/// <param name="Channels">1 to 64.</param>
public readonly record struct AudioFormat(string Name, SampleEncoding Stored, int SampleRate, int Channels)
{
    public const int MinSampleRate = 1_000, MaxSampleRate = 768_000, MaxChannels = 64;

    /// <summary>Bytes of one sample of one channel.</summary>
    public static int BytesOf(SampleEncoding encoding) => encoding switch
    {
        SampleEncoding.Unsigned8 => 1,
        SampleEncoding.Signed16 => 2,
        SampleEncoding.Signed24 => 3,
        SampleEncoding.Signed32 or SampleEncoding.Float32 => 4,
        _ => 8,
    };

    /// <summary>Whether samples are floats, which may be NaN or lie outside [-1, 1].</summary>
    public static bool IsFloat(SampleEncoding encoding) => encoding is SampleEncoding.Float32 or SampleEncoding.Float64;

    /// <summary>Bytes of one sample of all channels, as <see cref="Stored"/>.</summary>
    public int FrameBytes => BytesOf(Stored) * Channels;

    /// <summary>Refuses rates and channel counts that no recording has.</summary>
    /// <exception cref="AudioFormatException"><see cref="Reject.LyingHeader"/>.</exception>
    public static void Check(long sampleRate, long channels)
    {
        if (sampleRate is < MinSampleRate or > MaxSampleRate)
            throw new AudioFormatException(Reject.LyingHeader, $"the header says {sampleRate} Hz; a sample rate lies between {MinSampleRate} and {MaxSampleRate} Hz");
        if (channels is < 1 or > MaxChannels)
            throw new AudioFormatException(Reject.LyingHeader, $"the header says {channels} channels; there are 1 to {MaxChannels}");
    }
}
