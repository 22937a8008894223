using System.Text.Json;
using VoxMake.Tests;

namespace VoxMake.Audio.Tests;

/// <summary>Against resample.json: <c>soxr.resample(x, a, b, "HQ")</c>, sample by sample, and the quality that it claims, measured anew on ours.</summary>
public class GoldenResampleTests
{
    /// <summary>Float32 arithmetic of two builds of soxr (1.1.0's SIMD and 0.1.3's) differs in the last bits of samples up to 1.</summary>
    private const float Tolerance = 1e-5f;

    private const string Listed = "audio/resample.json";

    private static readonly Lazy<JsonElement> Cases = new(() => JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden(Listed))).RootElement.GetProperty("cases"));
    private static readonly Lazy<SafetensorsFile> Vectors = new(() => SafetensorsFile.Read(TestFiles.Golden("audio/resample.safetensors")));

    private static TheoryData<string> Keys(string kind) =>
        TestFiles.GoldenCases(Listed, json => json.GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("key").GetString()!).Where(key => key.EndsWith(kind, StringComparison.Ordinal)), "");
    public static TheoryData<string> ClipKeys => Keys(".clip");
    public static TheoryData<string> SweepKeys => Keys(".sweep");
    public static TheoryData<string> QualityKeys => Keys(".quality");

    private static JsonElement Case(string key) => Cases.Value.EnumerateArray().Single(c => c.GetProperty("key").GetString() == key);
    private static (int In, int Out) Rates(string key) => Case(key).GetProperty("key").GetString()!.Split('_', '.') is var parts ? (int.Parse(parts[0]), int.Parse(parts[1])) : default;

    private static float[] Resample(ReadOnlySpan<float> input, int inRate, int outRate)
    {
        var output = new float[Resampler.OutputLength(input.Length, inRate, outRate)];
        Assert.Equal(output.Length, Resampler.Resample(input, inRate, outRate, output));
        return output;
    }

    private static void SameAsGolden(string key, float[] input)
    {
        var (inRate, outRate) = Rates(key);
        Assert.Equal(Case(key).GetProperty("samples_in").GetInt32(), input.Length);
        var (ours, golden) = (Resample(input, inRate, outRate), Vectors.Value.Floats(key));
        Assert.Equal(golden.Length, ours.Length);
        for (var i = 0; i < golden.Length; i++) Assert.True(Math.Abs(golden[i] - ours[i]) <= Tolerance, $"{key}, sample {i}: {ours[i]} instead of {golden[i]}");
    }

    [SkippableTheory, MemberData(nameof(ClipKeys))]
    public void A_clip_is_resampled_as_by_soxr(string key)
    {
        var golden = Case(key);
        var samples = Clips.Mono(TestFiles.GoldenClip(golden.GetProperty("source").GetString()!));
        SameAsGolden(key, samples[golden.GetProperty("start").GetInt32()..][..golden.GetProperty("samples_in").GetInt32()]);
    }

    [SkippableTheory, MemberData(nameof(SweepKeys))]
    public void A_sweep_over_the_whole_band_is_resampled_as_by_soxr(string key)
    {
        var (rate, f1) = (Rates(key).In, Rates(key).In / 2.0);
        SameAsGolden(key, [.. Enumerable.Range(0, rate / 2).Select(n => n / (double)rate).Select(t => (float)(0.5 * Math.Sin(2 * Math.PI * (20 * t + (f1 - 20) / (2 * 0.5) * t * t))))]);
    }

    /// <summary>The floors that golden/audio/README.md sets for any resampler.</summary>
    [SkippableTheory, MemberData(nameof(QualityKeys))]
    public void Tones_keep_their_level_below_and_vanish_above_the_band_edge(string key)
    {
        var (inRate, outRate) = Rates(key);
        var nyquist = Math.Min(inRate, outRate) / 2.0;
        Assert.True(ToneSnr(1000) > 90);
        foreach (var fraction in new[] { 0.5, 0.8 }) Assert.Equal(0, Level.Decibels(Amplitude(fraction * nyquist) / 0.5), 0.01);
        Assert.Equal(0, Level.Decibels(Amplitude(0.9 * nyquist) / 0.5), 0.1);
        if (outRate < inRate)
            foreach (var fraction in new[] { 1.1, 1.25 })
                Assert.True(Level.Decibels(Math.Sqrt(2 * MeanSquare(Middle(Tone(fraction * nyquist)))) / 0.5) < -90, $"a tone at {fraction} of the Nyquist frequency comes through");

        float[] Tone(double hertz) => Resample([.. Enumerable.Range(0, inRate).Select(n => (float)(0.5 * Math.Sin(2 * Math.PI * hertz * n / inRate)))], inRate, outRate);
        float[] Middle(float[] samples) => samples[(samples.Length / 10)..(samples.Length * 9 / 10)];
        double MeanSquare(float[] samples) => Level.SumOfSquares(samples) / samples.Length;
        (double Sine, double Cosine) Fit(float[] samples, double hertz)
        {
            double sine = 0, cosine = 0;
            for (var n = 0; n < samples.Length; n++)
            {
                sine += samples[n] * Math.Sin(2 * Math.PI * hertz * n / outRate);
                cosine += samples[n] * Math.Cos(2 * Math.PI * hertz * n / outRate);
            }
            return (2 * sine / samples.Length, 2 * cosine / samples.Length);
        }
        double Amplitude(double hertz) => Fit(Middle(Tone(hertz)), hertz) is var (s, c) ? Math.Sqrt(s * s + c * c) : 0;
        double ToneSnr(double hertz)
        {
            var samples = Middle(Tone(hertz));
            samples = samples[..(samples.Length * (int)hertz / outRate * outRate / (int)hertz)]; // whole periods, so that the fit is exact
            var (s, c) = Fit(samples, hertz);
            var noise = samples.Select((x, n) => x - s * Math.Sin(2 * Math.PI * hertz * n / outRate) - c * Math.Cos(2 * Math.PI * hertz * n / outRate)).Sum(x => x * x) / samples.Length;
            return 10 * Math.Log10((s * s + c * c) / 2 / noise);
        }
    }

    [Theory]
    [InlineData(1, 22050, 16000)]
    [InlineData(2, 48000, 8000)]
    [InlineData(7, 8000, 48000)]
    [InlineData(22051, 22050, 16000)]
    [InlineData(99999, 44100, 22050)]
    public void The_length_is_the_exact_ratio_rounded_up(int samples, int inRate, int outRate) =>
        Assert.Equal((int)Math.Ceiling(samples * (double)outRate / inRate), Resample(new float[samples], inRate, outRate).Length);
}
