using VoxMake.Audio.Native;

namespace VoxMake.Audio;

/// <summary>Changes the sample rate of a recording that comes piece by piece, of one channel: sample for sample what <see cref="Resampler"/> makes of the whole, in little memory.</summary>
public sealed unsafe class ResampleStream : IDisposable
{
    private readonly int _inRate, _outRate;
    private nint _soxr;
    private float[] _output = [];
    private long _taken, _made;

    public ResampleStream(int inRate, int outRate)
    {
        (_inRate, _outRate) = (inRate, outRate);
        _soxr = Soxr.Open(inRate, outRate);
    }

    /// <summary>Takes more samples.</summary>
    /// <returns>What is ready, often nothing; valid until the next call.</returns>
    public ReadOnlySpan<float> Add(ReadOnlySpan<float> samples)
    {
        _taken += samples.Length;
        Grow((int)Resampler.OutputLength(samples.Length, _inRate, _outRate) + (1 << 14));
        var made = 0;
        fixed (float* from = samples)
        fixed (float* to = _output)
        {
            nuint used = 0, step, done;
            while (used < (nuint)samples.Length)
            {
                Soxr.Check(Soxr.Process(_soxr, from + used, (nuint)samples.Length - used, &step, to + made, (nuint)(_output.Length - made), &done));
                used += step;
                made += (int)done;
                if (step == 0 && done == 0) throw new InvalidOperationException("libsoxr takes no more samples");
            }
        }
        return Take(made);
    }

    /// <summary>The end: what is left, so that in all as many samples were given as <see cref="Resampler.OutputLength"/> says.</summary>
    public ReadOnlySpan<float> Finish()
    {
        var left = (int)(Resampler.OutputLength(_taken, _inRate, _outRate) - _made);
        Grow(left);
        nuint made = 0, done;
        fixed (float* to = _output)
            do
            {
                Soxr.Check(Soxr.Process(_soxr, null, 0, null, to + made, (nuint)left - made, &done)); // flushes the filter
                made += done;
            } while (done > 0 && made < (nuint)left);
        _output.AsSpan((int)made, left - (int)made).Clear(); // soxr rounds the length; the fraction of a last sample is silence
        return Take(left);
    }

    /// <summary>No more than the whole has: soxr may make a sample too many.</summary>
    private ReadOnlySpan<float> Take(int made)
    {
        var allowed = (int)Math.Min(made, Resampler.OutputLength(_taken, _inRate, _outRate) - _made);
        _made += allowed;
        return _output.AsSpan(0, allowed);
    }

    private void Grow(int length)
    {
        if (_output.Length < length) _output = new float[length];
    }

    public void Dispose()
    {
        if (_soxr != 0) Soxr.Delete(_soxr);
        _soxr = 0;
    }
}
