using System.Text.Json;
using VoxMake.Speech.Clustering;

namespace VoxMake.Speech.Tests.Clustering;

/// <summary>HDBSCAN beside the hdbscan package (speakers/README.md): ten small sets and two corpora of embeddings, five to eight settings each.</summary>
public sealed class HdbscanGoldenTests
{
    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (var set in SpeakerVectors.SmallSets)
            for (var i = 0; i < 5; i++) cases.Add(set, i);
        foreach (var corpus in SpeakerVectors.Corpora)
            for (var i = 0; i < 8; i++) cases.Add(corpus, i);
        return cases;
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Core_distances_and_the_weight_of_the_spanning_tree_are_those_of_the_package(string set, int index)
    {
        var (expected, result) = Fit(set, index);
        if (expected.TryGetProperty("core_distances", out var stored)) // of fsdd, the first case has them
        {
            var core = SpeakerVectors.Numbers(stored);
            Assert.Equal(core.Length, result.Model!.Reachability.CoreDistances.Length);
            foreach (var (ours, theirs) in result.Model.Reachability.CoreDistances.Zip(core)) Assert.Equal(theirs, ours, 1e-8); // the json has eight decimals
        }
        var weight = expected.GetProperty("mst_total_weight").GetDouble();
        Assert.Equal(weight, result.Model!.Reachability.SpanningTree.Sum(edge => edge.Weight), 1e-9 * weight);
        var ends = expected.GetProperty("mst_weights_sorted_first5_last5");
        var weights = result.Model.Reachability.SpanningTree.Select(edge => edge.Weight).ToArray();
        foreach (var (theirs, ours) in SpeakerVectors.Numbers(ends[0]).Zip(weights)) Assert.Equal(theirs, ours, 1e-8); // |a|² + |b|² − 2ab gives duplicates a distance of 5e-9 there, ours is 0
        foreach (var (theirs, ours) in SpeakerVectors.Numbers(ends[1]).Zip(weights[^Math.Min(5, weights.Length)..])) Assert.Equal(theirs, ours, 1e-9);
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Labels_probabilities_stabilities_outlier_scores_and_persistence_are_those_of_the_package(string set, int index)
    {
        var (expected, result) = Fit(set, index);
        var labels = SpeakerVectors.Ints(expected.GetProperty("labels"));
        if (FlaggedThere(expected)) return; // the weights are compared above
        if (OtherLabels.Contains((set, index)))
        {
            Assert.InRange(PartitionAgreement.AdjustedRand(labels, result.Labels), 0.8, 1);
            return;
        }

        var renamed = Renaming(labels, result.Labels);
        Assert.Equal(labels, result.Labels.Select(label => label < 0 ? -1 : renamed[label]));
        Assert.Equal(expected.GetProperty("n_clusters").GetInt32(), result.Clusters);
        if (OtherNumbers.Contains((set, index))) return;
        if (expected.TryGetProperty("probabilities", out var probabilities)) Close(SpeakerVectors.Numbers(probabilities), result.Probabilities, 1e-6); // of fsdd, some cases have them
        if (expected.TryGetProperty("outlier_scores", out var scores)) Close(SpeakerVectors.Numbers(scores), result.OutlierScores, 1e-6);

        var persistence = SpeakerVectors.Numbers(expected.GetProperty("cluster_persistence"));
        for (var label = 0; label < result.Clusters; label++) Assert.Equal(persistence[renamed[label]], result.Persistence[label], 1e-6);

        if (!expected.TryGetProperty("stabilities", out var stored)) return;
        var stabilities = stored.EnumerateObject().Select(one => SpeakerVectors.Number(one.Value)).Order().ToArray();
        Close(stabilities, [.. result.Model!.Tree.Stabilities().Order()], 1e-6);
        var theirs = expected.GetProperty("condensed_clusters").EnumerateArray().Select(row => (Size: row[3].GetInt32(), Lambda: SpeakerVectors.Number(row[2]))).Order().ToArray();
        var ours = result.Model.Tree.Rows.Where(row => row.Child >= labels.Length).Select(row => (row.Size, row.Lambda)).Order().ToArray();
        Assert.Equal(theirs.Select(row => row.Size), ours.Select(row => row.Size));
        Close([.. theirs.Select(row => row.Lambda)], [.. ours.Select(row => row.Lambda)], 1e-6);
    }

    /// <summary>
    /// Cases that hang on the order in which edges of one weight are taken although the README's flags do not say so. The package sorts with numpy's <c>argsort</c>, which leaves the order of equals
    /// open (and another numpy gives another): their labels are no reference.
    /// </summary>
    private static readonly HashSet<(string, int)> OtherLabels = [("fsdd", 0), ("fsdd", 4), ("fsdd", 5)];

    /// <summary>The same, where labels are equal all the same, and only the finer numbers are not.</summary>
    private static readonly HashSet<(string, int)> OtherNumbers = [("fsdd", 6), ("fsdd", 7), ("blobs_rounded_ties", 2), ("varying_density", 2), ("two_grids", 2)];

    [SkippableFact]
    public void Shuffling_edges_of_one_weight_changes_every_case_that_is_excused()
    {
        foreach (var (set, index) in OtherLabels.Concat(OtherNumbers)) Assert.True(HangsOnTies(set, index), $"{set} {index} does not hang on ties");
        Assert.InRange(Cases().Count(row => FlaggedThere(Expected((string)row[0], (int)row[1]))), 0, 20); // and most cases are not
    }

    private static bool FlaggedThere(JsonElement expected) =>
        !expected.GetProperty("default_algorithm_same_labels").GetBoolean()
        || (expected.TryGetProperty("sklearn_min_samples_plus1", out var sklearn) && sklearn.ValueKind == JsonValueKind.Object
            && sklearn.TryGetProperty("same_labels", out var same) && !same.GetBoolean());

    private static bool HangsOnTies(string set, int index)
    {
        var (expected, result) = Fit(set, index);
        var (settings, model) = (Settings(expected), result.Model!);
        for (var seed = 0; seed < 8; seed++)
        {
            var random = new Random(seed);
            var shuffled = model.Reachability with { Order = [.. model.Reachability.Order.Select(reached => reached with { Weight = reached.Weight * (1 + 1e-12 * random.NextDouble()) })] };
            var other = Hdbscan.Fit(model.Points, shuffled, settings);
            if (PartitionAgreement.AdjustedRand(result.Labels, other.Labels) < 1 - 1e-12 || model.Tree.Clusters != other.Model!.Tree.Clusters) return true;
            if (Differ(result.Probabilities, other.Probabilities) || Differ(result.OutlierScores, other.OutlierScores) || Differ(result.Persistence, other.Persistence)) return true;
        }
        return false;

        static bool Differ(double[] a, double[] b) => a.Zip(b).Any(pair => Math.Abs(pair.First - pair.Second) > 1e-7);
    }

    private static JsonElement Expected(string set, int index) => SpeakerVectors.Of(set).GetProperty("hdbscan")[index];

    private static (JsonElement Expected, HdbscanResult Result) Fit(string set, int index)
    {
        var expected = Expected(set, index);
        return (expected, Hdbscan.Fit(SpeakerVectors.Points(set), Settings(expected)));
    }

    private static HdbscanSettings Settings(JsonElement expected)
    {
        var settings = new HdbscanSettings();
        foreach (var given in expected.GetProperty("settings").EnumerateObject())
            settings = given.Name switch
            {
                "min_cluster_size" => settings with { MinClusterSize = given.Value.GetInt32() },
                "min_samples" => settings with { MinSamples = given.Value.GetInt32() },
                "cluster_selection_method" => settings with { ClusterSelectionMethod = Enum.Parse<ClusterSelectionMethod>(given.Value.GetString()!, ignoreCase: true) },
                "cluster_selection_epsilon" => settings with { ClusterSelectionEpsilon = given.Value.GetDouble() },
                "allow_single_cluster" => settings with { AllowSingleCluster = given.Value.GetBoolean() },
                _ => throw new InvalidDataException($"a setting {given.Name} that this test does not know"),
            };
        return settings;
    }

    /// <summary>What each of our labels is called there.</summary>
    private static Dictionary<int, int> Renaming(int[] theirs, int[] ours)
    {
        var names = new Dictionary<int, int>();
        for (var i = 0; i < ours.Length; i++)
            if (ours[i] >= 0) names.TryAdd(ours[i], theirs[i]);
        Assert.Equal(names.Count, names.Values.Distinct().Count());
        return names;
    }

    private static void Close(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (double.IsFinite(expected[i])) Assert.Equal(expected[i], actual[i], tolerance * Math.Max(1, Math.Abs(expected[i])));
            else Assert.Equal(expected[i], actual[i]);
        }
    }
}
