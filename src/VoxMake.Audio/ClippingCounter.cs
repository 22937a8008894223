namespace VoxMake.Audio;

/// <summary>Counts samples at full scale, channel by channel.</summary>
/// <param name="threshold">Magnitude from which a sample counts as clipped, such as 0.999.</param>
public sealed class ClippingCounter(double threshold)
{
    private readonly float _threshold = (float)threshold;
    private long[] _runs = new long[1];
    private int _channels = 1;
    private long _clipped, _samples;

    /// <summary>Share of the samples of all channels that are clipped; 0 for none.</summary>
    public double Share => _samples == 0 ? 0 : (double)_clipped / _samples;

    /// <summary>Most clipped samples in a row within one channel.</summary>
    public long LongestRun { get; private set; }

    /// <summary>Begins a clip.</summary>
    public void Reset(int channels)
    {
        if (_runs.Length < channels) _runs = new long[channels];
        Array.Clear(_runs);
        (_channels, _clipped, _samples, LongestRun) = (channels, 0, 0, 0);
    }

    /// <summary>Takes more interleaved samples, whole frames.</summary>
    public void Add(ReadOnlySpan<float> interleaved)
    {
        _samples += interleaved.Length;
        if (Level.Peak(interleaved) < _threshold)
        {
            Array.Clear(_runs);
            return;
        }
        var channel = 0;
        foreach (var sample in interleaved)
        {
            if (Math.Abs(sample) >= _threshold)
            {
                _clipped++;
                LongestRun = Math.Max(LongestRun, ++_runs[channel]);
            }
            else _runs[channel] = 0;
            if (++channel == _channels) channel = 0;
        }
    }
}
