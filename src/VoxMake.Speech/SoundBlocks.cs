using VoxMake.Audio;

namespace VoxMake.Speech;

/// <summary>A recording as every network here hears it (<see cref="Sound16k"/>), block by block, so that nothing but the block is held.</summary>
internal sealed class SoundBlocks : IDisposable
{
    private readonly AudioReader _reader;
    private readonly MonoReader _mono;
    private readonly ResampleStream? _resampler;
    private readonly double _maxSeconds;
    private bool _ended;

    /// <exception cref="AudioFormatException">It is too long, or cannot be decoded.</exception>
    public SoundBlocks(string path, double maxSeconds)
    {
        (_reader, _maxSeconds) = (AudioFile.Open(path), maxSeconds);
        _mono = new MonoReader(_reader);
        if (Rate != Sound16k.Rate) _resampler = new ResampleStream(Rate, Sound16k.Rate);
    }

    /// <summary>Samples a second of the recording itself.</summary>
    public int Rate => _reader.Format.SampleRate;

    /// <summary>Samples of one channel of the recording itself, so far.</summary>
    public long Frames => _mono.Frames;

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
        var mono = _mono.Next();
        if (Math.Max(Frames, _reader.Frames ?? 0) > _maxSeconds * Rate) throw new AudioFormatException(Reject.TooLong, $"the recording lasts more than {_maxSeconds:0} s; cut it first");
        _ended = mono.IsEmpty;
        block = _resampler is null ? mono : _ended ? _resampler.Finish() : _resampler.Add(mono);
        return true;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _resampler?.Dispose();
    }
}
