namespace VoxMake.Speech.Clustering;

/// <summary>What becomes of clips that are in no cluster.</summary>
public enum Outliers
{
    /// <summary>They go to the nearest speaker.</summary>
    Nearest,

    /// <summary>They have no speaker.</summary>
    LeaveOut,
}

/// <summary>A clip that was clustered.</summary>
/// <param name="Cluster">From 0; −1 for an outlier.</param>
/// <param name="Probability">Of its cluster, 0 to 1.</param>
/// <param name="Named">The speaker that somebody gave it; null where nobody did.</param>
public sealed record ClusteredClip(string Id, int Cluster, double Probability, string? Named);

/// <summary>Who speaks a clip.</summary>
/// <param name="Speaker">Null for an outlier that is left out.</param>
/// <param name="Probability">1 where somebody said so, else 0 to 1.</param>
public sealed record AssignedClip(string Id, string? Speaker, double Probability);

/// <summary>Speakers of all clips.</summary>
/// <param name="Clips">In the order of the clips that were given.</param>
/// <param name="Speakers">Their names, by clips, then by name.</param>
/// <param name="Warnings">What was joined or split because of names.</param>
public sealed record AssignedSpeakers(IReadOnlyList<AssignedClip> Clips, IReadOnlyList<string> Speakers, IReadOnlyList<string> Warnings);

/// <summary>
/// Speakers from clusters and what people said of a few clips. Cheap: nothing is clustered again.
/// <list type="bullet">
/// <item>Clusters are <c>speaker_0</c>, <c>speaker_1</c> … by size, then by smallest id; corrections do not change these numbers.</item>
/// <item>A cluster takes the name that its named clips have. One name in two clusters joins them.</item>
/// <item>Two names in one cluster split it: each clip goes to the name whose named clips (of the whole, their mean) are nearest.</item>
/// <item>A clip that is given another cluster's <c>speaker_1</c> is moved there, with those of its cluster that are nearer to speaker_1 and its named clips than to the rest.</item>
/// <item>A named clip keeps its name, whatever else.</item>
/// </list>
/// </summary>
public static class SpeakerAssignment
{
    /// <param name="unit">Embeddings of the clips, in the same order.</param>
    public static AssignedSpeakers Assign(IReadOnlyList<ClusteredClip> clips, Points unit, Outliers outliers = Outliers.Nearest)
    {
        if (clips.Count != unit.Count) throw new ArgumentException($"{clips.Count} clips and {unit.Count} embeddings");
        var warnings = new List<string>();
        var clusters = Enumerable.Range(0, clips.Count).Where(i => clips[i].Cluster >= 0).GroupBy(i => clips[i].Cluster)
            .Select(cluster => cluster.ToArray())
            .OrderByDescending(members => members.Length).ThenBy(members => members.Select(i => clips[i].Id).Min(StringComparer.Ordinal), StringComparer.Ordinal)
            .ToList();
        var automatic = Enumerable.Range(0, clusters.Count).ToDictionary(number => $"speaker_{number}");
        var directions = Directions(clips, unit, clusters, automatic);

        var speakers = new string?[clips.Count];
        var probabilities = new double[clips.Count];
        var tookName = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var number = 0; number < clusters.Count; number++)
        {
            var (own, members) = ($"speaker_{number}", clusters[number]);
            List<string> names = [.. members.Select(i => clips[i].Named).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
            // A name that is another cluster's number does not rename this one: its clips were put here by mistake.
            if (names.Count > 0 && names.All(name => automatic.ContainsKey(name)) && !names.Contains(own)) names.Add(own);
            if (names.Count == 0) names.Add(own);
            if (names.Count == 1)
            {
                foreach (var i in members) (speakers[i], probabilities[i]) = (names[0], clips[i].Probability);
                (tookName.TryGetValue(names[0], out var list) ? list : tookName[names[0]] = []).Add(number);
                continue;
            }
            warnings.Add($"{own} ({members.Length} clips) holds {string.Join(" and ", names)}: its clips went to the nearer of them");
            foreach (var i in members) (speakers[i], probabilities[i]) = Nearest(unit.Row(i), names, directions);
        }
        foreach (var (name, numbers) in tookName)
            if (numbers.Count > 1)
                warnings.Add($"'{name}' was said of clips of {string.Join(" and ", numbers.Select(number => $"speaker_{number} ({clusters[number].Length} clips)"))}: they are one speaker now");

        for (var i = 0; i < clips.Count; i++)
            if (clips[i].Named is { } named) (speakers[i], probabilities[i]) = (named, 1);
        if (outliers == Outliers.Nearest) PlaceOutliers(clips, unit, speakers, probabilities);

        List<string> order = [.. speakers.OfType<string>().CountBy(name => name).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key)];
        return new AssignedSpeakers([.. clips.Select((clip, i) => new AssignedClip(clip.Id, speakers[i], probabilities[i]))], order, warnings);
    }

    /// <summary>Where each name lies: the mean of its named clips. For a cluster's number, that of the cluster (without clips that are said to be somebody else's) and of clips said to be
    /// its.</summary>
    private static Dictionary<string, double[]> Directions(IReadOnlyList<ClusteredClip> clips, Points unit, List<int[]> clusters, Dictionary<string, int> automatic)
    {
        var members = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var i = 0; i < clips.Count; i++)
            if (clips[i].Named is { } name) (members.TryGetValue(name, out var list) ? list : members[name] = []).Add(i);
        foreach (var (name, number) in automatic)
        {
            var own = clusters[number].Where(i => clips[i].Named is null || clips[i].Named == name);
            members[name] = [.. own.Concat(members.GetValueOrDefault(name) ?? []).Distinct()];
        }
        return members.Where(pair => pair.Value.Count > 0).ToDictionary(pair => pair.Key, pair => unit.Mean(pair.Value), StringComparer.Ordinal);
    }

    private static void PlaceOutliers(IReadOnlyList<ClusteredClip> clips, Points unit, string?[] speakers, double[] probabilities)
    {
        var places = Enumerable.Range(0, clips.Count).Where(i => speakers[i] is not null).GroupBy(i => speakers[i]!).ToDictionary(speaker => speaker.Key, speaker => unit.Mean(speaker),
            StringComparer.Ordinal);
        List<string> names = [.. places.Keys.Order(StringComparer.Ordinal)];
        for (var i = 0; i < clips.Count; i++)
        {
            if (speakers[i] is not null) continue;
            (speakers[i], probabilities[i]) = names.Count == 0 ? ("speaker_0", 0) : Nearest(unit.Row(i), names, places);
        }
    }

    /// <summary>The nearest of some names, and how much nearer it is than the next: b / (a + b).</summary>
    private static (string Name, double Probability) Nearest(ReadOnlySpan<double> row, List<string> names, Dictionary<string, double[]> places)
    {
        var (best, least, next) = (names[0], double.PositiveInfinity, new VoiceRule().Different);
        foreach (var name in names)
        {
            if (!places.TryGetValue(name, out var place)) continue;
            var distance = SpeakerClusters.CosineDistance(row, place);
            if (distance < least)
            {
                if (!double.IsPositiveInfinity(least)) next = least;
                (best, least) = (name, distance);
            }
            else if (distance < next) next = distance;
        }
        return (best, least + next > 0 ? next / (least + next) : 0.5);
    }
}
