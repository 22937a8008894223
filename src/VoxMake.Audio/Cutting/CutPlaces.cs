namespace VoxMake.Audio.Cutting;

/// <summary>
/// Places at which a recording might be cut, none of them inside a word: in pauses, in speech between words, or where nobody knows the words at the quietest places; and a chain of cuts that keeps
/// every piece as long as it should be, so that there is always a way from the beginning to the end.
/// </summary>
internal sealed class CutPlaces
{
    /// <summary>Seconds from one place to the next where there are many that are as good.</summary>
    private const double Step = 0.5;

    private readonly SoundMap _map;
    private readonly FrameEnergies _frames;
    private readonly CutPrice _price;
    private readonly long _step;
    private readonly SortedDictionary<long, CutPoint> _places = [];

    private CutPlaces(SoundMap map, FrameEnergies frames, CutPrice price) => (_map, _frames, _price, _step) = (map, frames, price, Math.Max(1, (long)(Step * map.Rate)));

    /// <summary>All places, in order, each once; neither the beginning nor the end of the recording.</summary>
    /// <param name="min">Shortest piece, in samples.</param>
    /// <param name="max">Longest; at least twice <paramref name="min"/>.</param>
    public static List<CutPoint> Find(SoundMap map, FrameEnergies frames, CutPrice price, long min, long max)
    {
        var places = new CutPlaces(map, frames, price);
        foreach (var stretch in Common(map.Pauses, map.Gaps)) places.AddPause(stretch);
        foreach (var stretch in Common(map.Speech, map.Gaps)) places.AddSpeech(stretch);
        places.AddChain(min, max);
        return [.. places._places.Values];
    }

    private void Add(long at)
    {
        if (at > 0 && at < _map.Length) _places.TryAdd(at, _price.At(at));
    }

    /// <summary>The middle of the pause, as near to it as words allow; in a long one also places between.</summary>
    private void AddPause(Stretch free)
    {
        var pause = _map.Pauses[CutPrice.Around(_map.Pauses, (free.Start + free.End) / 2)];
        Add(Math.Clamp((pause.Start + pause.End) / 2, free.Start, free.End));
        for (var at = free.Start + _step; at <= free.End - _step; at += _step) Add(at);
        if (free.Length > 2 * _step) Add(free.End - _step);
    }

    private void AddSpeech(Stretch free)
    {
        if (_map.HasWords && free.Length <= _step)
        {
            Add((free.Start + free.End) / 2);
            return;
        }
        var stretches = Math.Max(1, free.Length / _step);
        for (var i = 0L; i < stretches; i++)
            if (Quietest(new Stretch(free.Start + free.Length * i / stretches, free.Start + free.Length * (i + 1) / stretches)) is { } at) Add(at);
    }

    /// <summary>The middle of the frame at which a cut in speech hurts least; null where no frame's middle lies in the stretch.</summary>
    private long? Quietest(Stretch stretch)
    {
        var best = (Cost: double.PositiveInfinity, At: (long?)null);
        for (var frame = (int)((stretch.Start + _frames.Hop - 1) / _frames.Hop); (long)frame * _frames.Hop <= stretch.End; frame++)
            if (_price.Speaking(frame) is var cost && cost < best.Cost) best = (cost, (long)frame * _frames.Hop);
        return best.At;
    }

    /// <summary>
    /// Cuts from the beginning to the end as a cutter would that looks no further than one piece: at the last pause in reach, else at the cheapest place, else anywhere between words. A piece is too
    /// long only where one word spans all that is in reach.
    /// </summary>
    private void AddChain(long min, long max)
    {
        List<CutPoint> known = [.. _places.Values];
        int from = 0, to = 0; // places within reach
        for (var last = 0L; _map.Length - last > max;)
        {
            var reach = new Stretch(last + min, Math.Min(last + max, _map.Length - min));
            while (from < known.Count && known[from].At < reach.Start) from++;
            while (to < known.Count && known[to].At <= reach.End) to++;
            if (Best(known, from, to) is { } best) last = best;
            else if (Widest(reach) is { } gap) Add(last = Quietest(gap) ?? gap.End);
            else if (to < known.Count) last = known[to].At;
            else break;
        }
    }

    private static long? Best(List<CutPoint> places, int from, int to)
    {
        CutPoint? best = null;
        for (var i = from; i < to; i++)
            if (best is null || !places[i].InSpeech || (best.Value.InSpeech && places[i].Cost < best.Value.Cost)) best = places[i];
        return best?.At;
    }

    /// <summary>The longest stretch in reach in which there is no word; null where a word spans it all.</summary>
    private Stretch? Widest(Stretch reach)
    {
        Stretch? widest = null;
        foreach (var free in Common([reach], _map.Gaps))
            if (widest is null || free.Length > widest.Value.Length) widest = free;
        return widest;
    }

    /// <summary>What lies in one of these and one of those, both in order; stretches that only touch too.</summary>
    private static IEnumerable<Stretch> Common(IReadOnlyList<Stretch> these, IReadOnlyList<Stretch> those)
    {
        var first = 0;
        foreach (var one in these)
        {
            while (first < those.Count && those[first].End < one.Start) first++;
            for (var i = first; i < those.Count && those[i].Start <= one.End; i++)
                if (one.With(those[i]) is { } both) yield return both;
        }
    }
}
