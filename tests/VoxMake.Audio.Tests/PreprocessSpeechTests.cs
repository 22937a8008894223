using System.Runtime.InteropServices;
using VoxMake.AudioTool;
using VoxMake.Protocol;
using VoxMake.Tooling;
using Outcome = VoxMake.Protocol.Outcome;

namespace VoxMake.Audio.Tests;

/// <summary>Trimming by what was heard: columns speech_start and speech_end, in samples of the clip as it comes.</summary>
public class PreprocessSpeechTests
{
    private static readonly PreprocessSettings Speech = new() { SampleRate = 16_000, Trim = "speech", Normalize = false };

    private static (ItemResult Result, short[] Kept) Run(PreprocessSettings settings, short[] samples, uint rate, params ReadOnlySpan<(string, Value)> columns)
    {
        using var bench = new Workbench();
        var result = bench.Run(new PreprocessWorker(settings), bench.File("clip.wav", new WavBytes { Rate = rate }.With(samples)), columns);
        return (result, result.Outcome == Outcome.Ok ? MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(bench.PathOf(result.Outputs[0])).AsSpan(WavWriter.HeaderBytes)).ToArray() : []);
    }

    private static short[] Ramp(int samples) => [.. Enumerable.Range(0, samples).Select(i => (short)(i % 30_000))];

    [Fact]
    public void Speech_is_kept_to_the_sample_and_a_little_around_it()
    {
        var samples = Ramp(32_000);
        var (result, kept) = Run(Speech, samples, 16_000, ("speech_start", 5000), ("speech_end", 20_001));
        Assert.Equal(samples[3400..21_601], kept);
        Assert.Equal((3400L, 21_601L, 18_201L), (result.Columns["trim_start"].AsInteger, result.Columns["trim_end"].AsInteger, result.Columns["num_samples"].AsInteger));
        (_, kept) = Run(Speech with { TrimPadS = 0 }, samples, 16_000, ("speech_start", 5000), ("speech_end", 20_001));
        Assert.Equal(samples[5000..20_001], kept);
        (_, kept) = Run(Speech with { TrimPadS = 5 }, samples, 16_000, ("speech_start", 5000), ("speech_end", 20_001));
        Assert.Equal(samples, kept);
    }

    [Fact]
    public void At_another_rate_nothing_of_the_speech_is_lost()
    {
        var (result, kept) = Run(Speech with { TrimPadS = 0 }, Ramp(44_100), 44_100, ("speech_start", 10_001), ("speech_end", 30_000));
        Assert.Equal((3628L, 10_885L), (result.Columns["trim_start"].AsInteger, result.Columns["trim_end"].AsInteger)); // 3628.48 down, 10884.35 up
        Assert.Equal(10_885 - 3628, kept.Length);
        (result, _) = Run(Speech, Ramp(44_101), 44_100, ("speech_start", 1), ("speech_end", 44_101));
        Assert.Equal((0L, 16_001L), (result.Columns["trim_start"].AsInteger, result.Columns["trim_end"].AsInteger));
    }

    [Fact]
    public void The_level_is_that_of_what_is_kept()
    {
        short[] samples = [.. new short[8000], .. WavBytes.Tone(16_000), .. new short[8000]];
        var (result, kept) = Run(Speech with { Normalize = true, TrimPadS = 0 }, samples, 16_000, ("speech_start", 8000), ("speech_end", 24_000));
        Assert.Equal(-20 - 20 * Math.Log10(0.5 / Math.Sqrt(2)), result.Columns["gain_db"].AsReal!.Value, 0.01);
        Assert.Equal(16_000, kept.Length);
    }

    [Fact]
    public void A_clip_in_which_nobody_speaks_is_rejected()
    {
        var (result, _) = Run(Speech, Ramp(16_000), 16_000, ("speech_start", 0), ("speech_end", 0));
        Assert.Equal((Outcome.Rejected, "no_speech"), (result.Outcome, result.Reason));
    }

    [Fact]
    public void Where_the_columns_are_missing_it_is_said_what_to_do()
    {
        var error = Assert.Throws<ToolException>(() => Run(Speech, Ramp(16_000), 16_000, ("speech_start", 5)));
        Assert.Equal("trim", error.Field);
        Assert.Contains("speech_start and speech_end", error.Message, StringComparison.Ordinal);
        Assert.Contains("activity", error.Try, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 100)]
    [InlineData(200, 100)]
    [InlineData(100, 16_001)]
    public void Columns_of_another_recording_fail_the_clip(int start, int end) =>
        Assert.Contains("another recording",
            Assert.Throws<InvalidDataException>(() => Run(Speech, Ramp(16_000), 16_000, ("speech_start", start), ("speech_end", end))).Message, StringComparison.Ordinal);

    [Fact]
    public void By_default_the_columns_change_nothing()
    {
        short[] samples = [.. new short[8000], .. WavBytes.Tone(16_000), .. new short[8000]];
        Assert.Equal(Run(new(), samples, 16_000).Kept, Run(new(), samples, 16_000, ("speech_start", 9000), ("speech_end", 10_000)).Kept);
    }

    [Fact]
    public void Settings_out_of_range_name_the_field()
    {
        Assert.Equal("trim", Assert.Throws<ToolException>(() => new PreprocessWorker(new() { Trim = "vad" })).Field);
        Assert.Equal("trim_pad_s", Assert.Throws<ToolException>(() => new PreprocessWorker(Speech with { TrimPadS = -0.1 })).Field);
    }
}
