namespace VoxMake.Speech.Clustering;

/// <summary>What joining groups by average linkage came to.</summary>
/// <param name="Labels">The group of each point, from 0, numbered by first points.</param>
/// <param name="Tightest">The largest share of its limit at which two groups were still joined, 0 to 1.</param>
public sealed record VoiceGroups(int[] Labels, double Tightest)
{
    /// <summary>How many there are.</summary>
    public int Count => Labels.DefaultIfEmpty(-1).Max() + 1;
}

/// <summary>Joins groups of points, the nearest first, as long as a <see cref="VoiceRule"/> says that they are one voice (average linkage, Sokal and Michener 1958).</summary>
public sealed class VoiceLinkage
{
    private readonly VoiceRule _rule;
    private readonly int _count;
    private readonly double[] _between; // sums of distances between groups, [count, count]; on the diagonal within, each pair once
    private readonly int[] _size;
    private readonly bool[] _closed; // pairs that were refused
    private readonly int[] _nearest;
    private readonly int[] _into;

    private VoiceLinkage(PairMatrix distances, int[] labels, VoiceRule rule)
    {
        _rule = rule;
        _count = labels.DefaultIfEmpty(-1).Max() + 1;
        _between = new double[(long)_count * _count];
        _closed = new bool[_between.Length];
        _size = new int[_count];
        _nearest = new int[_count];
        _into = [.. Enumerable.Range(0, _count)];
        for (var i = 0; i < labels.Length; i++)
        {
            _size[labels[i]]++;
            for (var j = 0; j < i; j++)
            {
                _between[At(labels[i], labels[j])] += distances[i, j];
                if (labels[i] != labels[j]) _between[At(labels[j], labels[i])] += distances[i, j];
            }
        }
    }

    /// <summary>Joins single points.</summary>
    public static VoiceGroups Of(PairMatrix distances, VoiceRule rule) => Join(distances, [.. Enumerable.Range(0, distances.Count)], rule);

    /// <summary>Joins groups that are there.</summary>
    /// <param name="labels">The group of each point, 0 to the number of groups − 1, each with a point.</param>
    /// <param name="most">Down to so many groups they are joined whether they are one voice or not; 0 for as the rule says.</param>
    public static VoiceGroups Join(PairMatrix distances, int[] labels, VoiceRule rule, int most = 0)
    {
        if (labels.Length != distances.Count) throw new ArgumentException($"{labels.Length} labels for {distances.Count} points");
        var linkage = new VoiceLinkage(distances, labels, rule);
        var tightest = linkage.Join(most);
        return new VoiceGroups(Renumbered([.. labels.Select(label => linkage.Root(label))]), tightest);
    }

    /// <summary>Of each pair of groups, the mean distance between them as a share of the limit for one voice; above 1 they are two. The least of all pairs; infinity for one group.</summary>
    public static double Closest(PairMatrix distances, int[] labels, VoiceRule rule)
    {
        var linkage = new VoiceLinkage(distances, labels, rule);
        var least = double.PositiveInfinity;
        for (var a = 0; a < linkage._count; a++)
            for (var b = 0; b < a; b++) least = Math.Min(least, linkage.Distance(a, b) / linkage.Limit(a, b));
        return least;
    }

    /// <summary>Labels from 0, in the order of their first points; −1 stays.</summary>
    public static int[] Renumbered(IReadOnlyList<int> labels)
    {
        var names = new Dictionary<int, int>();
        return [.. labels.Select(label => label < 0 ? -1 : names.TryGetValue(label, out var name) ? name : names[label] = names.Count)];
    }

    private double Join(int most)
    {
        var groups = _count;
        for (var i = 0; i < _count; i++) FindNearest(i);
        double tightest = 0;
        while (true)
        {
            var best = -1;
            for (var i = 0; i < _count; i++)
                if (_into[i] == i && _nearest[i] >= 0 && (best < 0 || Distance(i, _nearest[i]) < Distance(best, _nearest[best]))) best = i;
            if (best < 0) return tightest;
            var (a, b) = (Math.Min(best, _nearest[best]), Math.Max(best, _nearest[best]));
            var (distance, limit) = (Distance(a, b), Limit(a, b));
            if (distance > limit && (most == 0 || groups <= most))
            {
                _closed[At(a, b)] = _closed[At(b, a)] = true;
                FindNearest(a);
                FindNearest(b);
                continue;
            }
            if (distance <= limit) tightest = Math.Max(tightest, distance / limit);
            Merge(a, b);
            groups--;
        }
    }

    private void Merge(int a, int b)
    {
        _between[At(a, a)] += _between[At(b, b)] + _between[At(a, b)];
        _into[b] = a;
        _size[a] += _size[b];
        for (var c = 0; c < _count; c++)
        {
            if (_into[c] != c || c == a) continue;
            _between[At(a, c)] = _between[At(c, a)] = _between[At(a, c)] + _between[At(b, c)];
            _closed[At(a, c)] = _closed[At(c, a)] = false; // it is another group now
        }
        for (var c = 0; c < _count; c++)
        {
            if (_into[c] != c || c == a) continue;
            if (_nearest[c] == a || _nearest[c] == b || _nearest[c] < 0) FindNearest(c);
            else if (Distance(c, a) < Distance(c, _nearest[c]) || (Distance(c, a) == Distance(c, _nearest[c]) && a < _nearest[c])) _nearest[c] = a;
        }
        FindNearest(a);
    }

    private void FindNearest(int group)
    {
        var best = -1;
        for (var c = 0; c < _count; c++)
            if (c != group && _into[c] == c && !_closed[At(group, c)] && (best < 0 || Distance(group, c) < Distance(group, best))) best = c;
        _nearest[group] = best;
    }

    private double Distance(int a, int b) => _between[At(a, b)] / ((double)_size[a] * _size[b]);

    private double Limit(int a, int b)
    {
        static double Pairs(double size) => size * (size - 1) / 2;
        var pairs = Pairs(_size[a]) + Pairs(_size[b]);
        return _rule.Limit(pairs == 0 ? 0 : (_between[At(a, a)] + _between[At(b, b)]) / pairs);
    }

    private int Root(int group)
    {
        while (_into[group] != group) group = _into[group];
        return group;
    }

    private long At(int a, int b) => (long)a * _count + b;
}
