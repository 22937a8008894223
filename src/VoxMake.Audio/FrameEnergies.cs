namespace VoxMake.Audio;

/// <summary>
/// Mean power of overlapping frames, as <c>librosa.feature.rms(center=True, pad_mode="constant")</c> squared: frame k is centred on sample k·hop, outside of
/// the clip are zeros. Samples come in pieces; only one number a hop is kept, so that hours need little memory.
/// </summary>
/// <param name="hop">Samples from one frame to the next.</param>
/// <param name="hopsPerFrame">Frame length in hops; even.</param>
public sealed class FrameEnergies(int hop, int hopsPerFrame)
{
    /// <summary>Power below which librosa takes a frame for silent whatever the loudest is (amplitude 1e-5).</summary>
    private const double Floor = 1e-10;

    private double[] _sums = new double[256];
    private int _hops;
    private double _open; // power of the hop that is not full yet
    private int _openSamples;

    /// <summary>Samples from one frame to the next.</summary>
    public int Hop => hop;

    /// <summary>Samples taken so far.</summary>
    public long Length { get; private set; }

    /// <summary>Frames: 1 + floor(length / hop).</summary>
    public int Count => (int)(Length / hop) + 1;

    /// <summary>Forgets everything, for the next clip.</summary>
    public void Reset() => (_hops, _open, _openSamples, Length) = (0, 0, 0, 0);

    /// <summary>Takes more samples.</summary>
    public void Add(ReadOnlySpan<float> samples)
    {
        Length += samples.Length;
        while (samples.Length > 0)
        {
            var take = Math.Min(samples.Length, hop - _openSamples);
            _open += Level.SumOfSquares(samples[..take]);
            _openSamples += take;
            samples = samples[take..];
            if (_openSamples < hop) continue;
            if (_hops == _sums.Length) Array.Resize(ref _sums, 2 * _hops);
            _sums[_hops++] = _open;
            (_open, _openSamples) = (0, 0);
        }
    }

    private double SumOf(int index) => index < 0 || index > _hops ? 0 : index == _hops ? _open : _sums[index];

    /// <summary>Mean of x² over frame <paramref name="frame"/>.</summary>
    public double MeanSquare(int frame)
    {
        var sum = 0.0;
        for (var i = frame - hopsPerFrame / 2; i < frame + hopsPerFrame / 2; i++) sum += SumOf(i);
        return sum / (hop * hopsPerFrame);
    }

    /// <summary>Σ x² of the samples from one place to another, both at a multiple of the hop or the end.</summary>
    public double SumOfSquares(long start, long end)
    {
        var sum = 0.0;
        for (var i = (int)(start / hop); i < (end + hop - 1) / hop; i++) sum += SumOf(i);
        return sum;
    }

    /// <summary>The power of frames above which they are not silent: <paramref name="topDb"/> decibels below the loudest.</summary>
    public double Threshold(double topDb)
    {
        var loudest = Floor;
        for (var frame = 0; frame < Count; frame++) loudest = Math.Max(loudest, MeanSquare(frame));
        return loudest * Math.Pow(10, -topDb / 10);
    }

    /// <summary>Whether a frame is silent under <see cref="Threshold"/>. In a clip of zeros no frame is, as in librosa.</summary>
    public bool IsSilent(int frame, double threshold) => Math.Max(Floor, MeanSquare(frame)) <= threshold;

    /// <summary>
    /// What <c>librosa.effects.trim(y, top_db=topDb)</c> keeps, with frames of 2048 and hops of 512: from the first frame that is not silent to the last, in samples.
    /// </summary>
    public (long Start, long End) Trim(double topDb)
    {
        var threshold = Threshold(topDb);
        int first = 0, last = Count - 1;
        while (first < Count && IsSilent(first, threshold)) first++;
        while (last >= first && IsSilent(last, threshold)) last--;
        return last < first ? (0, 0) : ((long)first * hop, Math.Min(Length, (last + 1L) * hop));
    }

    /// <summary>Share of frames that are silent, 0 to 1.</summary>
    public double SilentShare(double topDb)
    {
        var threshold = Threshold(topDb);
        var silent = 0;
        for (var frame = 0; frame < Count; frame++)
            if (IsSilent(frame, threshold)) silent++;
        return (double)silent / Count;
    }
}
