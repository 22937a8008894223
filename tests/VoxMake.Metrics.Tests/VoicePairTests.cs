namespace VoxMake.Metrics.Tests;

public class VoicePairTests
{
    private static readonly LogMels Mels = new(new LogMelSettings());
    private static readonly float[] Speech = Clips.Mono(LjSpeech.Clip("LJ001-0002"));

    [Fact]
    public void Two_clips_are_compared()
    {
        var pair = VoicePair.Compare(Mels, Speech, Clips.Mono(LjSpeech.Clip("LJ001-0008")), out var lacks);
        Assert.Null(lacks);
        Assert.InRange(pair!.MelDistance, 0.3, 3);
        Assert.InRange(pair.McdDb, 2, 20);
    }

    [Theory]
    [InlineData("synthesis_too_short", 384, 0f)]
    [InlineData("synthesis_silent", 385, 0f)]
    [InlineData("synthesis_nan", 400, float.NaN)]
    [InlineData("synthesis_nan", 400, float.PositiveInfinity)]
    public void What_cannot_be_compared_says_why(string reason, int samples, float last)
    {
        var synthesis = new float[samples];
        synthesis[^1] = last;
        Assert.Null(VoicePair.Compare(Mels, synthesis, Speech, out var lacks));
        Assert.Equal(reason, lacks!.Reason);
        Assert.Null(VoicePair.Compare(Mels, Speech, synthesis, out lacks));
        Assert.Equal(reason.Replace("synthesis", "recording"), lacks!.Reason);
    }

    [Fact]
    public void The_shortest_clip_that_is_taken_has_a_frame()
    {
        foreach (var settings in new[] { new LogMelSettings(), new LogMelSettings(16000, 512, 128, 512), new LogMelSettings(8000, 401, 100, 300, 20), new LogMelSettings(8000, 256, 256) })
        {
            var mels = new LogMels(settings);
            var shortest = Enumerable.Repeat(0.1f, mels.MinSamples).ToArray();
            Assert.InRange(mels.Of(shortest).Frames, 1, 2);
        }
    }
}
