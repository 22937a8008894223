namespace VoxMake.Speech.Speakers.Turns;

/// <summary>
/// Merges groups of embeddings that lie nearest, by the mean cosine of their members (average linkage: UPGMA, Sokal and Michener 1958), until none are near enough. The mean cosine of two groups is the dot
/// product of their sums over the product of their sizes, so that members need not be kept.
/// </summary>
internal sealed class Agglomeration
{
    private readonly float[][] _sums;
    private readonly int[] _sizes;
    private readonly int[] _label;
    private readonly double[] _best; // of each group, its similarity to the nearest of those after it
    private readonly int[] _nearest;
    private readonly float[] _similarity; // [groups, groups], above the diagonal
    private int _groups;

    /// <param name="sums">Of each group the sum of its members, which have length 1.</param>
    /// <param name="sizes">Members of each group.</param>
    private Agglomeration(float[][] sums, int[] sizes)
    {
        (_sums, _sizes, _groups) = (sums, sizes, sums.Length);
        _label = [.. Enumerable.Range(0, sums.Length)];
        (_best, _nearest, _similarity) = (new double[sums.Length], new int[sums.Length], new float[(long)sums.Length * sums.Length]);
        for (var a = 0; a < sums.Length; a++)
        {
            for (var b = a + 1; b < sums.Length; b++) _similarity[(long)a * sums.Length + b] = Of(a, b);
            Search(a);
        }
    }

    /// <summary>Which group each of the given ones becomes a part of.</summary>
    /// <param name="threshold">Least mean cosine at which groups are merged.</param>
    /// <param name="least">Never fewer groups than this, as far as there are so many.</param>
    /// <param name="most">Never more than this: what lies nearest is merged however far.</param>
    /// <returns>A number for each: 0 for the group of the first, then on in their order.</returns>
    public static int[] Merge(float[][] sums, int[] sizes, double threshold, int least, int most)
    {
        var groups = new Agglomeration([.. sums.Select(sum => sum.ToArray())], [.. sizes]);
        while (groups._groups > Math.Max(1, least) && groups.MergeNearest(groups._groups > most ? double.NegativeInfinity : threshold)) { }
        var numbers = new Dictionary<int, int>();
        return [.. groups._label.Select(label =>
        {
            if (!numbers.TryGetValue(label, out var number)) numbers[label] = number = numbers.Count;
            return number;
        })];
    }

    private float Of(int a, int b) => Vectors.Dot(_sums[a], _sums[b]) / ((float)_sizes[a] * _sizes[b]);

    private void Search(int a)
    {
        (_best[a], _nearest[a]) = (double.NegativeInfinity, -1);
        if (_sizes[a] == 0) return;
        var row = _similarity.AsSpan(a * _sums.Length, _sums.Length);
        for (var b = a + 1; b < row.Length; b++)
            if (_sizes[b] > 0 && row[b] > _best[a]) (_best[a], _nearest[a]) = (row[b], b);
    }

    private bool MergeNearest(double threshold)
    {
        var a = 0;
        for (var other = 1; other < _best.Length; other++)
            if (_best[other] > _best[a]) a = other;
        if (_nearest[a] < 0 || _best[a] < threshold) return false;
        var b = _nearest[a];
        for (var i = 0; i < _sums[a].Length; i++) _sums[a][i] += _sums[b][i];
        _sizes[a] += _sizes[b];
        _sizes[b] = 0;
        for (var i = 0; i < _label.Length; i++)
            if (_label[i] == b) _label[i] = a;
        _groups--;
        for (var c = 0; c < _sums.Length; c++)
        {
            if (_sizes[c] == 0 || c == a) continue;
            var (low, high) = (Math.Min(a, c), Math.Max(a, c));
            var similarity = Of(a, c);
            _similarity[(long)low * _sums.Length + high] = similarity;
            if (low == a) continue;
            if (_nearest[low] == a || _nearest[low] == b) Search(low);
            else if (similarity > _best[low]) (_best[low], _nearest[low]) = (similarity, a);
        }
        for (var c = a + 1; c < b; c++)
            if (_sizes[c] > 0 && _nearest[c] == b) Search(c);
        Search(a);
        Search(b);
        return true;
    }
}
