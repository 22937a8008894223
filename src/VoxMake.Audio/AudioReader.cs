namespace VoxMake.Audio;

/// <summary>A file's samples, read once from the beginning to the end.</summary>
public abstract class AudioReader : IDisposable
{
    /// <summary>What the file holds.</summary>
    public abstract AudioFormat Format { get; }

    /// <summary>Samples of one channel by the header; null where the header does not say.</summary>
    public abstract long? Frames { get; }

    /// <summary>
    /// Reads the next samples, interleaved, full scale ±1 (integers of n bits divided by 2^(n-1)).
    /// </summary>
    /// <param name="samples">Room for a whole number of frames.</param>
    /// <returns>Frames read; 0 at the end.</returns>
    public abstract int Read(Span<float> samples);

    /// <summary>Reads the next samples as they are stored (<see cref="AudioFormat.Stored"/>, little-endian, interleaved): nothing is rounded.</summary>
    /// <param name="bytes">Room for a whole number of frames.</param>
    /// <returns>Frames read; 0 at the end.</returns>
    public abstract int ReadStored(Span<byte> bytes);

    public abstract void Dispose();
}
