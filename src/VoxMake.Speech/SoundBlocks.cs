using VoxMake.Audio;

namespace VoxMake.Speech;

/// <summary>A recording as every network here hears it (<see cref="Sound16k"/>), block by block, so that nothing but the block is held.</summary>
internal sealed class SoundBlocks : IDisposable
{
    private const int BlockSamples = 1 << 14;
    private readonly AudioReader _reader;
    private readonly ResampleStream? _resampler;
    private readonly double _maxSeconds;
    private readonly float[] _block = new float[BlockSamples];
    private readonly float[] _mono = new float[BlockSamples];
    private bool _ended;

    /// <exception cref="AudioFormatException">It is too long, or cannot be decoded.</exception>
    public SoundBlocks(string path, double maxSeconds)
    {
        (_reader, _maxSeconds) = (AudioFile.Open(path), maxSeconds);
        if (Rate != Sound16k.Rate) _resampler = new ResampleStream(Rate, Sound16k.Rate);
    }

    /// <summary>Samples a second of the recording itself.</summary>
    public int Rate => _reader.Format.SampleRate;

    /// <summary>Samples of one channel of the recording itself, so far.</summary>
    public long Frames { get; private set; }

    /// <summary>Samples that will come in all, at 16 kHz, if the file's header says how many it has.</summary>
    public long? Length => _reader.Frames is { } frames ? Resampler.OutputLength(frames, Rate, Sound16k.Rate) : null;

    /// <summary>The next samples; a block may be empty before the end.</summary>
    /// <param name="block">Valid until the next call.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="AudioFormatException">It is too long, holds no samples, holds NaN or infinity, or cannot be decoded.</exception>
    public bool Next(out ReadOnlySpan<float> block)
    {
        block = default;
        if (_ended) return false;
        var mono = Read();
        Frames += mono.Length;
        if (Math.Max(Frames, _reader.Frames ?? 0) > _maxSeconds * Rate) throw new AudioFormatException(Reject.TooLong, $"the recording lasts more than {_maxSeconds:0} s");
        _ended = mono.IsEmpty;
        if (Frames == 0) throw new AudioFormatException(Reject.NoSamples, "the file has a header, but no samples");
        block = _resampler is null ? mono : _ended ? _resampler.Finish() : _resampler.Add(mono);
        return true;
    }

    /// <summary>The next samples at the recording's own rate, channels averaged; empty at the end.</summary>
    private ReadOnlySpan<float> Read()
    {
        var channels = _reader.Format.Channels;
        var room = _block.AsSpan(0, BlockSamples / channels * channels);
        var read = _reader.Read(room);
        var block = room[..(read * channels)];
        if (AudioFormat.IsFloat(_reader.Format.Stored)) Level.RefuseNotFinite(block, Frames * channels);
        if (channels == 1) return block;
        MonoClip.Average(block, channels, _mono);
        return _mono.AsSpan(0, read);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _resampler?.Dispose();
    }
}
