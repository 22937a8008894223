using System.Text.Json;
using VoxMake.Audio;

namespace VoxMake.Metrics.Tests;

/// <summary>Against golden/metrics, golden/vits/train and golden/vits/curve, with the tolerances of their READMEs.</summary>
public class GoldenMetricsTests
{
    private static JsonElement Json(string name) => JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden(name))).RootElement;

    /// <summary>A stored matrix has a column a frame.</summary>
    private static FrameTable Turned(SafetensorsFile file, string name)
    {
        var (shape, values) = (file.Shape(name), file.Floats(name));
        return Clips.Table(shape[1], shape[0], (frame, i) => values[i * shape[1] + frame]);
    }

    public static TheoryData<int> Rates => TestFiles.GoldenCases("vits/train/info.json", json => json.GetProperty("mel_processing").EnumerateObject().Select(rate => int.Parse(rate.Name)), 0);

    [SkippableTheory]
    [MemberData(nameof(Rates))]
    public void Mels_are_those_of_vits(int rate)
    {
        var file = SafetensorsFile.Read(TestFiles.Golden($"vits/train/mel_{rate}.safetensors"));
        var made = Json("vits/train/info.json").GetProperty("mel_processing").GetProperty($"{rate}");
        int Setting(string name) => made.GetProperty(name).GetInt32();
        Assert.Equal(0, made.GetProperty("fmin").GetDouble());
        Skip.If(made.GetProperty("fmax").ValueKind != JsonValueKind.Null, "an upper edge below half the rate is no setting of VITS");
        var mels = new LogMels(new LogMelSettings(Setting("sampling_rate"), Setting("n_fft"), Setting("hop_size"), Setting("win_size"), Setting("n_mels")));
        var (golden, ours) = (Turned(file, "mel"), mels.Of(file.Floats("input")));
        Assert.Equal((golden.Frames, golden.Width), (ours.Frames, ours.Width));
        for (var i = 0; i < golden.Values.Length; i++) Assert.InRange(ours.Values[i] - golden.Values[i], -2e-3, 2e-3);
    }

    /// <summary>pymcd's cepstra (WORLD, mcep), its formula and an exact path; without the 0th coefficient, as here.</summary>
    [SkippableFact]
    public void Distortion_of_given_cepstra_is_that_of_pymcd()
    {
        var file = SafetensorsFile.Read(TestFiles.Golden("metrics/mcd_f0_steps.safetensors"));
        var expected = Json("metrics/mcd_f0_steps.json").GetProperty("mcd").GetProperty("dtw_exact_path_without_c0").GetDouble();
        Assert.Equal(expected, MelCepstralDistortion.Warped(WithoutLevel("ref.mcep"), WithoutLevel("deg.mcep")), 1e-4);

        FrameTable WithoutLevel(string name)
        {
            var (shape, values) = (file.Shape(name), file.Floats(name));
            return Clips.Table(shape[0], shape[1] - 1, (frame, i) => values[frame * shape[1] + i + 1]);
        }
    }

    /// <summary>The mel distance of golden/metrics takes librosa's centred magnitudes up to 8 kHz; the distance itself is the same.</summary>
    [SkippableFact]
    public void Distances_side_by_side_are_the_mean_absolute_differences_of_log_mels()
    {
        var pairs = 0;
        foreach (var pair in Json("metrics/vocoder_pairs.json").GetProperty("pairs").EnumerateArray())
        {
            if (!pair.TryGetProperty("native_rate", out var native)) continue; // two rates
            var spectra = new MelSpectrogram(StftSettings.Centred(1024, 256, PadMode.Reflect), new MelSettings(native.GetProperty("sr").GetInt32(), 80, 0, 8000));
            var (reference, degraded) = (Clips.Mono(TestFiles.GoldenClip(pair.GetProperty("ref").GetString()!)), Clips.Mono(TestFiles.GoldenClip(pair.GetProperty("deg").GetString()!)));
            var (a, b) = (Log(reference), Log(degraded));
            var golden = native.GetProperty("log_mel");
            Assert.Equal(golden.GetProperty("frames").GetInt32(), Math.Min(a.Frames, b.Frames));
            Assert.Equal(golden.GetProperty("l1").GetDouble(), MelDistance.SideBySide(a, b), 1e-3);
            pairs++;

            FrameTable Log(float[] clip)
            {
                var mel = spectra.Compute(clip, MelPower.Magnitude);
                foreach (ref var value in mel.Values.AsSpan()) value = Math.Log(Math.Max(1e-5, value));
                return mel;
            }
        }
        Assert.InRange(pairs, 1, int.MaxValue);
    }

    /// <summary>The curve's own yardstick: the median mel frame of the training clips, spoken as long as each validation clip, is so far from them by synth_dtw.</summary>
    [SkippableFact]
    public void Warped_distances_are_the_curves_synth_dtw()
    {
        var (clips, config) = (Json("vits/curve/clips.json"), Json("vits/curve/config.json").GetProperty("audio"));
        int Setting(string name) => config.GetProperty(name).GetInt32();
        var mels = new LogMels(new LogMelSettings(Setting("sampling_rate"), Setting("n_fft"), Setting("hop_length"), Setting("win_length"), Setting("n_mels")));
        FrameTable[] Read(string split) => [.. clips.GetProperty(split).EnumerateArray().Select(clip => mels.Of(Clips.Mono(TestFiles.GoldenClip(clip.GetProperty("file").GetString()!))))];
        var train = Read("train");
        var bands = train[0].Width;
        double[] median = [.. Enumerable.Range(0, bands).Select(band => Median([.. train.SelectMany(clip => Enumerable.Range(0, clip.Frames).Select(frame => clip[frame][band]))]))];
        var expected = Json("vits/curve/summary.json").GetProperty("validation").GetProperty("constant_spectrum").GetProperty("median_frame").GetDouble();
        Assert.Equal(expected, Read("validation").Average(clip => MelDistance.Warped(Clips.Table(clip.Frames, bands, (_, band) => median[band]), clip)), 1e-3);

        static double Median(double[] values)
        {
            Array.Sort(values);
            return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
        }
    }
}
