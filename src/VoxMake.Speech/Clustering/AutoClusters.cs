using System.Globalization;

namespace VoxMake.Speech.Clustering;

/// <summary>
/// Finds the number of speakers. Average linkage, HDBSCAN with several settings and k-means with several numbers each propose clusters; in every proposal clusters of one voice are joined and
/// those of several are split (<see cref="VoiceRule"/>); the voices are taken that most ways come to (stability), of equally stable ones those of the best silhouette.
/// </summary>
internal static class AutoClusters
{
    /// <summary>Clusters that k-means tries at most.</summary>
    private const int MostMeans = 12;

    /// <summary>Margins to the rule's limits from this on count as full: a fifth.</summary>
    private const double FullMargin = 0.2;

    /// <summary>Mean 1 − cosine within a voice: up to the first nothing is odd, from the second on it need not be one voice. Clips above two seconds have 0.07 to 0.2.</summary>
    private const double Compact = 0.20, Scattered = 0.27;

    public static SpeakerClusterResult Find(Points unit, SpeakerClusterSettings settings, int threads, CancellationToken cancel)
    {
        if (settings is { MinSpeakers: { } told, MaxSpeakers: { } most } && told == most) return SpeakerClusters.Told(unit, told, settings, "auto: kmeans, told the number", [], cancel);

        var warnings = new List<string>();
        int[] sample = unit.Count > settings.SampleAt ? StableSample.Of(unit, settings.SampleAt) : [.. Enumerable.Range(0, unit.Count)];
        if (sample.Length < unit.Count) warnings.Add($"{sample.Length} of {unit.Count} clips were clustered, the others assigned to the nearest speaker; a speaker of few clips may have been missed");
        var heard = sample.Length == unit.Count ? unit : unit.Select(sample);
        var distances = PairMatrix.Cosine(heard, threads);
        var ways = Ways(heard, distances, settings, threads, cancel);
        var chosen = Choose(ways);
        var candidates = ways.Select(way => way.Candidate).ToList();

        var least = settings.LeastOf(heard.Count);
        var labels = WithoutSmall(chosen.Labels, least, out var outliers);
        var voices = labels.Max() + 1;
        if (Math.Clamp(voices, settings.MinSpeakers ?? 1, settings.MaxSpeakers ?? int.MaxValue) is var bound && bound != voices)
        {
            var held = SpeakerClusters.Told(unit, bound, settings, "auto: kmeans, held to the bounds", candidates, cancel);
            return held with { Sure = Math.Min(held.Sure, 0.5), Warnings = [.. warnings,
                $"{voices} {(voices == 1 ? "voice was" : "voices were")} heard, but {bound} were asked for", .. held.Warnings] };
        }

        var sure = Sure(ways, chosen, labels, distances, settings.Rule, warnings);
        if (outliers > 0) warnings.Add($"{outliers} clips are like none of the speakers, or a speaker of fewer than {least} clips");
        if (sample.Length < unit.Count) labels = Spread(unit, sample, labels);
        var (probabilities, scores) = SpeakerClusters.Belonging(unit, labels, settings.Rule);
        return new SpeakerClusterResult(labels, probabilities, scores, $"auto: {chosen.Candidate.Name}", sure, SpeakerClusters.SilhouetteMean(unit, labels), candidates, warnings);
    }

    /// <summary>k-means with the number of the best silhouette; one, where its clusters are one voice.</summary>
    public static (int[] Labels, IReadOnlyList<ClusterCandidate> Candidates) BestKMeans(Points unit, PairMatrix distances, SpeakerClusterSettings settings, CancellationToken cancel)
    {
        var candidates = new List<ClusterCandidate>();
        var (best, bestSilhouette) = (new int[unit.Count], double.NegativeInfinity);
        var most = Math.Min(settings.MaxSpeakers ?? MostMeans, unit.Count - 1);
        for (var k = Math.Max(2, settings.MinSpeakers ?? 2); k <= most; k++)
        {
            var labels = VoiceLinkage.Renumbered(KMeans.Fit(unit, k, settings.Seed, starts: 4, cancel: cancel).Labels);
            var silhouette = Silhouette.MeanOf(Silhouette.Samples(distances, labels), labels);
            candidates.Add(new ClusterCandidate($"kmeans k={k}", k, 0, k, double.IsNaN(silhouette) ? null : silhouette, 0));
            if (silhouette > bestSilhouette) (best, bestSilhouette) = (labels, silhouette);
        }
        if ((settings.MinSpeakers ?? 1) == 1 && VoiceLinkage.Join(distances, best, settings.Rule).Count == 1) best = new int[unit.Count];
        return (best, candidates);
    }

    private sealed record Way(string Family, int[] Labels, double Tightest, ClusterCandidate Candidate);

    private static List<Way> Ways(Points unit, PairMatrix distances, SpeakerClusterSettings settings, int threads, CancellationToken cancel)
    {
        var linkage = VoiceLinkage.Of(distances, settings.Rule);
        var ways = new List<Way> { Made("linkage", "average_linkage", linkage.Labels, distances, settings.Rule) };
        var known = new Dictionary<int, Reachability>();
        foreach (var size in new[] { settings.LeastOf(unit.Count), 3, 5, 10, (int)Math.Sqrt(unit.Count) }.Select(size => Math.Max(2, size)).Distinct().Where(size => 2 * size <= unit.Count).Order())
        {
            var samples = settings.MinSamples ?? Math.Min(size, 5);
            if (!known.TryGetValue(samples, out var reachability)) known.Add(samples, reachability = Reachability.Of(unit, samples, threads, cancel));
            foreach (var method in Enum.GetValues<ClusterSelectionMethod>())
            {
                var found = Hdbscan.Fit(unit, reachability, new HdbscanSettings(size, settings.MinSamples, method));
                var name = string.Create(CultureInfo.InvariantCulture, $"hdbscan min_cluster_size={size} {method.ToString().ToLowerInvariant()}");
                ways.Add(Made("hdbscan", name, found.Labels, distances, settings.Rule));
            }
        }
        var (means, _) = BestKMeans(unit, distances, settings, cancel);
        ways.Add(Made("kmeans", $"kmeans k={means.Max() + 1}", means, distances, settings.Rule));
        return [.. ways.Select(way => way with { Candidate = way.Candidate with { Stability = Stability(way, ways) } })];
    }

    /// <summary>Joins and splits what a way found until every cluster is one voice.</summary>
    private static Way Made(string family, string name, int[] found, PairMatrix distances, VoiceRule rule)
    {
        var labels = new int[found.Length];
        var next = 0;
        foreach (var cluster in found.Distinct().Order())
        {
            int[] members = [.. Enumerable.Range(0, found.Length).Where(i => found[i] == cluster)];
            if (cluster < 0) foreach (var member in members) labels[member] = next++; // each by itself
            else
            {
                var parts = VoiceLinkage.Of(distances.Select(members), rule);
                for (var i = 0; i < members.Length; i++) labels[members[i]] = next + parts.Labels[i];
                next += parts.Count;
            }
        }
        var voices = VoiceLinkage.Join(distances, labels, rule);
        var silhouette = Silhouette.MeanOf(Silhouette.Samples(distances, voices.Labels), voices.Labels);
        var candidate = new ClusterCandidate(name, found.Max() + 1, found.Count(label => label < 0), voices.Count, double.IsNaN(silhouette) ? null : silhouette, 0);
        return new Way(family, voices.Labels, voices.Tightest, candidate);
    }

    /// <summary>The mean agreement with all ways; each family of ways counts once.</summary>
    private static double Stability(Way way, List<Way> ways) =>
        ways.GroupBy(other => other.Family).Average(family => family.Average(other => PartitionAgreement.AdjustedRand(way.Labels, other.Labels)));

    private static Way Choose(List<Way> ways)
    {
        var stable = ways.Max(way => way.Candidate.Stability);
        return ways.Where(way => way.Candidate.Stability >= stable - 0.02).MaxBy(way => way.Candidate.Silhouette ?? 0)!; // the first of equals: average linkage
    }

    /// <summary>Clusters of fewer clips than a speaker has are outliers, unless all are.</summary>
    private static int[] WithoutSmall(int[] labels, int least, out int outliers)
    {
        var sizes = labels.CountBy(label => label).ToDictionary();
        outliers = 0;
        if (sizes.Values.Max() < least) return labels;
        outliers = sizes.Values.Where(size => size < least).Sum();
        return VoiceLinkage.Renumbered([.. labels.Select(label => sizes[label] < least ? -1 : label)]);
    }

    /// <summary>The share of ways that agree, times how far the nearest decision lies from where the rule would have decided otherwise, or less where clips of a voice scatter.</summary>
    private static double Sure(List<Way> ways, Way chosen, int[] labels, PairMatrix distances, VoiceRule rule, List<string> warnings)
    {
        int[] kept = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] >= 0)];
        var joined = Math.Clamp((1 - chosen.Tightest) / FullMargin, 0, 1);
        var closest = VoiceLinkage.Closest(distances.Select(kept), [.. kept.Select(i => labels[i])], rule);
        var apart = Math.Clamp((closest - 1) / FullMargin, 0, 1);
        var compact = Math.Clamp((Scattered - Widest(distances, labels)) / (Scattered - Compact), 0, 1);
        var agree = Math.Clamp(chosen.Candidate.Stability, 0, 1);
        var sure = Math.Min(compact, Math.Min(joined, apart)) * agree;
        if (sure < SpeakerClusters.SureEnough)
        {
            if (compact <= Math.Min(joined, Math.Min(apart, agree)))
                warnings.Add("the clips of one voice differ more than one voice's do: short clips (below two seconds), noise, moods, or several speakers taken for one");
            else if (joined <= Math.Min(apart, agree))
                warnings.Add("some clips of what is taken for one voice are nearly as far apart as two voices would be: short or varied speech, or two speakers who sound alike");
            else if (apart <= agree) warnings.Add("two of the speakers are nearly as near as one voice would be: one speaker in two rooms or moods, or two who sound alike");
            else warnings.Add("the ways of clustering do not agree on who is who");
            warnings.Add("if the number of speakers is known, give it (min_speakers, max_speakers); or give a few clips their speakers");
        }
        return sure;
    }

    /// <summary>The mean distance within the widest voice of at least three clips.</summary>
    private static double Widest(PairMatrix distances, int[] labels)
    {
        double widest = 0;
        foreach (var voice in Enumerable.Range(0, labels.Length).Where(i => labels[i] >= 0).GroupBy(i => labels[i]).Select(voice => voice.ToArray()).Where(voice => voice.Length >= 3))
        {
            double sum = 0;
            for (var i = 0; i < voice.Length; i++)
                for (var j = 0; j < i; j++) sum += distances[voice[i], voice[j]];
            widest = Math.Max(widest, sum / (voice.Length * (voice.Length - 1) / 2.0));
        }
        return widest;
    }

    /// <summary>Assigns the clips that were not listened to, to the nearest centroid.</summary>
    private static int[] Spread(Points unit, int[] sample, int[] heard)
    {
        var centroids = SpeakerClusters.Centroids(unit.Select(sample), heard);
        var labels = new int[unit.Count];
        for (var i = 0; i < labels.Length; i++) labels[i] = Enumerable.Range(0, centroids.Length).MinBy(c => SpeakerClusters.CosineDistance(unit.Row(i), centroids[c]));
        for (var i = 0; i < sample.Length; i++) labels[sample[i]] = heard[i];
        return labels;
    }
}
