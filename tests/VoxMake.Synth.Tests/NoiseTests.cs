using VoxMake.SynthTool;

namespace VoxMake.Synth.Tests;

public class NoiseTests
{
    [Fact]
    public void Noise_follows_from_seed_and_text_alone()
    {
        Assert.Equal(Voice.NoiseSeed(42, "a"), Voice.NoiseSeed(42, "a"));
        Assert.Equal(4, new[] { Voice.NoiseSeed(42, "a"), Voice.NoiseSeed(43, "a"), Voice.NoiseSeed(42, "b"), Voice.NoiseSeed(4, "2\na") }.Distinct().Count());
    }
}
