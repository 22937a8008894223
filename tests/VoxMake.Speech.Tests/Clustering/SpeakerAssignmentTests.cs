using VoxMake.Speech.Clustering;

namespace VoxMake.Speech.Tests.Clustering;

/// <summary>Names from clusters and from what people said of a few clips.</summary>
public sealed class SpeakerAssignmentTests
{
    [Fact]
    public void Clusters_are_numbered_by_size_then_by_smallest_id()
    {
        var (clips, unit) = Made(("b1", 0), ("b2", 0), ("a1", 1), ("a2", 1), ("c1", 2), ("c2", 2), ("c3", 2));
        Assert.Equal(["speaker_2", "speaker_2", "speaker_1", "speaker_1", "speaker_0", "speaker_0", "speaker_0"], Names(SpeakerAssignment.Assign(clips, unit)));
    }

    [Fact]
    public void A_cluster_takes_the_name_of_one_clip_and_the_others_keep_their_numbers()
    {
        var (clips, unit) = Made(("a1", 0), ("a2", 0), ("a3", 0), ("b1", 1), ("b2", 1), ("c1", 2));
        clips[1] = clips[1] with { Named = "Anna" };
        var assigned = SpeakerAssignment.Assign(clips, unit);
        Assert.Equal(["Anna", "Anna", "Anna", "speaker_1", "speaker_1", "speaker_2"], Names(assigned));
        Assert.Equal(1, assigned.Clips[1].Probability);
        Assert.Equal(0.9, assigned.Clips[0].Probability);
        Assert.Equal(["Anna", "speaker_1", "speaker_2"], assigned.Speakers);
        Assert.Empty(assigned.Warnings);
    }

    [Fact]
    public void One_name_in_two_clusters_joins_them()
    {
        var (clips, unit) = Made(("a1", 0), ("a2", 0), ("b1", 1), ("b2", 1), ("c1", 2));
        clips[0] = clips[0] with { Named = "Anna" };
        clips[3] = clips[3] with { Named = "Anna" };
        var assigned = SpeakerAssignment.Assign(clips, unit);
        Assert.Equal(["Anna", "Anna", "Anna", "Anna", "speaker_2"], Names(assigned));
        Assert.Contains("'Anna' was said of clips of speaker_0 (2 clips) and speaker_1 (2 clips)", Assert.Single(assigned.Warnings));
    }

    [SkippableFact]
    public void Two_names_in_one_cluster_split_it_between_the_nearest()
    {
        // Two speakers of librispeech taken for one; one named clip of each steers the other ten.
        var truth = SpeakerVectors.Truth("librispeech");
        int[] chosen = [.. Enumerable.Range(0, truth.Length).Where(i => truth[i] is 0 or 1)];
        var unit = SpeakerVectors.Points("librispeech").Select(chosen);
        List<ClusteredClip> clips = [.. chosen.Select(i => new ClusteredClip($"clip{i:00}", 0, 0.6, i == 2 ? "Anna" : i == 9 ? "Bert" : null))];
        var assigned = SpeakerAssignment.Assign(clips, unit);
        Assert.Equal(chosen.Select(i => truth[i] == 0 ? "Anna" : "Bert"), Names(assigned));
        Assert.All(assigned.Clips, clip => Assert.InRange(clip.Probability, 0.5, 1));
        Assert.Contains("Anna and Bert", Assert.Single(assigned.Warnings));
    }

    [SkippableFact]
    public void A_clip_said_to_be_another_clusters_is_moved_alone()
    {
        // All of speaker 0 and one clip of speaker 1 in the first cluster, the rest of speaker 1 in the second.
        var truth = SpeakerVectors.Truth("librispeech");
        int[] chosen = [.. Enumerable.Range(0, truth.Length).Where(i => truth[i] is 0 or 1)];
        var unit = SpeakerVectors.Points("librispeech").Select(chosen);
        List<ClusteredClip> clips = [.. chosen.Select(i => new ClusteredClip($"clip{i:00}", i == 6 ? 0 : truth[i], 0.8, i == 6 ? "speaker_1" : null))];
        Assert.Equal(chosen.Select(i => $"speaker_{truth[i]}"), Names(SpeakerAssignment.Assign(clips, unit)));
    }

    [SkippableFact]
    public void Outliers_go_to_the_nearest_speaker_or_are_left_out_and_a_named_one_keeps_its_name()
    {
        var (unit, truth) = (SpeakerVectors.Points("librispeech"), SpeakerVectors.Truth("librispeech"));
        List<ClusteredClip> clips = [.. truth.Select((speaker, i) => new ClusteredClip($"clip{i:00}", i % 6 == 5 ? -1 : speaker, i % 6 == 5 ? 0 : 0.9, i == 11 ? "Zoe" : null))];
        var nearest = SpeakerAssignment.Assign(clips, unit);
        for (var i = 0; i < truth.Length; i++) Assert.Equal(i == 11 ? "Zoe" : $"speaker_{truth[i]}", nearest.Clips[i].Speaker);
        var left = SpeakerAssignment.Assign(clips, unit, Outliers.LeaveOut);
        for (var i = 0; i < truth.Length; i++) Assert.Equal(i == 11 ? "Zoe" : i % 6 == 5 ? null : $"speaker_{truth[i]}", left.Clips[i].Speaker);
    }

    [SkippableFact]
    public void Every_named_clip_keeps_its_name_whatever_else_is_named()
    {
        var (unit, truth) = (SpeakerVectors.Points("librispeech"), SpeakerVectors.Truth("librispeech"));
        var random = new Random(4);
        string[] names = ["Anna", "Bert", "speaker_0", "speaker_3", "speaker_77"];
        for (var draw = 0; draw < 200; draw++)
        {
            List<ClusteredClip> clips = [.. truth.Select((speaker, i) => new ClusteredClip($"clip{i:00}", random.Next(10) == 0 ? -1 : speaker / 2, 0.7, random.Next(6) == 0
                ? names[random.Next(names.Length)] : null))];
            foreach (var choice in Enum.GetValues<Outliers>())
            {
                var assigned = SpeakerAssignment.Assign(clips, unit, choice);
                foreach (var (clip, got) in clips.Zip(assigned.Clips))
                {
                    if (clip.Named is { } name) Assert.Equal((name, 1.0), (got.Speaker, got.Probability));
                    else if (choice == Outliers.Nearest || clip.Cluster >= 0) Assert.NotNull(got.Speaker);
                    Assert.InRange(got.Probability, 0, 1);
                }
            }
        }
    }

    [Fact]
    public void No_clips_and_only_outliers_have_answers()
    {
        Assert.Empty(SpeakerAssignment.Assign([], new Points([], 0, 2)).Clips);
        var alone = SpeakerAssignment.Assign([new ClusteredClip("a", -1, 0, null)], new Points([1, 0], 1, 2));
        Assert.Equal("speaker_0", Assert.Single(alone.Clips).Speaker);
        Assert.Null(SpeakerAssignment.Assign([new ClusteredClip("a", -1, 0, null)], new Points([1, 0], 1, 2), Outliers.LeaveOut).Clips[0].Speaker);
    }

    [SkippableFact]
    public void The_plane_shows_what_differs_most_and_its_sign_is_fixed()
    {
        var points = new Points([.. Enumerable.Range(0, 9).SelectMany(i => new[] { 3.0 * i, i % 3, 5 })], 9, 3);
        var places = PlanarView.Of(points);
        for (var i = 0; i < 9; i++)
            for (var j = 0; j < 9; j++) Assert.Equal(points.Distance(i, j), Math.Sqrt(Math.Pow(places[i].X - places[j].X, 2) + Math.Pow(places[i].Y - places[j].Y, 2)), 1e-9);
        Assert.True(places[8].X > places[0].X);
        Assert.All(PlanarView.Of(new Points([1, 2, 1, 2, 1, 2], 3, 2)), place => Assert.Equal((0.0, 0.0), place));

        // of real embeddings: no other two directions hold more of the scatter
        var unit = SpeakerVectors.Points("librispeech");
        var shown = PlanarView.Of(unit).Sum(place => place.X * place.X + place.Y * place.Y);
        var mean = unit.Mean(Enumerable.Range(0, unit.Count));
        var all = Enumerable.Range(0, unit.Count).Sum(i => Points.SquaredDistance(unit.Row(i), mean));
        Assert.InRange(shown / all, 0.3, 0.7);
    }

    private static IEnumerable<string?> Names(AssignedSpeakers assigned) => assigned.Clips.Select(clip => clip.Speaker);

    private static (List<ClusteredClip> Clips, Points Unit) Made(params (string Id, int Cluster)[] clips)
    {
        var values = clips.SelectMany(clip => Enumerable.Range(0, 4).Select(d => d == clip.Cluster ? 1.0 : 0)).ToArray();
        return ([.. clips.Select(clip => new ClusteredClip(clip.Id, clip.Cluster, 0.9, null))], new Points(values, clips.Length, 4));
    }
}
