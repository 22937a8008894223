namespace VoxMake.Audio;

/// <summary>A recording's samples with its channels averaged, block by block; NaN and infinity are refused.</summary>
/// <param name="reader">Read to its end; it stays the caller's.</param>
public sealed class MonoReader(AudioReader reader)
{
    private const int BlockSamples = 1 << 14;
    private readonly float[] _block = new float[BlockSamples];
    private readonly float[] _mono = new float[reader.Format.Channels == 1 ? 0 : BlockSamples];

    /// <summary>Samples given so far.</summary>
    public long Frames { get; private set; }

    /// <summary>The next samples at the recording's own rate, full scale ±1; empty at the end. Valid until the next call.</summary>
    /// <exception cref="AudioFormatException">They hold NaN or infinity, cannot be decoded, or there is none at all.</exception>
    public ReadOnlySpan<float> Next()
    {
        var channels = reader.Format.Channels;
        var read = reader.Read(_block.AsSpan(0, BlockSamples / channels * channels));
        var block = _block.AsSpan(0, read * channels);
        if (AudioFormat.IsFloat(reader.Format.Stored)) Level.RefuseNotFinite(block, Frames * channels);
        Frames += read;
        if (Frames == 0) throw new AudioFormatException(Reject.NoSamples, "the file has a header, but no samples");
        if (channels == 1) return block;
        MonoClip.Average(block, channels, _mono);
        return _mono.AsSpan(0, read);
    }
}
