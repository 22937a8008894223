namespace VoxMake.Speech.Clustering;

/// <summary>How speakers are found.</summary>
public enum ClusteringMethod
{
    /// <summary>Several ways, of which the one is taken that the others bear out.</summary>
    Auto,
    Hdbscan,
    KMeans,
}

/// <summary>What is known, and how to search.</summary>
/// <param name="MinSpeakers">Fewest speakers, 1 or more; null for no bound.</param>
/// <param name="MaxSpeakers">Most speakers; null for no bound.</param>
/// <param name="MinClusterSize">Fewest clips of a speaker; null: 5 for hdbscan, else by the number of clips.</param>
/// <param name="MinSamples">HDBSCAN's; null: as MinClusterSize.</param>
/// <param name="Seed">Where k-means begins.</param>
/// <param name="SampleAt">With more clips than this, <see cref="ClusteringMethod.Auto"/> listens to so many and assigns the rest (2,000: 32 MB of distances).</param>
/// <param name="ExactUpTo">With more clips than this HDBSCAN does.</param>
public sealed record SpeakerClusterSettings(
    ClusteringMethod Method = ClusteringMethod.Auto,
    int? MinSpeakers = null,
    int? MaxSpeakers = null,
    int? MinClusterSize = null,
    int? MinSamples = null,
    long Seed = 42,
    int SampleAt = 2000,
    int ExactUpTo = 50_000)
{
    /// <summary>What one voice is.</summary>
    public VoiceRule Rule { get; init; } = new();

    /// <summary>Fewest clips of a speaker among so many: 1 below 8, else 2 and a quarter of the root. Fewer are outliers.</summary>
    public int LeastOf(int clips) => MinClusterSize ?? (clips < 8 ? 1 : Math.Max(2, (int)(Math.Sqrt(clips) / 4)));
}

/// <summary>One way that was tried.</summary>
/// <param name="Name">Such as <c>hdbscan min_cluster_size=5 eom</c>.</param>
/// <param name="Clusters">Clusters that it found by itself.</param>
/// <param name="Noise">Clips that it put into none.</param>
/// <param name="Voices">Voices after clusters of one voice were joined and clusters of several split.</param>
/// <param name="Silhouette">Of these voices, cosine; null for one.</param>
/// <param name="Stability">How far the other ways come to the same voices: mean adjusted Rand index, each family of ways counted once.</param>
public sealed record ClusterCandidate(string Name, int Clusters, int Noise, int Voices, double? Silhouette, double Stability);

/// <summary>Who may have spoken which clip.</summary>
/// <param name="Labels">Cluster of each clip, from 0 by size, then by first clip; −1 for outliers.</param>
/// <param name="Probabilities">0 (outlier) to 1.</param>
/// <param name="OutlierScores">0 to 1.</param>
/// <param name="Method">The way that was taken, such as <c>auto: average_linkage</c>.</param>
/// <param name="Sure">How sure it is of the whole, 0 to 1 (docs/targets/cluster.md).</param>
/// <param name="Silhouette">Mean silhouette, cosine; null for one speaker.</param>
/// <param name="Candidates">What was tried.</param>
/// <param name="Warnings">In words: why it is not sure, what was left out.</param>
public sealed record SpeakerClusterResult(
    int[] Labels,
    double[] Probabilities,
    double[] OutlierScores,
    string Method,
    double Sure,
    double? Silhouette,
    IReadOnlyList<ClusterCandidate> Candidates,
    IReadOnlyList<string> Warnings)
{
    /// <summary>How many speakers.</summary>
    public int Speakers => Labels.DefaultIfEmpty(-1).Max() + 1;
}

/// <summary>Finds speakers among embeddings.</summary>
public static class SpeakerClusters
{
    /// <summary>Below this <see cref="SpeakerClusterResult.Sure"/> it warns.</summary>
    public const double SureEnough = 0.5;

    /// <summary>A mean silhouette from which on clusters lie clearly apart (Kaufman and Rousseeuw 1990: a reasonable structure).</summary>
    private const double ClearSilhouette = 0.5;

    /// <summary>Cosine silhouettes are taken over so many clips at most.</summary>
    private const int SilhouetteOf = 2000;

    /// <param name="unit">Embeddings on the unit sphere (<see cref="Points.Unit"/>).</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public static SpeakerClusterResult Find(Points unit, SpeakerClusterSettings settings, int threads = 1, CancellationToken cancel = default)
    {
        Check(settings);
        if (unit.Count == 0) return new SpeakerClusterResult([], [], [], "none", 0, null, [], ["there are no clips"]);
        if (unit.Count == 1) return new SpeakerClusterResult([0], [1], [0], "one clip", 0, null, [], ["there is one clip, so there is nothing to compare it with"]);
        var result = settings.Method switch
        {
            ClusteringMethod.Hdbscan => ByHdbscan(unit, settings, threads, cancel),
            ClusteringMethod.KMeans => ByKMeans(unit, settings, threads, cancel),
            _ => AutoClusters.Find(unit, settings, threads, cancel),
        };
        return Ordered(result);
    }

    private static void Check(SpeakerClusterSettings settings)
    {
        if (settings.MinSpeakers < 1) throw new ArgumentException($"min_speakers is {settings.MinSpeakers}, expected 1 or more");
        if (settings.MaxSpeakers < 1) throw new ArgumentException($"max_speakers is {settings.MaxSpeakers}, expected 1 or more");
        if (settings.MinSpeakers > settings.MaxSpeakers) throw new ArgumentException($"min_speakers ({settings.MinSpeakers}) is more than max_speakers ({settings.MaxSpeakers})");
        if (settings.MinClusterSize < (settings.Method == ClusteringMethod.Hdbscan ? 2 : 1))
            throw new ArgumentException($"min_cluster_size is {settings.MinClusterSize}, expected {(settings.Method == ClusteringMethod.Hdbscan ? 2 : 1)} or more");
        if (settings.MinSamples < 1) throw new ArgumentException($"min_samples is {settings.MinSamples}, expected 1 or more");
        if (settings.SampleAt < 2) throw new ArgumentException($"the largest number that is listened to is {settings.SampleAt}, expected 2 or more");
    }

    private static SpeakerClusterResult ByHdbscan(Points unit, SpeakerClusterSettings settings, int threads, CancellationToken cancel)
    {
        var hdbscan = new HdbscanSettings(settings.MinClusterSize ?? 5, settings.MinSamples, ExactUpTo: settings.ExactUpTo);
        var found = Hdbscan.Fit(unit, hdbscan, threads, cancel);
        var noise = found.Labels.Count(label => label < 0);
        var warnings = new List<string>();
        if (settings.MinSpeakers > found.Clusters)
            warnings.Add($"hdbscan found {found.Clusters} clusters, fewer than min_speakers ({settings.MinSpeakers}); it cannot be told a number: use kmeans or auto");
        if (settings.MaxSpeakers < found.Clusters)
            warnings.Add($"hdbscan found {found.Clusters} clusters, more than max_speakers ({settings.MaxSpeakers}); it cannot be told a number: use kmeans or auto");
        if (found.Clusters == 0) warnings.Add("hdbscan found no cluster: with one speaker, or few clips, that is what it says; use auto");
        var silhouette = SilhouetteMean(unit, found.Labels);
        var sure = found.Probabilities.Average() * Math.Clamp((silhouette ?? 0) / ClearSilhouette, 0, 1);
        if (noise > 0) warnings.Add($"{noise} of {unit.Count} clips are in no cluster");
        if (found.Sampled is { } sample) warnings.Add($"{sample.Length} of {unit.Count} clips were clustered, the others assigned to what was found");
        var scores = found.OutlierScores.Select(score => double.IsFinite(score) ? score : 1).ToArray(); // beside something infinitely dense
        return new SpeakerClusterResult(found.Labels, found.Probabilities, scores, "hdbscan", sure, silhouette, [], warnings);
    }

    private static SpeakerClusterResult ByKMeans(Points unit, SpeakerClusterSettings settings, int threads, CancellationToken cancel)
    {
        if (settings is { MinSpeakers: { } told, MaxSpeakers: { } most } && told == most) return Told(unit, told, settings, "kmeans", [], cancel);
        var sample = unit.Count > settings.SampleAt ? StableSample.Of(unit, settings.SampleAt) : [.. Enumerable.Range(0, unit.Count)];
        var heard = sample.Length == unit.Count ? unit : unit.Select(sample);
        var (labels, candidates) = AutoClusters.BestKMeans(heard, PairMatrix.Cosine(heard, threads), settings, cancel);
        var number = labels.Max() + 1;
        return Told(unit, number, settings, "kmeans", candidates, cancel);
    }

    /// <summary>So many speakers, whoever they are.</summary>
    internal static SpeakerClusterResult Told(Points unit, int speakers, SpeakerClusterSettings settings, string method, IReadOnlyList<ClusterCandidate> candidates, CancellationToken cancel)
    {
        var warnings = new List<string>();
        var number = Math.Min(speakers, unit.FirstTwins().Distinct().Count());
        if (number < speakers) warnings.Add($"{speakers} speakers were asked for, but only {number} clips differ");
        var (labels, agreement) = WhitenedKMeans.Fit(unit, number, settings.Seed, cancel);
        var silhouette = SilhouetteMean(unit, labels);
        var (probabilities, scores) = Belonging(unit, labels, settings.Rule);
        var sure = number == 1 ? 1 : Math.Clamp((silhouette ?? 0) / ClearSilhouette, 0, 1) * Math.Clamp(agreement, 0, 1);
        if (sure < SureEnough) warnings.Add($"clusters overlap (silhouette {silhouette:0.00}): listen to cluster_samples, correct, or give a few clips their speakers");
        return new SpeakerClusterResult(labels, probabilities, scores, method, sure, silhouette, candidates, warnings);
    }

    /// <summary>Mean silhouette, cosine, of at most 2,000 clips (chosen by hash); null for fewer than two clusters.</summary>
    internal static double? SilhouetteMean(Points unit, int[] labels)
    {
        var sample = unit.Count > SilhouetteOf ? StableSample.Of(unit, SilhouetteOf) : null;
        var mean = sample is null ? Silhouette.Mean(unit, labels, ClusterMetric.Cosine) : Silhouette.Mean(unit.Select(sample), [.. sample.Select(i => labels[i])], ClusterMetric.Cosine);
        return double.IsNaN(mean) ? null : mean;
    }

    /// <summary>
    /// How well each clip fits its cluster: b / (a + b), with a the distance (1 − cosine) to its own centroid and b that to the next one, or to where another voice begins, whichever is less. 1
    /// at the centroid, 0.5 half way to the next; 0 for outliers. The outlier score is what is missing to 1.
    /// </summary>
    internal static (double[] Probabilities, double[] Scores) Belonging(Points unit, int[] labels, VoiceRule rule)
    {
        var centroids = Centroids(unit, labels);
        var probabilities = new double[unit.Count];
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (labels[i] < 0) continue;
            var own = CosineDistance(unit.Row(i), centroids[labels[i]]);
            var next = rule.Different;
            for (var c = 0; c < centroids.Length; c++)
                if (c != labels[i]) next = Math.Min(next, CosineDistance(unit.Row(i), centroids[c]));
            probabilities[i] = own + next > 0 ? next / (own + next) : 0.5;
        }
        return (probabilities, [.. probabilities.Select(p => 1 - p)]);
    }

    /// <summary>The mean of each cluster, <c>[clusters][width]</c>.</summary>
    internal static double[][] Centroids(Points unit, int[] labels) =>
        [.. Enumerable.Range(0, labels.DefaultIfEmpty(-1).Max() + 1).Select(c => unit.Mean(Enumerable.Range(0, labels.Length).Where(i => labels[i] == c)))];

    internal static double CosineDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var lengths = Math.Sqrt(Points.Dot(a, a) * Points.Dot(b, b));
        return lengths > 0 ? Math.Max(0, 1 - Points.Dot(a, b) / lengths) : 1;
    }

    /// <summary>Numbers clusters by size, then by their first clip.</summary>
    private static SpeakerClusterResult Ordered(SpeakerClusterResult result)
    {
        var labels = result.Labels;
        int[] order = [.. Enumerable.Range(0, result.Speakers).OrderByDescending(c => labels.Count(label => label == c)).ThenBy(c => Array.IndexOf(labels, c))];
        return result with { Labels = [.. labels.Select(label => label < 0 ? -1 : Array.IndexOf(order, label))] };
    }
}
