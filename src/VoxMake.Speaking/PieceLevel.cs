using VoxMake.Audio;

namespace VoxMake.Speaking;

/// <summary>How loud pieces are: the mean square of all that is not silent.</summary>
/// <param name="silenceDb">Level of silence.</param>
/// <param name="block">Samples that are judged together.</param>
internal sealed class Loudness(double silenceDb, int block)
{
    private readonly double _silence = Math.Pow(Level.Amplitude(silenceDb), 2);
    private readonly List<float> _rest = [];
    private double _squares;

    /// <summary>Samples that were not silent.</summary>
    public long Samples { get; private set; }

    /// <summary>Decibels of full scale; null while nothing was heard.</summary>
    public double? Decibels => Samples == 0 ? null : Level.Decibels(Math.Sqrt(_squares / Samples));

    public void Add(ReadOnlySpan<float> samples)
    {
        _rest.AddRange(samples);
        var at = 0;
        for (; _rest.Count - at >= block; at += block)
        {
            var squares = Level.SumOfSquares(_rest.GetRange(at, block).ToArray());
            if (squares / block <= _silence) continue;
            _squares += squares;
            Samples += block;
        }
        _rest.RemoveRange(0, at);
    }
}

/// <summary>
/// Brings a piece to a loudness by one gain, which is set once enough of it was heard; it comes as it is then. The first piece of a text has none: it is what others are brought to.
/// </summary>
/// <param name="target">Decibels of full scale; null: the piece comes as it is, at once.</param>
/// <param name="heard">Samples of sound that decide.</param>
/// <param name="mostGainDb">Most that it is made louder or softer.</param>
internal sealed class PieceLevel(double? target, double heard, double mostGainDb, double silenceDb, int block)
{
    private readonly List<float> _waiting = [];
    private float? _gain = target is null || heard <= 0 || mostGainDb <= 0 ? 1 : null;

    /// <summary>Of the piece as it came.</summary>
    public Loudness Loudness { get; } = new(silenceDb, block);

    public float[] Add(ReadOnlySpan<float> samples)
    {
        Loudness.Add(samples);
        if (_gain is { } gain) return Amplified(samples, gain);
        _waiting.AddRange(samples);
        return Loudness.Samples < heard ? [] : Decided();
    }

    public float[] Finish() => _gain is null ? Decided() : [];

    private float[] Decided()
    {
        var gain = Loudness.Decibels is { } level ? (float)Level.Amplitude(Math.Clamp(target!.Value - level, -mostGainDb, mostGainDb)) : 1f;
        _gain = gain;
        float[] samples = [.. _waiting];
        _waiting.Clear();
        return Amplified(samples, gain);
    }

    private static float[] Amplified(ReadOnlySpan<float> samples, float gain)
    {
        var loud = samples.ToArray();
        if (gain == 1) return loud;
        for (var i = 0; i < loud.Length; i++) loud[i] = Math.Clamp(loud[i] * gain, -1, 1);
        return loud;
    }
}
