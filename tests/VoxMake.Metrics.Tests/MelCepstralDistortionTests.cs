using VoxMake.Audio;

namespace VoxMake.Metrics.Tests;

public class MelCepstralDistortionTests
{
    private static readonly FrameTable Mels = new LogMels(new LogMelSettings()).Of(Clips.Mono(LjSpeech.Clip("LJ001-0008")));

    private static double Distortion(FrameTable a, FrameTable b) => MelCepstralDistortion.Warped(MelCepstralDistortion.Cepstra(a), MelCepstralDistortion.Cepstra(b));

    [Fact]
    public void It_is_the_rms_difference_of_smooth_spectra_in_decibels()
    {
        double Ripple(int band) => Enumerable.Range(1, 13).Sum(k => 0.3 / k * Math.Cos(Math.PI * k * (2 * band + 1) / (2.0 * Mels.Width) + (k % 2 == 0 ? Math.PI : 0)));
        var frame = Clips.Table(1, Mels.Width, (_, band) => Mels[50][band]);
        var rippled = Clips.Table(1, Mels.Width, (_, band) => Mels[50][band] + Ripple(band));
        var rmsDb = 20 / Math.Log(10) * Math.Sqrt(Enumerable.Range(0, Mels.Width).Average(band => Ripple(band) * Ripple(band)));
        Assert.Equal(rmsDb, Distortion(frame, rippled), 1e-9);
    }

    [Fact]
    public void Level_does_not_count() => Assert.Equal(0, Distortion(Mels, Clips.Table(Mels.Frames, Mels.Width, (frame, band) => Mels[frame][band] - 1)), 1e-9);

    [Fact]
    public void Detail_finer_than_13_coefficients_does_not_count() =>
        Assert.Equal(0, Distortion(Mels, Clips.Table(Mels.Frames, Mels.Width, (frame, band) => Mels[frame][band] + Math.Cos(Math.PI * 14 * (2 * band + 1) / (2.0 * Mels.Width)))), 1e-9);

    [Fact]
    public void Too_few_bands_are_refused() => Assert.Throws<ArgumentException>(() => MelCepstralDistortion.Cepstra(new FrameTable(3, 13)));
}
