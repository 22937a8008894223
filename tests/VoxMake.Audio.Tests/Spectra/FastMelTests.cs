using FsCheck;
using FsCheck.Fluent;

namespace VoxMake.Audio.Tests.Spectra;

/// <summary>Mels of sixteen frames at once beside those of one at a time in float64, which golden vectors hold to librosa.</summary>
public sealed class FastMelTests
{
    [Theory]
    [InlineData(400, 160, 40, 16000)]
    [InlineData(512, 128, 80, 22050)]
    [InlineData(600, 150, 40, 24000)]
    [InlineData(320, 160, 20, 8000)]
    public void Mels_are_those_of_MelSpectrogram(int nFft, int hop, int mels, int rate)
    {
        var (frames, filters) = (StftSettings.Centred(nFft, hop), new MelSettings(rate, mels));
        using var fast = new FastMel(frames, filters);
        var slow = new MelSpectrogram(frames, filters);
        var random = new Random(nFft);
        foreach (var length in (int[])[1, 2, hop - 1, hop, nFft / 2, nFft, 15 * hop, 16 * hop - 1, 16 * hop, 33 * hop + 7])
        {
            var clip = Enumerable.Range(0, length).Select(i => (float)(0.5 * Math.Sin(i * 0.05) + 0.1 * (random.NextDouble() - 0.5))).ToArray();
            var (expected, actual) = (slow.Compute(clip).Values, fast.Power(clip));
            Assert.Equal(expected.Length, actual.Length);
            var loudest = expected.Max();
            for (var i = 0; i < actual.Length; i++) Assert.InRange(actual[i], expected[i] * (1 - 2e-5) - 2e-7 * loudest, expected[i] * (1 + 2e-5) + 2e-7 * loudest);
        }
        var one = Enumerable.Range(0, 3 * hop + 5).Select(i => MathF.Sin(i * 0.1f)).ToArray();
        Assert.Equal(fast.Power([.. one, .. new float[20 * hop]])[..(20 * mels)], fast.Power(one, leastFrames: 20));
        Assert.Empty(fast.Power([]));
    }

    [Fact]
    public void A_frame_has_the_same_bits_wherever_in_a_block_it_stands()
    {
        using var fast = new FastMel(StftSettings.Centred(400, 160), new MelSettings(16000, 40));
        var random = new Random(1);
        var clip = Enumerable.Range(0, 160 * 70).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        var whole = fast.Power(clip);
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(ArbMap.Default.ArbFor<byte>(), first =>
        {
            var start = first % 60 / 2 * 2; // frames are transformed in pairs
            var part = fast.Power(clip.AsSpan(160 * start));
            return part.AsSpan(2 * 40).SequenceEqual(whole.AsSpan((start + 2) * 40)); // the first two frames of a part have zeros before it
        }));
    }

    [Fact]
    public void Other_frames_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new FastMel(StftSettings.Centred(400, 160, PadMode.Reflect), new MelSettings(16000, 40)));
        Assert.Throws<ArgumentException>(() => new FastMel(StftSettings.Centred(406, 160), new MelSettings(16000, 40)));
        Assert.Throws<ArgumentException>(() => new FastMel(new StftSettings(512, 160, 400, 256, PadMode.Zeros), new MelSettings(16000, 40)));
    }
}
