using System.Text.Json;
using VoxMake.Tests;

namespace VoxMake.Audio.Tests;

/// <summary>Against levels.json: librosa's trim (exact), levels (1e-6 dB), clipping (exact), WADA-SNR (0.01 dB).</summary>
public class GoldenLevelsTests
{
    private const string Vectors = "audio/levels.json";

    private static readonly Lazy<JsonElement> Levels = new(() => JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden(Vectors))).RootElement);

    public static TheoryData<string> ClipNames => TestFiles.GoldenCases(Vectors, json => json.GetProperty("clips").EnumerateArray().Select(clip => clip.GetProperty("clip").GetString()!), "");

    private static (JsonElement Golden, float[] Samples) Clip(string name)
    {
        var golden = Levels.Value.GetProperty("clips").EnumerateArray().Single(clip => clip.GetProperty("clip").GetString() == name);
        var samples = Clips.Mono(TestFiles.GoldenClip(name));
        Assert.Equal(golden.GetProperty("samples").GetInt32(), samples.Length);
        return (golden, samples);
    }

    private static void TrimIs(JsonElement expected, float[] samples, double topDb, int hop)
    {
        var frames = new FrameEnergies(hop, 4);
        foreach (var piece in samples.Chunk(1000)) frames.Add(piece);
        Assert.Equal((expected[0].GetInt64(), expected[1].GetInt64()), frames.Trim(topDb));
    }

    [SkippableTheory, MemberData(nameof(ClipNames))]
    public void Trim_is_librosas(string name)
    {
        var (golden, samples) = Clip(name);
        foreach (var db in new[] { 20, 30, 40, 60 }) TrimIs(golden.GetProperty($"trim_{db}"), samples, db, 512);
        TrimIs(golden.GetProperty("trim_30_frame1024_hop256"), samples, 30, 256);
    }

    [SkippableTheory, MemberData(nameof(ClipNames))]
    public void Levels_are_exact_to_a_millionth_of_a_decibel(string name)
    {
        var (golden, samples) = Clip(name);
        var expected = golden.GetProperty("float");
        Assert.Equal(expected.GetProperty("rms_dbfs").GetDouble(), Level.Decibels(Math.Sqrt(Level.SumOfSquares(samples) / samples.Length)), 1e-6);
        Assert.Equal(expected.GetProperty("peak_dbfs").GetDouble(), Level.Decibels(Level.Peak(samples)), 1e-6);
        Assert.Equal(expected.GetProperty("dc_offset").GetDouble(), Level.Sum(samples) / samples.Length, 1e-12);
    }

    [SkippableTheory, MemberData(nameof(ClipNames))]
    public void Wada_snr_is_the_published_estimate(string name)
    {
        var (golden, samples) = Clip(name);
        Assert.Equal(golden.GetProperty("wada").GetProperty("snr_db").GetDouble(), WadaSnr.Estimate(samples)!.Value, 0.01);
    }

    /// <summary>The changed copies; made here by the words of <c>change</c>.</summary>
    [SkippableFact]
    public void Changed_copies_measure_as_the_reference_does()
    {
        var seen = 0;
        foreach (var golden in Levels.Value.GetProperty("synthetic").EnumerateArray())
        {
            var source = Clips.Mono(TestFiles.GoldenClip(golden.GetProperty("from").GetString()!));
            var rate = Levels.Value.GetProperty("clips").EnumerateArray().First(clip => clip.GetProperty("clip").GetString() == golden.GetProperty("from").GetString()).GetProperty("sr").GetInt32();
            float[] samples = golden.GetProperty("change").GetString() switch
            {
                "dc+0.05" => [.. source.Select(x => (float)(x + 0.05))],
                "gain+20dB clipped to [-1,1]" => [.. source.Select(x => (float)Math.Clamp(x * 10.0, -1, 32767.0 / 32768))], // it was made in 16 bit: dc_offset shows the highest step, not 1
                "zeros 1 s in front and behind" => [.. new float[rate], .. source, .. new float[rate]],
                var zeros when zeros!.StartsWith("all zeros ", StringComparison.Ordinal) => new float[int.Parse(zeros["all zeros ".Length..])],
                var change => throw new InvalidDataException($"unknown change '{change}'"),
            };
            Assert.Equal(golden.GetProperty("samples").GetInt32(), samples.Length);
            TrimIs(golden.GetProperty("trim_30"), samples, 30, 512);
            Assert.Equal(golden.GetProperty("dc_offset").GetDouble(), Level.Sum(samples) / samples.Length, 1e-7);
            var clipping = new ClippingCounter(0.99);
            clipping.Reset(1);
            foreach (var piece in samples.Chunk(777)) clipping.Add(piece);
            Assert.Equal(golden.GetProperty("ratio_ge_0.99").GetDouble(), clipping.Share, 1e-12);
            Assert.Equal(golden.GetProperty("longest_run_ge_0.99").GetInt64(), clipping.LongestRun);
            if (golden.TryGetProperty("wada", out var wada)) Assert.Equal(wada.GetProperty("snr_db").GetDouble(), WadaSnr.Estimate(samples)!.Value, 0.01);
            else Assert.Null(WadaSnr.Estimate(samples));
            seen++;
        }
        Assert.InRange(seen, 1, int.MaxValue);
    }
}
