namespace VoxMake.Corpus;

/// <summary>Speakers' names and their indices, which a model learns by: names known before keep theirs, new ones follow in ordinal order.</summary>
public static class SpeakerIndex
{
    /// <summary>All names, by index.</summary>
    /// <param name="known">Names in the order remembered.</param>
    /// <param name="present">Names in the data, in any order.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> known, IEnumerable<string> present)
    {
        var before = known.ToHashSet(StringComparer.Ordinal);
        return [.. known, .. present.Where(name => !before.Contains(name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}
