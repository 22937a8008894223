using VoxMake.Audio;
using VoxMake.Audio.Timed;
using VoxMake.Protocol;
using Outcome = VoxMake.Protocol.Outcome;

namespace VoxMake.Speech.Alignment.Tests;

/// <summary><c>vox-speech align</c> as the host starts it.</summary>
public sealed class AlignToolTests
{
    private static WorkItem Item(TemporaryFolder folder, string id, float[] sound, params (string, Value)[] columns)
    {
        File.WriteAllBytes(folder.File(id), WavWriter.Mono16(sound, 16_000));
        return new WorkItem(id, new Dictionary<string, InputFile> { ["audio"] = new(id, id, Digest.OfFile(folder.File(id)), new FileInfo(folder.File(id)).Length) }, Columns.Of(columns));
    }

    [SkippableFact]
    public void Words_and_scores_of_clips_are_told()
    {
        Clips.NeedsEspeak();
        using var folder = new TemporaryFolder();
        var clips = Clips.Lj(all: false);
        var (clip, other) = (clips[1], clips[7]);
        var run = Tool.Order(folder, "vox-speech", "align", """{"language": "en-US"}""",
        [
            Item(folder, "right", clip.Sound, ("text", clip.Text)),
            Item(folder, "wrong", clip.Sound, ("text", other.Text)),
            Item(folder, "none", clip.Sound),
            Item(folder, "marks", clip.Sound, ("text", "... !")),
            Item(folder, "silent", new float[32_000], ("text", clip.Text)),
        ]);
        Assert.True(run.Exit == 0, run.Said);
        Assert.Matches(@"^1\.", run.Of<StartedEvent>().Single().Versions["espeak-ng"]);
        var items = run.Of<ItemEvent>().ToDictionary(item => item.Id);
        Assert.All(items.Values, item => Assert.Equal(Outcome.Ok, item.Outcome));

        var timed = TimedText.Parse(File.ReadAllBytes(folder.File("out/" + items["right"].Outputs.Single().Path)));
        Assert.Equal((16_000, clip.Sound.Length, "en-US", clip.Text), (timed.SampleRate, timed.Samples, timed.Language, timed.Text));
        Assert.Equal(["in", "being", "comparatively", "modern."], timed.Sentences.Single().Words.Select(word => word.Text));
        var columns = items["right"].Columns;
        Assert.True(columns["align_score"].AsReal > 0.7);
        Assert.Equal(timed.Score, columns["align_score"].AsReal);
        Assert.Contains(columns["align_worst_word"].AsText, clip.Text.Split(' '));
        Assert.Equal(timed.Sentences[0].Words.Min(word => word.Score), columns["align_worst"].AsReal);
        Assert.True(columns["align_tail_s"].AsReal < 0.3);
        Assert.Equal("espeak", columns["align_method"].AsText);

        Assert.True(items["wrong"].Columns["align_score"].AsReal < 0.5);
        Assert.Equal(0, items["silent"].Columns["align_score"].AsReal);
        foreach (var id in new[] { "none", "marks" })
        {
            Assert.Empty(items[id].Outputs);
            Assert.Empty(items[id].Columns);
        }
    }

    [SkippableFact]
    public void Whisper_aligns_where_there_is_a_model_of_it()
    {
        Clips.NeedsEspeak();
        Torch.Tests.NeedsTorch.OrSkip();
        using var folder = new TemporaryFolder();
        var clip = Clips.Lj(all: false)[1]; // 1.9 s; the small model hears four at once, of random weights
        var run = Tool.Order(folder, "vox-speech", "align", """{"language": "en", "method": "whisper"}""",
            [Item(folder, "clip", clip.Sound, ("text", clip.Text)), Item(folder, "other", clip.Sound, ("text", "Roj baş."), ("language", "kmr"))], new() { ["model"] = Speech.Tests.Tools.SmallWhisper.In(folder) });
        Assert.True(run.Exit == 0, run.Said);
        var item = run.Of<ItemEvent>().Single(item => item.Id == "clip");
        Assert.Equal((Outcome.Ok, "whisper"), (item.Outcome, item.Columns["align_method"].AsText));
        var timed = TimedText.Parse(File.ReadAllBytes(folder.File("out/" + item.Outputs.Single().Path)));
        Assert.Equal(["in", "being", "comparatively", "modern."], timed.Sentences.Single().Words.Select(word => word.Text));
        Assert.All(timed.Sentences.Single().Words, word => Assert.InRange(word.Score!.Value, 0.0, 1.0));
        Assert.Equal(timed.Sentences.Single().Words.Select(word => word.Start).Order(), timed.Sentences.Single().Words.Select(word => word.Start));
    }

    [SkippableFact]
    public void Whisper_without_a_model_and_other_methods_are_refused()
    {
        Clips.NeedsEspeak();
        using var folder = new TemporaryFolder();
        var run = Tool.Order(folder, "vox-speech", "align", """{"language": "en", "method": "whisper"}""", []);
        Assert.Equal((2, "Whisper needs the folder of a model", "model"), (run.Exit, run.Error!.Message, run.Error.Field));
        run = Tool.Order(folder, "vox-speech", "align", """{"language": "en", "method": "ear"}""", []);
        Assert.Equal((2, "'ear' is no method, expected espeak or whisper", "method"), (run.Exit, run.Error!.Message, run.Error.Field));
    }

    [SkippableFact]
    public void The_language_is_the_items_own_where_the_settings_name_none()
    {
        Clips.NeedsEspeak();
        using var folder = new TemporaryFolder();
        var clip = Clips.Lj(all: false)[1];
        var run = Tool.Order(folder, "vox-speech", "align", "{}",
        [
            Item(folder, "english", clip.Sound, ("text", clip.Text), ("language", "en-us")),
            Item(folder, "nothing", clip.Sound, ("text", clip.Text)),
            Item(folder, "unknown", clip.Sound, ("text", clip.Text), ("language", "xx")),
        ]);
        Assert.True(run.Exit == 0, run.Said);
        var items = run.Of<ItemEvent>().ToDictionary(item => item.Id);
        Assert.Equal(Outcome.Ok, items["english"].Outcome);
        Assert.Equal((Outcome.Rejected, "no_language"), (items["nothing"].Outcome, items["nothing"].Reason));
        Assert.Equal((Outcome.Rejected, "no_voice"), (items["unknown"].Outcome, items["unknown"].Reason));
    }

    [SkippableFact]
    public void A_language_that_no_voice_speaks_stops_the_order()
    {
        Clips.NeedsEspeak();
        using var folder = new TemporaryFolder();
        var clip = Clips.Lj(all: false)[1];
        var run = Tool.Order(folder, "vox-speech", "align", """{"language": "dee"}""", [Item(folder, "a", clip.Sound, ("text", clip.Text))]);
        Assert.NotEqual(0, run.Exit);
        Assert.Equal("language", run.Error.Field);
        Assert.Contains("de (German)", run.Error.Message, StringComparison.Ordinal);
    }
}
