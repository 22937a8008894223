namespace VoxMake.Speech.Clustering;

/// <summary>The clips that a speaker is best known by: those nearest to the mean of all of the speaker's.</summary>
public static class TypicalClips
{
    /// <summary>For each speaker the clips, most typical first (equals: by id).</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<int>> Of(IReadOnlyList<AssignedClip> clips, Points unit)
    {
        if (clips.Count != unit.Count) throw new ArgumentException($"{clips.Count} clips and {unit.Count} embeddings");
        var typical = new SortedDictionary<string, IReadOnlyList<int>>(StringComparer.Ordinal);
        foreach (var speaker in Enumerable.Range(0, clips.Count).Where(i => clips[i].Speaker is not null).GroupBy(i => clips[i].Speaker!))
        {
            var mean = unit.Mean(speaker);
            typical[speaker.Key] = [.. speaker.OrderBy(i => SpeakerClusters.CosineDistance(unit.Row(i), mean)).ThenBy(i => clips[i].Id, StringComparer.Ordinal)];
        }
        return typical;
    }
}
