namespace VoxMake.EndToEnd;

/// <summary>Only what is stale runs again: with the real tools, on real speech.</summary>
public class FreshnessTests
{
    private static readonly string[] ItemStages = ["Extract", "Inspect", "Preprocess", "Quality"];

    [Fact]
    public void A_second_run_does_nothing_and_says_so()
    {
        using var voice = new Voice(clips: 6);
        Assert.Equal(7, voice.Build().Count);
        var before = voice.Snapshot();
        var (code, output, _) = voice.Run();
        Assert.Equal(0, code);
        Assert.Contains("all 7 targets of voice are up to date", output);
        Assert.Equal(before, voice.Snapshot());
    }

    [Fact]
    public void One_clip_changed_redoes_one_clip_in_each_item_stage()
    {
        using var voice = new Voice(clips: 6);
        voice.Build();
        voice.AddClip(2, gain: 0.7);
        var ran = voice.Build();
        foreach (var stage in ItemStages) Assert.Equal(1, ran.GetValueOrDefault(stage));
        Assert.Equal(["Dataset", "Extract", "Fetch", "Inspect", "Preprocess", "Quality", "Report"], ran.Keys.Order());
    }

    [Fact]
    public void A_setting_changed_and_put_back_runs_nothing()
    {
        using var voice = new Voice(clips: 6);
        voice.Build();
        var before = voice.Snapshot();
        voice.Config("audio: { target_db: -23.0 }");
        var plan = voice.Plan();
        Assert.Equal("would run 6 of 6: setting target_db: -20.0 → -23.0", plan["Preprocess"].GetProperty("says").GetString());
        Assert.Equal("fresh", plan["Inspect"].GetProperty("state").GetString());
        var ran = voice.Build();
        Assert.Equal(6, ran["Preprocess"]);
        Assert.DoesNotContain("Inspect", ran.Keys);
        voice.Config("");
        Assert.Empty(voice.Build());
        Assert.Equal(before, voice.Snapshot());
    }

    [Fact]
    public void A_threshold_moved_measures_nothing()
    {
        using var voice = new Voice(clips: 6);
        voice.Build();
        voice.Config("quality: { max_duration_s: 14.0 }");
        var ran = voice.Build();
        Assert.Equal(6, ran["Quality"]);
        Assert.Empty(ran.Keys.Intersect(["Fetch", "Extract", "Inspect", "Preprocess"]));
    }

    [Fact]
    public void Twenty_clips_added_to_forty_give_sixty_and_move_none_between_splits()
    {
        using var voice = new Voice(clips: 40);
        voice.Build();
        var before = voice.Splits();
        Assert.Equal(40, before.Count);
        Assert.Contains("validation", before.Values);
        for (var i = 40; i < 60; i++) voice.AddClip(i);
        voice.Transcripts();
        var ran = voice.Build();
        Assert.Equal(20, ran["Preprocess"]);
        var after = voice.Splits();
        Assert.Equal(60, after.Count);
        foreach (var (clip, split) in before) Assert.Equal(split, after[clip]);
    }

    [Fact]
    public void A_correction_redoes_only_what_depends_on_it()
    {
        using var voice = new Voice(clips: 6);
        voice.Build();
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(voice.PathOf("recordings/clip002.wav"))));
        File.WriteAllText(voice.PathOf("configs/edits/mine.csv"), $"id,audio_sha256,field,old,new\nclip002,{digest},text,Clip number 2 says this.,Clip number two says that.\nclip003,{digest},drop,,\n");
        var ran = voice.Build();
        Assert.Equal(["Dataset", "Quality", "Report", "Review"], ran.Keys.Order());
        Assert.Contains("Clip number two says that.", string.Concat(Directory.EnumerateFiles(Path.Combine(voice.Root, "out/voice/Dataset"), "metadata.csv", SearchOption.AllDirectories).Select(File.ReadAllText)));
        Assert.Equal(6, voice.Splits().Count); // clip003's edit was said of other audio: orphaned, never applied
        Assert.Contains("clip003", File.ReadAllText(Path.Combine(voice.Root, "out/voice/Review/orphans.csv")));
    }

    [Fact]
    public void Dry_run_status_tree_and_explain_touch_nothing()
    {
        using var voice = new Voice(clips: 3);
        foreach (var option in new[] { "--dryrun", "--status", "--tree", "--explain", "--graph", "--description", "--history=Preprocess" })
        {
            var (code, output, error) = voice.Run(option);
            Assert.True(code == 0, error);
            Assert.Contains("Preprocess", output);
            Assert.False(Directory.Exists(Path.Combine(voice.Root, ".vox")));
            Assert.False(Directory.Exists(Path.Combine(voice.Root, "out")));
        }
    }

    [Fact]
    public void An_older_result_can_be_checked_out()
    {
        using var voice = new Voice(clips: 3);
        voice.Build();
        var key = voice.Plan()["Preprocess"].GetProperty("key").GetString()![..12];
        var before = File.ReadAllBytes(Path.Combine(voice.Root, "out/voice/Preprocess/audio/clip001.wav"));
        voice.Config("audio: { target_db: -30.0 }");
        voice.Build();
        var (code, _, error) = voice.Run("--checkout", $"Preprocess@{key}", "older");
        Assert.True(code == 0, error);
        Assert.Equal(before, File.ReadAllBytes(voice.PathOf("older/audio/clip001.wav")));
        Assert.NotEqual(before, File.ReadAllBytes(Path.Combine(voice.Root, "out/voice/Preprocess/audio/clip001.wav")));
    }

    [Fact]
    public void Long_recordings_without_text_are_cut_and_their_pieces_flow_on()
    {
        using var voice = new Voice();
        Directory.CreateDirectory(voice.PathOf("recordings"));
        foreach (var name in new[] { "LJ001-0001", "LJ001-0003" })
            File.Copy(Tests.LjSpeech.Clip(name), voice.PathOf($"recordings/{name}.flac"));
        File.WriteAllText(voice.PathOf("configs/voice.yaml"), """
            language: { name: English, code: en }
            source: { kind: folder, path: ../recordings, licence: public-domain }
            segment: { min_s: 1.0, max_s: 4.0 }
            quality: { characters_per_second: null }
            """);
        Assert.Equal("unknown until Segment", voice.Plan()["Preprocess"].GetProperty("says").GetString());
        var ran = voice.Build();
        Assert.Equal(2, ran["Segment"]);
        Assert.True(ran["Preprocess"] > 4);
        var splits = voice.Splits();
        Assert.InRange(splits.Count, 4, ran["Preprocess"]);
        foreach (var recording in splits.GroupBy(clip => clip.Key[..10])) Assert.Single(recording.Select(clip => clip.Value).Distinct());
        Assert.Empty(voice.Build());
    }
}
