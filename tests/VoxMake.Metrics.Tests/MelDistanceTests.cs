using FsCheck;
using FsCheck.Fluent;
using VoxMake.Audio;

namespace VoxMake.Metrics.Tests;

public class MelDistanceTests
{
    private static readonly LogMels Mels = new(new LogMelSettings());
    private static readonly float[] Speech = Clips.Mono(LjSpeech.Clip("LJ001-0002"));

    [Fact]
    public void A_clip_has_no_distance_from_itself()
    {
        var mels = Mels.Of(Speech);
        Assert.Equal(0, MelDistance.Warped(mels, mels));
        Assert.Equal(0, MelDistance.SideBySide(mels, mels));
    }

    [Fact]
    public void Half_the_amplitude_is_ln_2_away()
    {
        var (loud, soft) = (Mels.Of(Speech), Mels.Of([.. Speech.Select(sample => sample / 2)]));
        Assert.InRange(MelDistance.SideBySide(loud, soft), 0.5, Math.Log(2)); // below ln 2: near silence VITS' 1e-6 counts
        Assert.InRange(MelDistance.Warped(loud, soft), 0.4, Math.Log(2));
    }

    [Fact]
    public void Frames_said_twice_cost_nothing_when_time_is_warped()
    {
        var mels = Mels.Of(Speech);
        var slow = Clips.Table(2 * mels.Frames, mels.Width, (frame, band) => mels[frame / 2][band]);
        Assert.Equal(0, MelDistance.Warped(mels, slow));
        Assert.InRange(MelDistance.SideBySide(mels, slow), 0.5, 10);
    }

    [Fact]
    public void Other_words_are_further_than_another_level()
    {
        var other = Mels.Of(Clips.Mono(LjSpeech.Clip("LJ001-0008")));
        var mels = Mels.Of(Speech);
        Assert.True(MelDistance.Warped(mels, other) > MelDistance.Warped(mels, Mels.Of([.. Speech.Select(sample => sample * 0.9f)])));
    }

    /// <summary>Every path is tried: of none is the sum less, and the distance is that sum over that path's cells.</summary>
    [Fact]
    public void No_path_is_cheaper()
    {
        var tables = ArbMap.Default.ArbFor<int>().Generator.Select(seed => new Random(seed)).Select(random =>
        {
            var width = random.Next(1, 20);
            return (Table(random, random.Next(1, 6), width), Table(random, random.Next(1, 6), width));
        }).ToArbitrary();
        Prop.ForAll(tables, pair =>
        {
            var (a, b) = pair;
            var (sum, cells) = Cheapest(a, b, 0, 0);
            Assert.Equal(sum / cells, MelDistance.Warped(a, b), 1e-12);
        }).QuickCheckThrowOnFailure();

        static FrameTable Table(Random random, int frames, int width) => Clips.Table(frames, width, (_, _) => random.NextDouble());

        static (double Sum, int Cells) Cheapest(FrameTable a, FrameTable b, int i, int j)
        {
            var here = Enumerable.Range(0, a.Width).Average(band => Math.Abs(a[i][band] - b[j][band]));
            if (i == a.Frames - 1 && j == b.Frames - 1) return (here, 1);
            var rest = new[] { (1, 1), (0, 1), (1, 0) }
                .Where(step => i + step.Item1 < a.Frames && j + step.Item2 < b.Frames)
                .Select(step => Cheapest(a, b, i + step.Item1, j + step.Item2))
                .MinBy(path => path.Sum);
            return (here + rest.Sum, 1 + rest.Cells);
        }
    }

    [Fact]
    public void Tables_that_cannot_be_compared_are_refused()
    {
        Assert.Throws<ArgumentException>(() => MelDistance.Warped(new FrameTable(1, 2), new FrameTable(1, 3)));
        Assert.Throws<ArgumentException>(() => MelDistance.SideBySide(new FrameTable(1, 2), new FrameTable(1, 3)));
        Assert.Throws<ArgumentException>(() => MelDistance.Warped(new FrameTable(0, 2), new FrameTable(1, 2)));
        Assert.Throws<ArgumentException>(() => MelDistance.SideBySide(new FrameTable(0, 2), new FrameTable(1, 2)));
    }
}
