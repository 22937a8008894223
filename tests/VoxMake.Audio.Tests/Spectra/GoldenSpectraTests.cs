using System.Numerics;
using System.Text.Json;
using VoxMake.Tests;

namespace VoxMake.Audio.Tests;

/// <summary>Against spectral.safetensors: librosa and torch on one second of LJSpeech, with the tolerances of golden/audio/README.md.</summary>
public class GoldenSpectraTests
{
    private static readonly Lazy<JsonElement> Lines = new(() => JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden("audio/spectral.json"))).RootElement);
    private static readonly Lazy<SafetensorsFile> Matrices = new(() => SafetensorsFile.Read(TestFiles.Golden("audio/spectral.safetensors")));
    private static readonly Lazy<float[]> Samples =
        new(() => Clips.Mono(TestFiles.GoldenClip(Json.GetProperty("source").GetString()!)).AsSpan(Json.GetProperty("start").GetInt32(), Json.GetProperty("samples").GetInt32()).ToArray());

    private static JsonElement Json => Lines.Value;
    private static SafetensorsFile Vectors => Matrices.Value;
    private static int Rate => Json.GetProperty("sr").GetInt32();
    private static float[] Clip => Samples.Value;

    private static MelSettings Mels(string bank) => new(Rate, 80, 0, 8000,
        bank.StartsWith("htk", StringComparison.Ordinal) ? MelScale.Htk : MelScale.Slaney, bank.EndsWith("area", StringComparison.Ordinal) ? MelNorm.Slaney : MelNorm.None);

    /// <summary>A stored matrix has a column a frame.</summary>
    private static void Same(string key, FrameTable ours, double tolerance)
    {
        Assert.Equal([ours.Width, ours.Frames], Vectors.Shape(key));
        var golden = Vectors.Floats(key);
        for (var frame = 0; frame < ours.Frames; frame++)
            for (var i = 0; i < ours.Width; i++)
                Close(key, frame, i, golden[i * ours.Frames + frame], ours[frame][i], tolerance);
    }

    private static void Close(string key, int frame, int index, double golden, double ours, double tolerance) =>
        Assert.True(Math.Abs(golden - ours) <= tolerance, $"{key}, frame {frame}, {index}: {ours} instead of {golden}");

    [SkippableTheory]
    [InlineData("librosa_stft_1024_256", PadMode.Zeros, 1024)]
    [InlineData("librosa_stft_reflect", PadMode.Reflect, 1024)]
    [InlineData("torch_stft_1024_256_win800", PadMode.Reflect, 800)]
    public void Frames_are_transformed_as_by_librosa_and_torch(string key, PadMode padMode, int winLength)
    {
        var stft = new Stft(StftSettings.Centred(1024, 256, padMode) with { WinLength = winLength });
        int[] shape = [.. Json.GetProperty("stft_shape").EnumerateArray().Select(n => n.GetInt32())];
        Assert.Equal((shape[0], shape[1]), (stft.Bins, stft.Settings.Frames(Clip.Length)));
        int[] stored = [.. Json.GetProperty("stft_frames_stored").EnumerateArray().Select(n => n.GetInt32())];
        var (real, imaginary) = (Vectors.Floats(key + ".real"), Vectors.Floats(key + ".imag"));
        var bins = new Complex[stft.Bins];
        for (var column = 0; column < stored.Length; column++)
        {
            stft.Transform(Clip, stored[column], bins);
            for (var k = 0; k < bins.Length; k++)
            {
                Close(key + ".real", stored[column], k, real[k * stored.Length + column], bins[k].Real, 1e-4);
                Close(key + ".imag", stored[column], k, imaginary[k * stored.Length + column], bins[k].Imaginary, 1e-4);
            }
        }
    }

    [SkippableTheory]
    [InlineData("slaney_area")]
    [InlineData("htk_area")]
    public void Filters_are_librosas(string bank) => SameBasis("mel_basis." + bank, new MelBasis(Mels(bank), 1024));

    [SkippableFact]
    public void Filters_for_a_transform_of_400_are_librosas() => SameBasis("mel_basis.16k_80_0_8000_slaney", new MelBasis(new MelSettings(16000, 80, 0, 8000), 400));

    private static void SameBasis(string key, MelBasis basis)
    {
        var ours = basis.ToTable(); // both have a row a filter
        Assert.Equal([ours.Frames, ours.Width], Vectors.Shape(key));
        var golden = Vectors.Floats(key);
        for (var i = 0; i < golden.Length; i++) Close(key, i / ours.Width, i % ours.Width, golden[i], ours.Values[i], 1e-5 * golden.Max());
    }

    [SkippableTheory]
    [InlineData("slaney", "area", MelPower.Magnitude)]
    [InlineData("slaney", "area", MelPower.Power)]
    [InlineData("slaney", "peak", MelPower.Magnitude)]
    [InlineData("slaney", "peak", MelPower.Power)]
    [InlineData("htk", "area", MelPower.Magnitude)]
    [InlineData("htk", "area", MelPower.Power)]
    [InlineData("htk", "peak", MelPower.Magnitude)]
    [InlineData("htk", "peak", MelPower.Power)]
    public void A_mel_spectrogram_is_librosas(string scale, string norm, MelPower power)
    {
        var key = $"mel.{scale}_{norm}.power{(int)power}";
        Same(key, new MelSpectrogram(StftSettings.Centred(1024, 256), Mels($"{scale}_{norm}")).Compute(Clip, power), 1e-5 * Vectors.Floats(key).Max());
    }

    [SkippableTheory]
    [InlineData("ref1", 1.0)]
    [InlineData("refmax", null)]
    public void Decibels_are_librosas(string key, double? reference)
    {
        var power = new MelSpectrogram(StftSettings.Centred(1024, 256), Mels("slaney_area")).Compute(Clip);
        PowerDecibels.FromPower(power, reference);
        Same($"power_to_db.{key}_top80", power, 1e-3);
    }

    /// <summary>
    /// The README's 1e-4 holds for a mel itself (so for its logarithm, wherever the mel is not faint); near the floor of 1e-5 another 1e-8 of the mel is allowed, for there the logarithm
    /// shows the rounding of the transform that made the vector. It cannot be had closer: of the 6880 values 9 are off by more than 1e-4 in the logarithm, the most by 4.9e-4, all of them
    /// mels below 4e-5 and none by more than 4.3e-9 beyond it. With float32 transforms in place of ours it is 12 (radix 2), 7 (radix 2, packed) and 13 with torch.stft itself in float32 (libtorch 1.13.1), the most by 5.7e-4:
    /// only the very FFT of the reference's machine gives its last bits.
    /// </summary>
    [SkippableFact]
    public void Log_mels_are_those_of_hifi_gan()
    {
        var ours = new MelSpectrogram(MelSpectrogram.HifiGanFrames, MelSpectrogram.HifiGanMels).HifiGanLog(Clip);
        Assert.Equal([ours.Width, ours.Frames], Vectors.Shape("hifigan_log_mel"));
        var golden = Vectors.Floats("hifigan_log_mel");
        for (var frame = 0; frame < ours.Frames; frame++)
            for (var mel = 0; mel < ours.Width; mel++)
            {
                var expected = Math.Exp(golden[mel * ours.Frames + frame]);
                Close("exp(hifigan_log_mel)", frame, mel, expected, Math.Exp(ours[frame][mel]), 1e-4 * expected + 1e-8);
            }
    }

    [SkippableFact]
    public void Cepstra_and_their_change_are_librosas()
    {
        var mfcc = new Mfcc(StftSettings.Centred(2048, 512), new MelSettings(Rate)).Compute(Clip);
        Same("mfcc.13_default", mfcc, 1e-2);
        Same("mfcc.13_delta", Mfcc.Delta(mfcc), 1e-2);
    }

    [SkippableFact]
    public void Liftered_cepstra_on_the_htk_scale_are_librosas() =>
        Same("mfcc.20_htk_lifter22", new Mfcc(StftSettings.Centred(1024, 256), new MelSettings(Rate, 40, Scale: MelScale.Htk), 20, 22).Compute(Clip), 1e-2);
}
