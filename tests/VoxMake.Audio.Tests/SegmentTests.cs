using FsCheck;
using FsCheck.Fluent;
using VoxMake.AudioTool;
using VoxMake.Protocol;
using VoxMake.Tests;
using VoxMake.Tooling;
using Outcome = VoxMake.Protocol.Outcome;

namespace VoxMake.Audio.Tests;

public class SegmentTests
{
    private const int Rate = 8000;

    /// <summary>Parts of tone and silence, in tenths of a second, the first is tone.</summary>
    private static short[] Speech(params IEnumerable<int> tenths) =>
        [.. tenths.SelectMany((length, i) => i % 2 == 0 ? WavBytes.Tone(length * Rate / 10, Rate) : new short[length * Rate / 10])];

    private static (long Start, long End)[] Ranges(ItemResult result) =>
        [.. result.Children!.Select(child => (child.Columns["start_sample"].AsInteger!.Value, child.Columns["end_sample"].AsInteger!.Value))];

    private static FrameEnergies Frames(ReadOnlySpan<short> samples)
    {
        var frames = SilenceCutter.NewFrames(Rate);
        var floats = new float[samples.Length];
        SampleConversion.ToFloat(System.Runtime.InteropServices.MemoryMarshal.AsBytes(samples), SampleEncoding.Signed16, floats);
        foreach (var piece in floats.Chunk(1234)) frames.Add(piece);
        return frames;
    }

    [Fact]
    public void Pieces_cover_the_recording_without_overlap_and_keep_to_the_window()
    {
        var recordings =
            from tenths in Gen.ListOf(Gen.Choose(1, 60))
            from min in Gen.Choose(1, 30)
            from more in Gen.Choose(0, 50)
            select (Samples: Speech([5, .. tenths]), Cutter: new SilenceCutter(min / 10.0, (2 * min + more) / 10.0, 40, 0.2));
        Prop.ForAll(recordings.ToArbitrary(), recording =>
        {
            var (samples, cutter) = recording;
            var cuts = cutter.Cuts(Frames(samples), Rate);
            var pieces = cuts.Zip(cuts.Skip(1), (start, end) => (end - start) / (double)Rate).ToList();
            return cuts[0] == 0 && cuts[^1] == samples.Length
                && pieces.All(seconds => seconds > 0 && seconds <= cutter.MaxSeconds)
                && (pieces.Count == 1 || pieces.All(seconds => seconds >= cutter.MinSeconds));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Fact]
    public void Cuts_lie_in_the_middle_of_silences()
    {
        var samples = Speech(40, 6, 40, 6, 40, 6, 40); // 4 s of tone, 0.6 s of silence, ...
        var cuts = new SilenceCutter(2, 6, 40, 0.2).Cuts(Frames(samples), Rate);
        Assert.Equal(5, cuts.Count);
        foreach (var (cut, seconds) in cuts[1..4].Zip([4.3, 8.9, 13.5])) Assert.Equal(seconds, cut / (double)Rate, 0.03);
    }

    [Fact]
    public void Without_silence_the_cut_is_at_the_quietest_place()
    {
        short[] samples = [.. WavBytes.Tone(4 * Rate, Rate), .. WavBytes.Tone(Rate / 2, Rate, 0.1), .. WavBytes.Tone(4 * Rate, Rate)];
        var cuts = new SilenceCutter(2, 6, 40, 0.2).Cuts(Frames(samples), Rate);
        Assert.Equal(3, cuts.Count);
        Assert.InRange(cuts[1], 4 * Rate, 4.5 * Rate);
    }

    public static TheoryData<int, int, int> Stored => new() { { 8, 1, 1 }, { 16, 1, 2 }, { 24, 1, 1 }, { 32, 3, 2 } };

    [Theory, MemberData(nameof(Stored))]
    public void Pieces_put_together_are_the_recording_to_the_bit(int bits, int tag, int channels)
    {
        using var bench = new Workbench();
        var frames = 5 * Rate;
        var random = new Random(1);
        var bytes = new byte[frames * channels * bits / 8];
        if (tag == 1) random.NextBytes(bytes);
        else for (var i = 0; i < frames * channels; i++) BitConverter.TryWriteBytes(bytes.AsSpan(4 * i), (float)(random.NextDouble() * 2 - 1));
        var path = bench.File("long.wav", new WavBytes { Bits = bits, Tag = tag, Channels = channels, Rate = Rate }.With(bytes));
        var result = bench.Run(new SegmentWorker(new SegmentSettings { MinS = 0.5, MaxS = 1.2 }), path);
        Assert.True(result.Children!.Count >= 5);
        Assert.Equal(bytes, result.Children.SelectMany(child => File.ReadAllBytes(bench.PathOf(child.Outputs[0]))[WavWriter.HeaderBytes..]));
        foreach (var (child, (start, end)) in result.Children.Zip(Ranges(result)))
        {
            Assert.Equal($"-{start:D9}-{end:D9}", child.Suffix);
            using var reader = AudioFile.Open(bench.PathOf(child.Outputs[0]));
            Assert.Equal((end - start, channels, Rate), (reader.Frames, reader.Format.Channels, reader.Format.SampleRate));
        }
    }

    [SkippableTheory]
    [InlineData("jfk.wav", SampleEncoding.Signed16)]
    [InlineData("speech.mp3", SampleEncoding.Float32)]
    [InlineData("LJ001-0002.mp3", SampleEncoding.Float32)]
    [InlineData("speech.opus", SampleEncoding.Float32)]
    [InlineData("LJ001-0002.flac", SampleEncoding.Signed16)]
    public void Real_speech_loses_nothing_either(string name, SampleEncoding stored)
    {
        using var bench = new Workbench();
        var path = name == "jfk.wav" ? bench.File(name, PlainWav.Of(TestFiles.GoldenClip("data/formats/jfk.wav"))) : Clips.InFormat(name);
        var result = bench.Run(new SegmentWorker(new SegmentSettings { MinS = 0.4, MaxS = 1.5 }), path);
        Assert.True(result.Children!.Count > 1);
        using (var reader = AudioFile.Open(bench.PathOf(result.Children[0].Outputs[0]))) Assert.Equal(stored, reader.Format.Stored);
        Assert.Equal(Workbench.Samples(path), result.Children.SelectMany(child => Workbench.Samples(bench.PathOf(child.Outputs[0]))));
        var again = bench.Run(new SegmentWorker(new SegmentSettings { MinS = 0.4, MaxS = 1.5 }), path);
        Assert.Equal(result.Children.Select(child => (child.Suffix, child.Outputs[0].Digest)), again.Children!.Select(child => (child.Suffix, child.Outputs[0].Digest)));
    }

    [Fact]
    public void A_short_recording_is_passed_on_whole()
    {
        using var bench = new Workbench();
        var result = bench.Run(new SegmentWorker(new SegmentSettings()), bench.File("clip.wav", new WavBytes { Rate = Rate }.With(Speech(10))), ("text", "Hello"));
        Assert.Equal([(0, 8000)], Ranges(result));
        Assert.Equal("-000000000-000008000", result.Children![0].Suffix);
        Assert.Null(result.Children[0].Outputs[0].Path);
    }

    [Fact]
    public void A_long_recording_with_text_is_rejected()
    {
        using var bench = new Workbench();
        var result = bench.Run(new SegmentWorker(new SegmentSettings()), bench.File("clip.wav", new WavBytes { Rate = Rate }.With(Speech(100, 5, 100))), ("text", "Hello"));
        Assert.Equal((Outcome.Rejected, "long_with_text"), (result.Outcome, result.Reason));
        Assert.Contains("20.5 s", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_is_a_number_is_a_text_too()
    {
        using var bench = new Workbench();
        var result = bench.Run(new SegmentWorker(new SegmentSettings()), bench.File("clip.wav", new WavBytes { Rate = Rate }.With(Speech(200))), ("text", 1984));
        Assert.Equal("long_with_text", result.Reason);
    }

    [Fact]
    public void A_window_that_could_not_always_be_kept_is_refused()
    {
        var error = Assert.Throws<ToolException>(() => new SegmentWorker(new SegmentSettings { MinS = 4, MaxS = 7 }));
        Assert.Equal("max_s", error.Field);
        Assert.Contains("8 s and more", error.Message, StringComparison.Ordinal);
    }
}
