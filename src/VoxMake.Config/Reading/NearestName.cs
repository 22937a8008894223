namespace VoxMake.Config.Reading;

/// <summary>What a misspelt name was probably meant to be.</summary>
internal static class NearestName
{
    private const int LongestName = 64;

    /// <summary>The known name with the smallest edit distance, if that is at most a third of its length, capitals and hyphens aside; null: none is near.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        if (name.Length is 0 or > LongestName) return null;
        var folded = Fold(name);
        string? nearest = null;
        var smallest = int.MaxValue;
        foreach (var candidate in known)
        {
            var distance = Distance(folded, Fold(candidate));
            if (distance > Math.Max(1, candidate.Length / 3) || distance >= smallest) continue;
            (nearest, smallest) = (candidate, distance);
        }
        return nearest;
    }

    private static string Fold(string name) => name.ToLowerInvariant().Replace('-', '_');

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        Span<int> before = stackalloc int[b.Length + 1], last = stackalloc int[b.Length + 1], now = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            now[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                now[j] = Math.Min(Math.Min(last[j], now[j - 1]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) now[j] = Math.Min(now[j], before[j - 2] + 1);
            }
            var spare = before;
            before = last;
            last = now;
            now = spare;
        }
        return last[b.Length];
    }
}
