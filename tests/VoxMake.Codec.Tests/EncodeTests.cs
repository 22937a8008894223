using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using VoxMake.Models.Orpheus;
using VoxMake.Protocol;
using VoxMake.Torch.Tests;

namespace VoxMake.Codec.Tests;

/// <summary><c>vox-codec encode</c>, started as the host and as a person starts it, with the small random codec of the golden vectors.</summary>
public sealed class EncodeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EncodeTests() => NeedsTorch.OrSkip();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Codes_of_a_clip_are_those_of_the_reference_whether_it_ends_with_a_frame_or_not()
    {
        var golden = Sound.Golden();
        var run = Encode([_folder.Clip("first_4096.", golden.AsSpan(0, 4096)), _folder.Clip("first_4097.", golden.AsSpan(0, 4097)), _folder.Clip("", golden)]);
        Assert.True(run.Exit == 0, run.Said);
        var items = run.Of<ItemEvent>().ToList();
        Assert.Equal(3, items.Count);
        foreach (var item in items)
        {
            Assert.True(item.Outcome == Outcome.Ok, item.Message);
            var file = AudioFramesFile.Read(PathOf(item));
            Assert.Equal((64, 24000, 2048), (file.CodebookSize, file.SamplingRate, file.FrameSamples));
            for (var level = 0; level < 3; level++) Assert.Equal(Expected(item.Id, level), file.Frames.Level(level));
            Assert.Equal(file.Frames.Count, item.Columns["frames"].AsInteger);
            Assert.Equal((file.Frames.Count - file.Frames.WithoutDuplicates().Count) / (double)file.Frames.Count, item.Columns["duplicate_frames"].AsReal);
        }
    }

    [SkippableFact]
    public void A_clip_has_the_same_codes_alone_and_among_others()
    {
        var golden = Sound.Golden();
        List<WorkItem> clips = [.. Enumerable.Range(0, 12).Select(i => _folder.Clip($"clip{i}", golden.AsSpan(i * 997, 6000 + i * 1200)))];
        var together = Encode(clips).Of<ItemEvent>().ToDictionary(item => item.Id, item => item.Outputs.Single().Digest);
        Assert.Equal(12, together.Values.Distinct().Count());
        foreach (var clip in clips.Where((_, i) => i % 4 == 0)) Assert.Equal(together[clip.Id], Encode([clip]).Of<ItemEvent>().Single().Outputs.Single().Digest);
    }

    [SkippableFact]
    public void A_clip_of_another_rate_is_told_with_both_rates_and_what_to_set()
    {
        var run = Encode([_folder.Clip("one", Sound.Golden(), rate: 22050)]);
        Assert.Equal(ExitCode.BadInput, run.Exit);
        Assert.Equal("the clip 'one' has 22050 Hz, the codec takes 24000 Hz", run.Error.Message);
        Assert.Contains("audio.sample_rate: 24000", run.Error.Try);
    }

    [SkippableFact]
    public void Clips_in_which_nobody_speaks_are_rejected_with_a_reason_and_the_others_go_on()
    {
        File.WriteAllText(_folder.File("clips/text.wav"), "no sound");
        var run = Encode([_folder.Clip("silent", new float[24000]), _folder.Clip("crumb", Sound.Golden().AsSpan(0, 511)),
            Sound.Item("text", "audio", _folder.File("clips/text.wav")), _folder.Clip("good", Sound.Golden().AsSpan(0, 512))]);
        Assert.Equal(0, run.Exit);
        var outcomes = run.Of<ItemEvent>().ToDictionary(item => item.Id);
        Assert.Equal(("silent", "too_short", "not_audio"), (outcomes["silent"].Reason, outcomes["crumb"].Reason, outcomes["text"].Reason));
        Assert.Equal((Outcome.Ok, 1L), (outcomes["good"].Outcome, outcomes["good"].Columns["frames"].AsInteger));
    }

    [SkippableTheory]
    [InlineData("config.json", "config.json: there is none")]
    [InlineData("model.safetensors", "model.safetensors")]
    public void A_codec_that_lacks_a_file_is_refused_before_any_clip(string file, string part)
    {
        var run = Encode([_folder.Clip("one", Sound.Golden())], [.. Codec().Where(each => each.Name != file)]);
        Assert.Equal(ExitCode.BadInput, run.Exit);
        Assert.Contains(part, run.Error.Message);
        Assert.Empty(run.Of<BeginEvent>());
    }

    [SkippableFact]
    public void A_codec_of_other_frames_is_refused()
    {
        var json = JsonNode.Parse(File.ReadAllText(TestFiles.Golden("orpheus/snac/config.json")))!;
        json["vq_strides"] = new JsonArray(8, 2, 1);
        File.WriteAllText(_folder.File("config.json"), json.ToJsonString());
        var run = Encode([_folder.Clip("one", Sound.Golden())], [Sound.FileOf(_folder.File("config.json")), .. Codec().Skip(1)]);
        Assert.Equal(ExitCode.BadInput, run.Exit);
        Assert.Contains("vq_strides 8, 2, 1; frames of Orpheus need 4, 2, 1", run.Error.Message);
    }

    [SkippableFact]
    public void By_hand_a_folder_of_clips_becomes_a_folder_of_codes()
    {
        _folder.Clip("a", Sound.Golden());
        _folder.Clip("sub/b", Sound.Golden().AsSpan(0, 4096));
        var codec = Path.GetDirectoryName(TestFiles.Golden("orpheus/snac/config.json"))!;
        var run = Tool.Run("vox-codec", "encode", _folder.File("clips"), _folder.File("codes"), "--codec", codec);
        Assert.True(run.Exit == 0, run.Said);
        Assert.Equal(Expected("", 0), AudioFramesFile.Read(_folder.File("codes/a.safetensors")).Frames.Level(0));
        Assert.Equal(Expected("first_4096.", 2), AudioFramesFile.Read(_folder.File("codes/sub/b.safetensors")).Frames.Level(2));
        Assert.Equal(3, File.ReadLines(_folder.File("codes/metadata.csv")).Count());
        Assert.Contains("--codec", Tool.Run("vox-codec", "encode", _folder.File("clips"), _folder.File("more")).Said);
    }

    /// <summary>Codes that the reference found for the clip, or for its first samples.</summary>
    private static int[] Expected(string start, int level)
    {
        using var file = SafetensorsFile.Open(TestFiles.Golden("orpheus/snac/expected_encode.safetensors"));
        return [.. MemoryMarshal.Cast<byte, long>(file[$"{start}codes.{level}"].ToArray()).ToArray().Select(code => (int)code)];
    }

    private static List<InputFile> Codec() => [Sound.FileOf(TestFiles.Golden("orpheus/snac/config.json")), Sound.FileOf(TestFiles.Golden("orpheus/snac/model.safetensors"))];

    private Tool Encode(IEnumerable<WorkItem> items, IReadOnlyList<InputFile>? codec = null)
    {
        if (Directory.Exists(_folder.File("out"))) Directory.Delete(_folder.File("out"), recursive: true);
        return Tool.Order(_folder, "vox-codec", "encode", "{}", items, new() { ["codec"] = codec ?? Codec() });
    }

    private string PathOf(ItemEvent item) => Path.Combine(_folder.Path, "out", item.Outputs.Single().Path!);
}
