using VoxMake.AudioTool;
using VoxMake.Protocol;
using VoxMake.Tests;
using VoxMake.Tooling;

namespace VoxMake.Audio.Tests;

public class InspectTests
{
    private static ItemResult Inspect(ReadOnlySpan<byte> wav)
    {
        using var bench = new Workbench();
        return bench.Run(new InspectWorker(), bench.File("clip.wav", wav));
    }

    [Fact]
    public void A_clip_of_zeros_has_no_levels_and_does_no_harm()
    {
        var columns = Inspect(new WavBytes().With(new short[16000])).Columns;
        Assert.Equal(1.0, columns["duration_s"].AsReal);
        foreach (var name in new[] { "peak_dbfs", "rms_dbfs", "leading_silence_s", "trailing_silence_s", "silence_share", "snr_db" }) Assert.Equal(Value.Null, columns[name]);
        Assert.Equal((0.0, 0L, 0.0), (columns["clipping"].AsReal, columns["clipping_longest_run"].AsInteger, columns["dc_offset"].AsReal));
    }

    [Fact]
    public void Silence_at_the_ends_is_measured()
    {
        var columns = Inspect(new WavBytes().With((short[])[.. new short[16000], .. WavBytes.Tone(32000), .. new short[8000]])).Columns;
        Assert.Equal(1.0, columns["leading_silence_s"].AsReal!.Value, 0.1);
        Assert.Equal(0.5, columns["trailing_silence_s"].AsReal!.Value, 0.1);
        Assert.Equal(1.5 / 3.5, columns["silence_share"].AsReal!.Value, 0.05);
        Assert.Equal(Level.Decibels(0.5), columns["peak_dbfs"].AsReal!.Value, 0.01);
    }

    [Fact]
    public void Clipping_is_counted_in_each_channel_before_they_are_averaged()
    {
        var stereo = new short[2 * 1000];
        for (var i = 100; i < 130; i++) stereo[2 * i + 1] = short.MinValue; // thirty in a row on the right
        var columns = Inspect(new WavBytes { Channels = 2 }.With(stereo)).Columns;
        Assert.Equal((30 / 2000.0, 30L, 2L), (columns["clipping"].AsReal, columns["clipping_longest_run"].AsInteger, columns["channels"].AsInteger));
        Assert.Equal(Level.Decibels(0.5), columns["peak_dbfs"].AsReal!.Value, 1e-9);
    }

    [Fact]
    public void A_real_clip_has_a_plausible_ratio_of_signal_to_noise()
    {
        var columns = Inspect(PlainWav.Of(LjSpeech.Clip("LJ001-0001"))).Columns;
        Assert.Equal(34.27, columns["snr_db"].AsReal!.Value, 0.01);
        Assert.Equal(212893 / 22050.0, columns["duration_s"].AsReal);
    }

    [Fact]
    public void More_than_an_hour_is_no_clip()
    {
        var result = Inspect(new WavBytes { Rate = 1000, Bits = 8 }.With(new byte[3_600_001]));
        Assert.Equal((Outcome.Rejected, Reject.TooLong), (result.Outcome, result.Reason));
        Assert.Contains("3600", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_clip_is_rejected()
    {
        var result = Inspect("not audio"u8);
        Assert.Equal((Outcome.Rejected, Reject.NotAudio), (result.Outcome, result.Reason));
    }
}
