using System.Numerics;

namespace VoxMake.Audio.Tests;

public class SpectraTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(400)]
    [InlineData(512)]
    [InlineData(601)]
    public void A_transform_of_any_length_is_the_sum_that_defines_it(int length)
    {
        var random = new Random(length);
        double[] samples = [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5)];
        var fft = new RealFft(length);
        var bins = new Complex[fft.Bins];
        fft.Transform(samples, bins);
        for (var k = 0; k < bins.Length; k++)
        {
            var sum = Complex.Zero;
            for (var n = 0; n < length; n++) sum += samples[n] * Complex.FromPolarCoordinates(1, -2 * Math.PI * ((long)k * n % length) / length);
            Assert.True((sum - bins[k]).Magnitude < 1e-11, $"bin {k} of {length}: {bins[k]} instead of {sum}");
        }
    }

    [Theory]
    [InlineData(PadMode.Zeros, new float[] { 0, 0, 0, 0, 0, 1, 2, 3 })]
    [InlineData(PadMode.Reflect, new float[] { 2, 1, 2, 3, 2, 1, 2, 3 })] // numpy.pad([1, 2, 3], 5, "reflect")
    public void A_clip_shorter_than_the_padding_is_padded_too(PadMode mode, float[] padded)
    {
        var ours = new Complex[5];
        var whole = new Complex[5];
        new Stft(new StftSettings(8, 1, 8, 5, mode)).Transform([1, 2, 3], 0, ours);
        new Stft(new StftSettings(8, 1, 8, 0, mode)).Transform(padded, 0, whole);
        Assert.Equal(whole, ours);
    }

    [Fact]
    public void An_empty_clip_has_no_frames()
    {
        var settings = StftSettings.Centred(1024, 256, PadMode.Reflect);
        Assert.Equal(0, new MelSpectrogram(settings, new MelSettings(22050)).HifiGanLog([]).Frames);
        Assert.Equal(0, new Mfcc(settings, new MelSettings(22050)).Compute([]).Frames);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Stft(settings).Transform([], 0, new Complex[513]));
    }

    [Fact]
    public void Silence_is_hifi_gans_floor()
    {
        var mel = new MelSpectrogram(MelSpectrogram.HifiGanFrames, MelSpectrogram.HifiGanMels).HifiGanLog(new float[2048]);
        Assert.Equal(8, mel.Frames); // a frame a hop, as vocoders need
        Assert.All(mel.Values, value => Assert.InRange(value, Math.Log(1e-5), -7));
    }

    [Theory]
    [InlineData(0, 256, 1)]
    [InlineData(1024, 0, 1024)]
    [InlineData(1024, 256, 1025)]
    [InlineData(1024, 256, 0)]
    public void Impossible_frames_are_refused(int nFft, int hop, int win) => Assert.Throws<ArgumentOutOfRangeException>(() => new Stft(new StftSettings(nFft, hop, win, 0, PadMode.Zeros)));

    [Fact]
    public void Filters_above_half_the_rate_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new MelBasis(new MelSettings(8000, FMax: 8000), 1024));

    [Theory]
    [InlineData(MelScale.Slaney)]
    [InlineData(MelScale.Htk)]
    public void Mel_leads_back_to_hertz(MelScale scale)
    {
        foreach (var hertz in new[] { 0.0, 440, 1000, 3999.5, 22050 }) Assert.Equal(hertz, MelBasis.ToHertz(MelBasis.ToMel(hertz, scale), scale), 1e-8);
    }

    [Fact]
    public void A_band_without_a_path_and_frames_without_a_distance_are_refused()
    {
        var (x, y) = (new FrameTable(10, 2), new FrameTable(10, 2));
        Assert.Throws<ArgumentException>(() => Dtw.Align(x, y, new DtwSettings(DtwMetric.Cosine))); // zeros point nowhere
        Assert.Throws<ArgumentException>(() => Dtw.Align(x, y, new DtwSettings(Band: 0.01))); // a radius of no frame
        Assert.Throws<ArgumentException>(() => Dtw.Align(x, new FrameTable(10, 3)));
        Assert.Throws<ArgumentException>(() => Dtw.Align(x, new FrameTable(0, 2)));
        y[3][0] = double.NaN;
        Assert.Throws<ArgumentException>(() => Dtw.Align(x, y));
    }

    [Fact]
    public void A_straight_line_changes_by_its_slope_from_the_first_frame_to_the_last()
    {
        var line = new FrameTable(12, 1);
        for (var frame = 0; frame < 12; frame++) line[frame][0] = 3 * frame - 5;
        Assert.All(Mfcc.Delta(line).Values, slope => Assert.Equal(3, slope, 1e-12));
        Assert.Throws<ArgumentException>(() => Mfcc.Delta(new FrameTable(8, 1)));
    }
}
