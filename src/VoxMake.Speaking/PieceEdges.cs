using VoxMake.Audio;

namespace VoxMake.Speaking;

/// <summary>
/// The ends of a piece, while it comes: so much silence before the first sound and after the last as was asked for, cut or added, and a short rise and fall, so that nothing clicks. Sound is given
/// out at once, but for the samples of the fall; of silence only what is more than may stay at the end waits until sound follows.
/// </summary>
/// <param name="lead">Samples of silence before the first sound.</param>
/// <param name="trail">The same after the last.</param>
/// <param name="fade">Samples that rise, and that fall.</param>
/// <param name="silenceDb">Level of silence.</param>
/// <param name="block">Samples that are judged together.</param>
internal sealed class PieceEdges(int lead, int trail, int fade, double silenceDb, int block)
{
    private readonly double _silence = silenceDb <= -200 ? -1 : Math.Pow(Level.Amplitude(silenceDb), 2); // a mean square
    private readonly List<float> _whole = [], _quiet = [], _falling = [], _out = [];
    private bool _begun;
    private int _quietGiven, _risen;

    /// <summary>Whether there was any sound.</summary>
    public bool HasSound => _begun;

    /// <summary>Adds samples; gives those that are ready.</summary>
    public float[] Add(ReadOnlySpan<float> samples)
    {
        _whole.AddRange(samples);
        var at = 0;
        for (; _whole.Count - at >= block; at += block) Take(_whole.GetRange(at, block));
        _whole.RemoveRange(0, at);
        return Ready();
    }

    /// <summary>What is left, when nothing follows; nothing where there was no sound at all.</summary>
    public float[] Finish()
    {
        if (_whole.Count > 0) Take(_whole);
        _whole.Clear();
        if (!_begun) return [];
        for (var i = 0; i < _falling.Count; i++) _out.Add(_falling[i] * ((_falling.Count - i) / (fade + 1f)));
        _falling.Clear();
        _out.AddRange(Enumerable.Repeat(0f, Math.Max(0, trail - _quietGiven)));
        return Ready();
    }

    private void Take(List<float> samples)
    {
        var loud = Level.SumOfSquares(samples.ToArray()) / samples.Count > _silence;
        if (!_begun && !loud)
        {
            _quiet.AddRange(samples);
            if (_quiet.Count > lead) _quiet.RemoveRange(0, _quiet.Count - lead);
            return;
        }
        if (!_begun) _out.AddRange(Enumerable.Repeat(0f, lead - _quiet.Count));
        _begun = true;
        if (loud)
        {
            Give(_quiet);
            Give(samples);
            _quiet.Clear();
            _quietGiven = 0;
            return;
        }
        var stays = Math.Min(samples.Count, trail - _quietGiven);
        Give(samples[..stays]);
        _quietGiven += stays;
        _quiet.AddRange(samples[stays..]);
    }

    private void Give(List<float> samples)
    {
        foreach (var sample in samples) _falling.Add(_risen < fade ? sample * (++_risen / (fade + 1f)) : sample);
        if (_falling.Count <= fade) return;
        _out.AddRange(_falling[..^fade]);
        _falling.RemoveRange(0, _falling.Count - fade);
    }

    private float[] Ready()
    {
        float[] ready = [.. _out];
        _out.Clear();
        return ready;
    }
}
