namespace VoxMake.Speaking;

/// <summary>Pieces one after the other, the end of each laid over the beginning of the next with equal power.</summary>
/// <param name="overlap">Samples; 0: they only follow.</param>
internal sealed class PieceJoin(int overlap)
{
    private readonly List<float> _tail = []; // of this piece, as long as another may follow
    private float[] _before = []; // the last piece's tail
    private int _mixed;

    /// <summary>Samples of the present piece; gives those that are ready.</summary>
    public float[] Add(ReadOnlySpan<float> samples)
    {
        foreach (var sample in samples) _tail.Add(_mixed < _before.Length ? Mixed(sample) : sample);
        if (_tail.Count <= overlap) return [];
        float[] ready = [.. _tail[..^overlap]];
        _tail.RemoveRange(0, ready.Length);
        return ready;
    }

    /// <summary>Another piece follows.</summary>
    public void Next()
    {
        (_before, _mixed) = (Left(), 0);
        _tail.Clear();
    }

    /// <summary>What is left, when nothing follows.</summary>
    public float[] Finish() => Left();

    /// <summary>The present piece's end, and what a piece shorter than the overlap left of the one before.</summary>
    private float[] Left() => [.. _tail, .. _before[_mixed..]];

    private float Mixed(float sample)
    {
        var angle = (_mixed + 0.5) / _before.Length * Math.PI / 2;
        return (float)(_before[_mixed++] * Math.Cos(angle) + sample * Math.Sin(angle));
    }
}
