using System.Text.Json;
using VoxMake.Tests;

namespace VoxMake.Audio.Tests;

/// <summary>Against dtw.safetensors: <c>librosa.sequence.dtw</c> on cepstra of real and synthetic speech; costs within 1e-6, paths exact.</summary>
public class GoldenDtwTests
{
    private const string Listed = "audio/dtw.json";

    private static readonly Lazy<JsonElement[]> Cases = new(() => [.. JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden(Listed))).RootElement.GetProperty("cases").EnumerateArray()]);
    private static readonly Lazy<SafetensorsFile> Vectors = new(() => SafetensorsFile.Read(TestFiles.Golden("audio/dtw.safetensors")));

    public static TheoryData<int> Pairs =>
        TestFiles.GoldenCases(Listed, json => json.GetProperty("cases").EnumerateArray().Where(c => c.TryGetProperty("index", out _)).Select(c => c.GetProperty("index").GetInt32()), 0);

    private static JsonElement Case(int index) => Cases.Value.Single(c => c.TryGetProperty("index", out var i) && i.GetInt32() == index);

    /// <summary>Stored with a column a frame; the frames from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    private static FrameTable Frames(string key, int start = 0, int? end = null)
    {
        var (width, columns, values) = (Vectors.Value.Shape(key)[0], Vectors.Value.Shape(key)[1], Vectors.Value.Floats(key));
        var table = new FrameTable((end ?? columns) - start, width);
        for (var frame = 0; frame < table.Frames; frame++)
            for (var i = 0; i < width; i++) table[frame][i] = values[i * columns + start + frame];
        return table;
    }

    private static void Same(string pathKey, double cost, DtwAlignment ours)
    {
        Assert.Equal(cost, ours.Cost, Math.Abs(cost) * 1e-6);
        Assert.Equal(Vectors.Value.Ints(pathKey), ours.Path.SelectMany(step => new[] { step.X, step.Y }));
    }

    [SkippableTheory, MemberData(nameof(Pairs))]
    public void Two_renderings_of_a_sentence_are_aligned_as_by_librosa(int index)
    {
        var (x, y, golden) = (Frames($"{index}.x"), Frames($"{index}.y"), Case(index));
        Same($"{index}.path", golden.GetProperty("cost").GetDouble(), Dtw.Align(x, y));
        Assert.Equal(golden.GetProperty("path_len").GetInt32(), Dtw.Align(x, y).Path.Count);
        Same($"{index}.path_cosine", golden.GetProperty("cost_cosine").GetDouble(), Dtw.Align(x, y, new DtwSettings(DtwMetric.Cosine)));
        Same($"{index}.path_band", golden.GetProperty("band_cost").GetDouble(), Dtw.Align(x, y, new DtwSettings(Band: golden.GetProperty("band_rad").GetDouble())));
    }

    [SkippableTheory, MemberData(nameof(Pairs))]
    public void A_part_is_found_in_the_other_rendering_as_by_librosa(int index)
    {
        var golden = Case(index);
        var columns = golden.GetProperty("subseq_query_columns");
        var (part, whole) = (Frames($"{index}.x", columns[0].GetInt32(), columns[1].GetInt32()), Frames($"{index}.y"));
        var ours = Dtw.Align(part, whole, new DtwSettings(Subsequence: true));
        Same($"{index}.path_subseq", golden.GetProperty("subseq_cost").GetDouble(), ours);
        Assert.Equal(golden.GetProperty("subseq_end").GetInt32(), ours.Path[^1].Y);
        var turned = Dtw.Align(whole, part, new DtwSettings(Subsequence: true));
        Assert.Equal(ours.Path, turned.Path.Select(step => (step.Y, step.X)));
    }

    [SkippableFact]
    public void The_cost_of_all_beginnings_of_two_short_sequences_is_the_cost_matrix()
    {
        var small = Cases.Value.Single(c => c.TryGetProperty("small", out _)).GetProperty("small");
        var (x, y) = (Column(small.GetProperty("x")), Column(small.GetProperty("y")));
        for (var n = 0; n < x.Length; n++)
            for (var m = 0; m < y.Length; m++)
                Assert.Equal(small.GetProperty("D")[n][m].GetDouble(), Dtw.Align(Table(x[..(n + 1)]), Table(y[..(m + 1)])).Cost);
        Assert.Equal(small.GetProperty("path").EnumerateArray().Select(step => (step[0].GetInt32(), step[1].GetInt32())), Dtw.Align(Table(x), Table(y)).Path);

        static double[] Column(JsonElement numbers) => [.. numbers.EnumerateArray().Select(n => n.GetDouble())];
        static FrameTable Table(double[] values)
        {
            var table = new FrameTable(values.Length, 1);
            values.CopyTo(table.Values, 0);
            return table;
        }
    }
}
