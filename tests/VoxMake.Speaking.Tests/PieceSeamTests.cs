namespace VoxMake.Speaking.Tests;

public class PieceSeamTests
{
    private const int Rate = 24_000, Block = 240;

    private static float[] Tone(int samples, double amplitude) => [.. Enumerable.Range(0, samples).Select(i => (float)(amplitude * Math.Sin(2 * Math.PI * 300 * i / Rate)))];

    [Theory]
    [InlineData(0.05, 0.1)] // 6 dB louder
    [InlineData(0.15, 0.1)] // softer
    [InlineData(0.01, 0.02)] // no more than 6 dB
    public void A_later_piece_is_brought_to_the_loudness_of_the_first_by_one_gain(double amplitude, double expected)
    {
        var first = new PieceLevel(null, Rate, 6.0206, -45, Block);
        Assert.Equal(Tone(4800, 0.1), first.Add(Tone(4800, 0.1))); // at once, as it came
        var later = new PieceLevel(first.Loudness.Decibels, 2400, 6.0206, -45, Block);
        Assert.Empty(later.Add(Tone(2399, amplitude)));
        float[] levelled = [.. later.Add(Tone(12_000, amplitude)[2399..]), .. later.Finish()];
        Assert.Equal(12_000, levelled.Length);
        Assert.All(Tone(12_000, expected).Zip(levelled), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Silence_does_not_count_for_loudness_and_a_short_piece_decides_at_its_end()
    {
        var loudness = new Loudness(-45, Block);
        loudness.Add([.. new float[24_000], .. Tone(2400, 0.1), .. new float[10_000]]);
        Assert.Equal(20 * Math.Log10(0.1 / Math.Sqrt(2)), loudness.Decibels!.Value, 1e-3);
        var level = new PieceLevel(loudness.Decibels, Rate, 6.0206, -45, Block);
        Assert.Empty(level.Add(Tone(2400, 0.05)));
        Assert.All(Tone(2400, 0.1).Zip(level.Finish()), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        var silent = new PieceLevel(-20, Rate, 6, -45, Block);
        silent.Add(new float[500]);
        Assert.Equal(new float[500], silent.Finish());
    }

    [Fact]
    public void What_is_made_louder_stays_within_full_scale()
    {
        var level = new PieceLevel(-3, 240, 40, -45, Block);
        level.Add(Tone(240, 0.1));
        Assert.Equal(1, level.Add([0.9f])[0]);
    }

    [Fact]
    public void Pieces_that_only_follow_one_another_are_as_they_came()
    {
        var join = new PieceJoin(0);
        Assert.Equal([1, 2], join.Add([1, 2]));
        join.Next();
        Assert.Equal([3], join.Add([3]));
        Assert.Empty(join.Finish());
    }

    [Theory]
    [InlineData(1000, 1000)]
    [InlineData(1000, 30)] // shorter than the overlap
    [InlineData(30, 1000)]
    public void The_end_of_a_piece_goes_over_into_the_next_with_equal_power(int first, int second)
    {
        var join = new PieceJoin(100);
        List<float> joined = [.. join.Add(Enumerable.Repeat(1f, first).ToArray())];
        Assert.Equal(Math.Max(0, first - 100), joined.Count); // the rest waits for what follows
        join.Next();
        joined.AddRange(join.Add(Enumerable.Repeat(-1f, second).ToArray()));
        joined.AddRange(join.Finish());
        var overlap = Math.Min(100, Math.Min(first, second));
        Assert.Equal(first + second - overlap, joined.Count);
        Assert.InRange(joined.Zip(joined.Skip(1), (one, next) => Math.Abs(next - one)).Max(), 0, first == second ? 0.03 : 2);
    }

    [Fact]
    public void Three_short_pieces_lose_nothing()
    {
        var join = new PieceJoin(10);
        List<float> joined = [.. join.Add([1, 1, 1])];
        join.Next();
        joined.AddRange(join.Add([0, 0]));
        join.Next();
        joined.AddRange(join.Add([0, 0, 0, 0, 0]));
        joined.AddRange(join.Finish());
        Assert.Equal(5, joined.Count);
        Assert.All(joined[..3], sample => Assert.True(sample > 0));
    }
}
