using VoxMake.Speech.Clustering;
using VoxMake.Torch.Tests;

namespace VoxMake.Speech.Tests.Clustering;

/// <summary>Speakers found among the golden embeddings, with the number not told and told.</summary>
[Collection("libtorch")]
public sealed class SpeakerClustersTests
{
    private static readonly SpeakerClusterSettings Auto = new();

    [SkippableFact]
    public void With_the_number_not_told_the_speakers_of_librispeech_are_found_and_it_is_sure()
    {
        var result = SpeakerClusters.Find(SpeakerVectors.Points("librispeech"), Auto);
        Assert.Equal(8, result.Speakers);
        Assert.Equal(1, PartitionAgreement.AdjustedRand(SpeakerVectors.Truth("librispeech"), result.Labels));
        Assert.InRange(result.Sure, 0.8, 1);
        Assert.Empty(result.Warnings);
        Assert.True(result.Candidates.Count >= 5);
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void Every_subset_of_librispeechs_speakers_comes_out_right()
    {
        var (points, truth) = (SpeakerVectors.Points("librispeech"), SpeakerVectors.Truth("librispeech"));
        double worst = 1, leastSure = 1;
        for (var subset = 1; subset < 256; subset++)
        {
            int[] chosen = [.. Enumerable.Range(0, truth.Length).Where(i => (subset >> truth[i] & 1) == 1)];
            var result = SpeakerClusters.Find(points.Select(chosen), Auto);
            worst = Math.Min(worst, PartitionAgreement.AdjustedRand([.. chosen.Select(i => truth[i])], result.Labels));
            leastSure = Math.Min(leastSure, result.Sure);
            Assert.All(result.Labels, label => Assert.True(label >= 0));
        }
        Assert.Equal(1, worst);
        Assert.InRange(leastSure, SpeakerClusters.SureEnough, 1);
    }

    [SkippableTheory]
    [InlineData(0.20, 1.8, 0.42)]
    [InlineData(0.30, 1.8, 0.42)]
    [InlineData(0.25, 1.6, 0.42)]
    [InlineData(0.25, 2.0, 0.42)]
    [InlineData(0.25, 1.8, 0.36)]
    [InlineData(0.25, 1.8, 0.50)]
    public void The_rules_numbers_may_be_moved_without_moving_a_clip(double same, double spread, double different)
    {
        var result = SpeakerClusters.Find(SpeakerVectors.Points("librispeech"), Auto with { Rule = new VoiceRule(same, spread, different) });
        Assert.Equal(1, PartitionAgreement.AdjustedRand(SpeakerVectors.Truth("librispeech"), result.Labels));
    }

    [SkippableFact]
    public void Speakers_of_unequal_sizes_are_found()
    {
        var truth = SpeakerVectors.Truth("librispeech");
        var random = new Random(2);
        for (var draw = 0; draw < 30; draw++)
        {
            var sizes = Enumerable.Range(0, 8).Select(_ => random.Next(4) switch { 0 => 6, 1 => 3, 2 => 2, _ => 0 }).ToArray();
            sizes[draw % 8] = 6;
            int[] chosen = [.. Enumerable.Range(0, truth.Length).GroupBy(i => truth[i]).SelectMany(speaker => speaker.Take(sizes[speaker.Key]))];
            var result = SpeakerClusters.Find(SpeakerVectors.Points("librispeech").Select(chosen), Auto);
            Assert.Equal(1, PartitionAgreement.AdjustedRand([.. chosen.Select(i => truth[i])], result.Labels));
        }
    }

    [SkippableFact]
    public void With_six_told_the_speakers_of_single_digits_are_found()
    {
        var points = SpeakerVectors.Points("fsdd");
        foreach (var seed in new long[] { 1, 2, 42 })
        {
            var result = SpeakerClusters.Find(points, Auto with { MinSpeakers = 6, MaxSpeakers = 6, Seed = seed });
            Assert.InRange(PartitionAgreement.AdjustedRand(SpeakerVectors.Truth("fsdd"), result.Labels), 0.95, 1);
        }
    }

    [SkippableFact]
    public void With_the_number_not_told_it_says_that_single_digits_are_too_hard()
    {
        var result = SpeakerClusters.Find(SpeakerVectors.Points("fsdd"), Auto);
        Assert.InRange(result.Sure, 0, 0.3);
        Assert.Contains(result.Warnings, warning => warning.Contains("min_speakers"));
    }

    [SkippableTheory]
    [InlineData(2, 3, 3)]
    [InlineData(10, 12, 10)]
    [InlineData(1, 20, 8)]
    [InlineData(8, 8, 8)]
    public void The_bounds_are_kept(int least, int most, int expected)
    {
        var result = SpeakerClusters.Find(SpeakerVectors.Points("librispeech"), Auto with { MinSpeakers = least, MaxSpeakers = most });
        Assert.Equal(expected, result.Speakers);
        if (expected == 8) Assert.Equal(1, PartitionAgreement.AdjustedRand(SpeakerVectors.Truth("librispeech"), result.Labels));
        else Assert.Contains(result.Warnings, warning => warning.Contains("8 voices were heard"));
    }

    [SkippableFact]
    public void The_order_of_the_clips_does_not_matter()
    {
        var points = SpeakerVectors.Points("librispeech");
        var order = Enumerable.Range(0, points.Count).ToArray();
        new Random(5).Shuffle(order);
        var (straight, shuffled) = (SpeakerClusters.Find(points, Auto), SpeakerClusters.Find(points.Select(order), Auto));
        Assert.Equal(1, PartitionAgreement.AdjustedRand([.. order.Select(i => straight.Labels[i])], shuffled.Labels));
        Assert.Equal(straight.Sure, shuffled.Sure, 1e-9);
    }

    [SkippableFact]
    public void Beyond_the_limit_a_sample_is_listened_to_and_the_rest_assigned()
    {
        var result = SpeakerClusters.Find(SpeakerVectors.Points("librispeech"), Auto with { SampleAt = 40 });
        Assert.Equal(1, PartitionAgreement.AdjustedRand(SpeakerVectors.Truth("librispeech"), result.Labels));
        Assert.Contains(result.Warnings, warning => warning.Contains("40 of 48"));
        Assert.All(result.Probabilities, p => Assert.InRange(p, 0.5, 1));
    }

    [SkippableFact]
    public void Hdbscan_beyond_its_limit_clusters_a_sample_and_assigns_the_rest_with_probabilities()
    {
        var (points, truth) = (SpeakerVectors.Points("librispeech"), SpeakerVectors.Truth("librispeech"));
        var result = Hdbscan.Fit(points, new HdbscanSettings(3, 2, ExactUpTo: 44));
        Assert.Equal(44, result.Sampled!.Length);
        int[] assigned = [.. Enumerable.Range(0, 48).Except(result.Sampled).Where(i => result.Labels[i] >= 0)];
        Assert.InRange(assigned.Length, 3, 4);
        Assert.All(assigned, i => Assert.InRange(result.Probabilities[i], 0.1, 1));
        foreach (var i in assigned) Assert.All(result.Sampled.Where(j => result.Labels[j] == result.Labels[i]), j => Assert.Equal(truth[i], truth[j]));
        Assert.Equal(1, PartitionAgreement.AdjustedRand([.. result.Sampled.Where(j => result.Labels[j] >= 0).Select(j => truth[j])], [.. result.Sampled.Where(j => result.Labels[j] >= 0)
            .Select(j => result.Labels[j])]));
    }

    [SkippableTheory]
    [InlineData(ClusteringMethod.Hdbscan)]
    [InlineData(ClusteringMethod.KMeans)]
    public void The_other_methods_find_the_speakers_of_librispeech_too(ClusteringMethod method)
    {
        var result = SpeakerClusters.Find(SpeakerVectors.Points("librispeech"), Auto with { Method = method });
        Assert.Equal(1, PartitionAgreement.AdjustedRand(SpeakerVectors.Truth("librispeech"), result.Labels));
    }

    [Fact]
    public void No_clip_one_clip_two_clips_and_equal_clips_have_answers()
    {
        Assert.Equal(0, SpeakerClusters.Find(new Points([], 0, 4), Auto).Speakers);

        var one = SpeakerClusters.Find(new Points([1, 0, 0, 0], 1, 4), Auto);
        Assert.Equal((1, 0.0), (one.Speakers, one.Sure));

        Assert.Equal([0, 0], SpeakerClusters.Find(new Points([1, 0, 0, 0, 0.98, 0.199, 0, 0], 2, 4), Auto).Labels);
        Assert.Equal([0, 1], SpeakerClusters.Find(new Points([1, 0, 0, 0, 0, 1, 0, 0], 2, 4), Auto).Labels);

        var equal = new Points([.. Enumerable.Range(0, 9).SelectMany(_ => new double[] { 0, 1, 0, 0 })], 9, 4);
        foreach (var method in Enum.GetValues<ClusteringMethod>())
        {
            var result = SpeakerClusters.Find(equal, Auto with { Method = method });
            Assert.Equal(9, result.Labels.Length);
            Assert.InRange(result.Speakers, 0, 1);
            Assert.All(result.Probabilities, p => Assert.InRange(p, 0, 1));
        }
        Assert.Equal(1, SpeakerClusters.Find(equal, Auto).Speakers);
        var told = SpeakerClusters.Find(equal, Auto with { MinSpeakers = 3, MaxSpeakers = 3 });
        Assert.Equal(1, told.Speakers);
        Assert.Contains(told.Warnings, warning => warning.Contains("only 1 clips differ"));
    }

    [Fact]
    public void Settings_out_of_range_are_refused_by_name()
    {
        var points = new Points([1, 0, 0, 1], 2, 2);
        Assert.Contains("min_speakers (4) is more than max_speakers (2)", Assert.Throws<ArgumentException>(() => SpeakerClusters.Find(points, Auto with { MinSpeakers = 4,
            MaxSpeakers = 2 })).Message);
        Assert.Contains("min_speakers is 0", Assert.Throws<ArgumentException>(() => SpeakerClusters.Find(points, Auto with { MinSpeakers = 0 })).Message);
        Assert.Contains("min_cluster_size is 1", Assert.Throws<ArgumentException>(() => SpeakerClusters.Find(points, Auto with { Method = ClusteringMethod.Hdbscan, MinClusterSize = 1 })).Message);
        Assert.Contains("no direction", Assert.Throws<ArgumentException>(() => Points.Unit([0, 0], 1, 2)).Message);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => new Points([1, double.NaN], 1, 2)).Message);
    }
}
