using VoxMake.Models.Orpheus;

namespace VoxMake.Models.Tests.Orpheus;

public class FrameLoopsTests
{
    private static int[] Different(int count, int from = 100) => [.. Enumerable.Range(from, count)];

    private static int[] Times(int[] pattern, int times) => [.. Enumerable.Repeat(pattern, times).SelectMany(codes => codes)];

    [Fact]
    public void Speech_without_repetition_has_no_loop() => Assert.Null(FrameLoops.First(GoldenOrpheus.Frames(Different(200))));

    [Fact]
    public void A_pattern_that_stands_often_enough_is_found_with_its_place_and_period()
    {
        int[] codes = [.. Different(10), .. Times([1, 2, 3, 4, 5], 4), 1, 2, .. Different(5, 300)];
        Assert.Equal(new FrameLoop(10, 22, 5), FrameLoops.First(GoldenOrpheus.Frames(codes)));
    }

    [Theory]
    [InlineData(5, 2, false)] // twice is how people speak
    [InlineData(5, 3, true)]
    [InlineData(24, 3, true)]
    [InlineData(25, 3, false)] // longer than the longest pattern that is sought
    [InlineData(1, 11, false)] // a pause
    [InlineData(1, 12, true)]
    [InlineData(3, 3, false)] // nine frames are too short to tell
    [InlineData(3, 4, true)]
    public void Limits_hold(int period, int times, bool isLoop)
    {
        int[] codes = [.. Different(7), .. Times(Different(period, 500), times), .. Different(7, 300)];
        Assert.Equal(isLoop ? new FrameLoop(7, period * times, period) : null, FrameLoops.First(GoldenOrpheus.Frames(codes)));
    }

    [Fact]
    public void A_held_sound_is_found_although_its_finer_codes_change()
    {
        AudioFrames Held(int count) => AudioFrames.OfSlots([.. Enumerable.Range(0, count + 8).SelectMany(i => (int[])[i < 8 ? i + 50 : 7, i, 2, 3, 4, 5, 6])]);
        Assert.Null(FrameLoops.First(Held(23)));
        Assert.Equal(new FrameLoop(8, 24, 0), FrameLoops.First(Held(24)));
    }

    [Fact]
    public void The_loop_that_begins_first_is_told()
    {
        int[] codes = [.. Different(4), .. Times([8, 9], 6), .. Times([1], 30)];
        Assert.Equal(new FrameLoop(4, 12, 2), FrameLoops.First(GoldenOrpheus.Frames(codes)));
    }

    [Fact]
    public void A_loop_can_end_with_the_speech_or_be_all_of_it()
    {
        Assert.Equal(new FrameLoop(0, 40, 1), FrameLoops.First(GoldenOrpheus.Frames(Times([1], 40))));
        Assert.Equal(new FrameLoop(3, 15, 5), FrameLoops.First(GoldenOrpheus.Frames([.. Different(3), .. Times([1, 2, 3, 4, 5], 3)])));
        Assert.Null(FrameLoops.First(GoldenOrpheus.Frames([])));
    }

    [SkippableFact]
    public void A_recording_has_no_loop()
    {
        using var golden = GoldenOrpheus.Json("snac/interleave.json");
        Assert.Null(FrameLoops.First(AudioFrames.OfLevels(golden.RootElement.GetProperty("tiny").Rows("codes"))));
    }
}
