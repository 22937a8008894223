using VoxMake.Speech.Recognition.Whisper;

namespace VoxMake.Speech.Tests.Recognition.Whisper;

public class AttentionTimesGoldenTests
{
    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Attention_becomes_times_step_by_step_as_in_the_reference(int number)
    {
        var one = Vectors.Json("alignment").GetProperty("cases")[number];
        int Size(string name) => one.GetProperty(name).GetInt32();
        var (heads, tokens, frames) = (Size("heads"), Size("tokens"), Size("frames"));
        float[] Read(string name) => Vectors.Floats("alignment", $"{number}.{name}");

        var softmax = Read("softmax");
        for (var head = 0; head < heads; head++) AttentionTimes.Normalize(softmax.AsSpan(head * tokens * frames, tokens * frames), tokens, frames);
        Vectors.Near(Read("normalised"), softmax, 1e-4, "normalised");
        var normalised = Read("normalised");
        for (var row = 0; row < heads * tokens; row++) AttentionTimes.MedianFilter(normalised.AsSpan(row * frames, frames), 7);
        Vectors.Near(Read("median7"), normalised, 1e-6, "median");

        var matrix = AttentionTimes.Matrix(new TextAttention([], Read("qk"), heads, tokens, frames), 7);
        Vectors.Near(Read("matrix"), matrix, 1e-4, "matrix");
        var path = AttentionTimes.Path(matrix.Select(value => -value).ToArray(), tokens, frames);
        Assert.Equal(Vectors.Whole("alignment", $"{number}.text_indices"), path.Select(step => step.Token));
        Assert.Equal(Vectors.Whole("alignment", $"{number}.time_indices"), path.Select(step => step.Position));
        Assert.Equal(one.GetProperty("jump_times_s").EnumerateArray().Select(time => time.GetDouble()), AttentionTimes.JumpTimes(matrix, tokens, frames));
    }

    [SkippableFact]
    public void Equal_costs_go_the_reference_s_way()
    {
        var path = AttentionTimes.Path(Vectors.Floats("alignment", "ties.cost"), 6, 9);
        Assert.Equal(Vectors.Whole("alignment", "ties.text_indices"), path.Select(step => step.Token));
        Assert.Equal(Vectors.Whole("alignment", "ties.time_indices"), path.Select(step => step.Position));
    }

    [SkippableTheory]
    [InlineData("x", "w3", 3, 20)]
    [InlineData("x", "w5", 5, 20)]
    [InlineData("x", "w7", 7, 20)]
    [InlineData("short_x", "short_w7", 7, 3)]
    public void Medians_are_the_reference_s_and_short_rows_stay(string from, string to, int width, int length)
    {
        var rows = Vectors.Floats("alignment", $"median.{from}");
        for (var at = 0; at < rows.Length; at += length) AttentionTimes.MedianFilter(rows.AsSpan(at, length), width);
        Vectors.Near(Vectors.Floats("alignment", $"median.{to}"), rows, 0, "median");
    }

    [Fact]
    public void Attention_that_is_the_same_everywhere_gives_numbers_and_a_whole_path()
    {
        var matrix = AttentionTimes.Matrix(new TextAttention([], new float[2 * 4 * 10], 2, 4, 10), 7);
        Assert.All(matrix, value => Assert.Equal(0, value));
        Assert.Equal(4, AttentionTimes.JumpTimes(matrix, 4, 10).Length);
    }
}
