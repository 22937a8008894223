using System.Numerics;

namespace VoxMake.Audio;

/// <summary>One clip in memory, its channels averaged; made once a thread and loaded again and again, so that memory does not grow with the number of clips.</summary>
public sealed class MonoClip
{
    private const int BlockSamples = 1 << 14;
    private float[] _samples = [];
    private float[]? _interleaved;

    /// <summary>The samples, full scale ±1; valid until the next <see cref="Load"/>.</summary>
    public ReadOnlySpan<float> Samples => _samples.AsSpan(0, Length);

    /// <summary>Samples in it.</summary>
    public int Length { get; private set; }

    /// <summary>Reads a file to its end.</summary>
    /// <param name="maxSeconds">Longest clip that is taken into memory.</param>
    /// <param name="clipping">Sees every sample of every channel, if given.</param>
    /// <exception cref="AudioFormatException">It is too long, holds no samples, holds NaN or infinity, or cannot be decoded.</exception>
    public void Load(AudioReader reader, double maxSeconds, ClippingCounter? clipping = null)
    {
        Length = 0;
        var (channels, rate) = (reader.Format.Channels, reader.Format.SampleRate);
        var max = Math.Min((long)(maxSeconds * rate), (1 << 30) - BlockSamples);
        if (reader.Frames > max) throw TooLong(reader.Frames.Value, rate, maxSeconds);
        while (true)
        {
            if (_samples.Length - Length < BlockSamples) Array.Resize(ref _samples, (int)BitOperations.RoundUpToPowerOf2((uint)(Length + BlockSamples)));
            var room = _samples.AsSpan(Length, BlockSamples);
            var frames = channels == 1 ? reader.Read(room) : ReadAveraged(reader, room, clipping);
            if (frames == 0) break;
            if (channels == 1) clipping?.Add(room[..frames]);
            Length += frames;
            if (Length > max) throw TooLong(Length, rate, maxSeconds);
        }
        if (Length == 0) throw new AudioFormatException(Reject.NoSamples, "the file has a header, but no samples");
        if (AudioFormat.IsFloat(reader.Format.Stored)) Level.RefuseNotFinite(Samples, 0);
    }

    private int ReadAveraged(AudioReader reader, Span<float> to, ClippingCounter? clipping)
    {
        var channels = reader.Format.Channels;
        _interleaved ??= new float[BlockSamples];
        var frames = reader.Read(_interleaved.AsSpan(0, BlockSamples / channels * channels));
        var block = _interleaved.AsSpan(0, frames * channels);
        clipping?.Add(block);
        Average(block, channels, to);
        return frames;
    }

    /// <summary>The mean of the channels of each frame.</summary>
    public static void Average(ReadOnlySpan<float> interleaved, int channels, Span<float> mono)
    {
        for (int frame = 0, i = 0; i < interleaved.Length; frame++)
        {
            var sum = 0f;
            for (var end = i + channels; i < end; i++) sum += interleaved[i];
            mono[frame] = sum / channels;
        }
    }

    private static AudioFormatException TooLong(long samples, int rate, double maxSeconds) =>
        new(Reject.TooLong, FormattableString.Invariant($"the clip lasts {(double)samples / rate:F1} s or more; at most {maxSeconds} s are taken as one clip: cut it with Segment"));
}
