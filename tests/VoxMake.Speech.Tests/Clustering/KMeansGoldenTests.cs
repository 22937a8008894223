using System.Text.Json;
using VoxMake.Speech.Clustering;

namespace VoxMake.Speech.Tests.Clustering;

/// <summary>k-means, silhouettes and agreement of partitions beside scikit-learn (speakers/README.md).</summary>
public sealed class KMeansGoldenTests
{
    private static IEnumerable<(string Set, JsonElement Case)> All()
    {
        foreach (var set in SpeakerVectors.SmallSets)
            foreach (var one in SpeakerVectors.Of(set).GetProperty("kmeans").EnumerateArray()) yield return (set, one);
        foreach (var corpus in SpeakerVectors.Corpora)
            foreach (var name in new[] { "kmeans", "kmeans_k2" }) yield return (corpus, SpeakerVectors.Of(corpus).GetProperty(name));
    }

    [SkippableFact]
    public void From_given_centres_labels_inertia_and_rounds_are_those_of_scikit_learn()
    {
        var seen = 0;
        foreach (var (set, one) in All())
        {
            var points = SpeakerVectors.Points(set);
            var given = one.GetProperty("given_init");
            var result = KMeans.Fit(points, [.. SpeakerVectors.Ints(given.GetProperty("init_rows")).Select(row => points.Row(row).ToArray())]);
            Assert.Equal(SpeakerVectors.Ints(given.GetProperty("labels")), result.Labels);
            Relative(given.GetProperty("inertia").GetDouble(), result.Inertia, 1e-9);
            // Points of this grid lie as near to one first centre as to the other; there, rounding decides, and one round more or less is needed.
            if (set != "two_grids") Assert.True(given.GetProperty("n_iter").GetInt32() == result.Iterations, $"{set}: {result.Iterations} rounds, {given.GetProperty("n_iter").GetInt32()} there");
            seen++;
        }
        Assert.InRange(seen, 20, 30);
    }

    [SkippableFact]
    public void From_given_centres_the_centres_are_those_of_scikit_learn()
    {
        foreach (var (set, one) in All())
        {
            var k = one.GetProperty("k").GetInt32();
            if (SpeakerVectors.Corpora.Contains(set) && k == 2) continue; // its centres are not in the file
            var points = SpeakerVectors.Points(set);
            var result = KMeans.Fit(points, [.. SpeakerVectors.Ints(one.GetProperty("given_init").GetProperty("init_rows")).Select(row => points.Row(row).ToArray())]);
            var corpus = SpeakerVectors.Corpora.Contains(set);
            double[] expected = corpus ? [.. SpeakerVectors.CorpusCentres(set).Select(value => (double)value)] : SpeakerVectors.SmallDoubles($"{set}.kmeans{k}_given_init_centres");
            double[] actual = [.. result.Centres.SelectMany(centre => centre)];
            Assert.Equal(expected.Length, actual.Length);
            foreach (var (theirs, ours) in expected.Zip(actual)) Assert.Equal(theirs, ours, corpus ? 1e-7 : 1e-9); // the corpora's are stored in float32
        }
    }

    [SkippableFact]
    public void From_centres_drawn_far_apart_the_inertia_is_not_worse_than_scikit_learns()
    {
        foreach (var (set, one) in All())
            Assert.InRange(KMeans.Fit(SpeakerVectors.Points(set), one.GetProperty("k").GetInt32(), seed: 7).Inertia, 0, one.GetProperty("inertia").GetDouble() * 1.01 + 1e-12);
    }

    [SkippableFact]
    public void Silhouettes_agreement_and_information_of_the_stored_labels_are_those_of_scikit_learn()
    {
        foreach (var (set, one) in All())
        {
            var points = SpeakerVectors.Points(set);
            var labels = SpeakerVectors.Ints(one.GetProperty("labels"));
            Assert.Equal(one.GetProperty("silhouette_euclidean").GetDouble(), Silhouette.Mean(points, labels, ClusterMetric.Euclidean), 1e-9);
            Assert.Equal(one.GetProperty("silhouette_cosine").GetDouble(), Silhouette.Mean(points, labels, ClusterMetric.Cosine), 1e-9);
            if (!one.TryGetProperty("ari", out var ari)) continue;
            Assert.Equal(ari.GetDouble(), PartitionAgreement.AdjustedRand(SpeakerVectors.Truth(set), labels), 1e-9);
            Assert.Equal(one.GetProperty("nmi").GetDouble(), PartitionAgreement.NormalizedMutualInformation(SpeakerVectors.Truth(set), labels), 1e-9);
        }
        Assert.Equal(SpeakerVectors.Of("fsdd").GetProperty("truth_silhouette").GetDouble(), Silhouette.Mean(SpeakerVectors.Points("fsdd"), SpeakerVectors.Truth("fsdd"),
            ClusterMetric.Euclidean), 1e-9);
        foreach (var one in SpeakerVectors.Of("fsdd").GetProperty("hdbscan").EnumerateArray())
            Assert.Equal(one.GetProperty("ari").GetDouble(), PartitionAgreement.AdjustedRand(SpeakerVectors.Truth("fsdd"), SpeakerVectors.Ints(one.GetProperty("labels"))), 1e-9);
    }

    [SkippableFact]
    public void Silhouettes_of_single_points_are_those_of_scikit_learn()
    {
        foreach (var (set, one) in All().Where(pair => pair.Set == "blobs")) // stored for these
        {
            var k = one.GetProperty("k").GetInt32();
            var samples = Silhouette.Samples(SpeakerVectors.Points(set), SpeakerVectors.Ints(one.GetProperty("given_init").GetProperty("labels")), ClusterMetric.Euclidean);
            foreach (var (theirs, ours) in SpeakerVectors.SmallDoubles($"{set}.silhouette_samples_k{k}_given_init").Zip(samples)) Assert.Equal(theirs, ours, 1e-9);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_clusters_and_more_clusters_than_points_are_refused()
    {
        var points = new Points([0, 0, 1, 0, 10, 0, 11, 0, 10, 1], 5, 2);
        Assert.Equal(KMeans.Fit(points, 2, seed: 3).Labels, KMeans.Fit(points, 2, seed: 3).Labels);
        Assert.Equal(5, KMeans.Fit(points, 5, seed: 3).Labels.Distinct().Count());
        Assert.Contains("5 points cannot be put into 6 clusters", Assert.Throws<ArgumentException>(() => KMeans.Fit(points, 6, seed: 3)).Message);
    }

    [Fact]
    public void Equal_points_can_be_put_into_clusters_all_the_same()
    {
        var result = KMeans.Fit(new Points(new double[12], 6, 2), 3, seed: 1);
        Assert.Equal(0, result.Inertia);
        Assert.All(result.Labels, label => Assert.InRange(label, 0, 2));
    }

    private static void Relative(double expected, double actual, double tolerance) => Assert.Equal(expected, actual, Math.Abs(expected) * tolerance);
}
