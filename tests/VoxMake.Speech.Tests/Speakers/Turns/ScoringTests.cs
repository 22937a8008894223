using FsCheck;
using FsCheck.Fluent;
using VoxMake.Speech.Speakers.Turns;

namespace VoxMake.Speech.Tests.Speakers.Turns;

/// <summary>RTTM files, assignment and the error of turns.</summary>
public sealed class ScoringTests
{
    private const int Second = 16_000;

    [Fact]
    public void Turns_are_written_as_NIST_has_them_and_read_back()
    {
        var turns = new[] { new SpeakerTurn(24_000, 40_001, "speaker2"), new SpeakerTurn(0, 8_000, "Anna Maria") };
        var text = Rttm.Write("talks/one hour", turns);
        Assert.Equal("SPEAKER talks/one_hour 1 0.0000 0.5000 <NA> <NA> Anna_Maria <NA> <NA>\nSPEAKER talks/one_hour 1 1.5000 1.0001 <NA> <NA> speaker2 <NA> <NA>\n", text);
        var read = Rttm.Read(";; a comment\nSPKR-INFO talks/one_hour 1 <NA> <NA> <NA> unknown x <NA> <NA>\n" + text.Replace("\n", "\r\n"), "a.rttm");
        Assert.Equal([new SpeakerTurn(0, 8_000, "Anna_Maria"), new SpeakerTurn(24_000, 24_000 + 16_002, "speaker2")], read["talks/one_hour"]); // 0.1 ms are 1.6 samples
    }

    [Theory]
    [InlineData("SPEAKER a 1 0 1 <NA> <NA>", "a.rttm:2: 7 fields")]
    [InlineData("SPEAKER a 1 x 1 <NA> <NA> s <NA> <NA>", "a.rttm:2: the start 'x'")]
    [InlineData("SPEAKER a 1 0 -1 <NA> <NA> s <NA> <NA>", "a.rttm:2: the duration '-1'")]
    [InlineData("SPEAKER a 1 1e9 1 <NA> <NA> s <NA> <NA>", "the start '1e9'")]
    [InlineData("SPEAKER a 1 NaN 1 <NA> <NA> s <NA> <NA>", "the start 'NaN'")]
    public void A_broken_line_is_named(string line, string part) => Assert.Contains(part, Assert.Throws<InvalidDataException>(() => Rttm.Read("\n" + line, "a.rttm")).Message);

    [Fact]
    public void The_assignment_is_as_good_as_the_best_of_all() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        var gains = new double[random.Next(1, 6), random.Next(1, 6)];
        for (var row = 0; row < gains.GetLength(0); row++)
            for (var column = 0; column < gains.GetLength(1); column++) gains[row, column] = random.Next(0, 10);
        var columns = Assignment.Largest(gains);
        var taken = columns.Where(column => column >= 0).ToList();
        Assert.Equal(Math.Min(gains.GetLength(0), gains.GetLength(1)), taken.Distinct().Count());
        Assert.Equal(taken.Count, taken.Distinct().Count());
        Assert.Equal(Best(gains, 0, 0), columns.Index().Where(each => each.Item >= 0).Sum(each => gains[each.Index, each.Item]));
    }));

    private static double Best(double[,] gains, int row, int taken)
    {
        if (row == gains.GetLength(0)) return 0;
        var best = Best(gains, row + 1, taken); // this row may go without
        for (var column = 0; column < gains.GetLength(1); column++)
            if ((taken & 1 << column) == 0) best = Math.Max(best, gains[row, column] + Best(gains, row + 1, taken | 1 << column));
        return best;
    }

    [Fact]
    public void Errors_are_counted_as_md_eval_counts_them()
    {
        SpeakerTurn[] reference = [new(0, 10 * Second, "a"), new(10 * Second, 20 * Second, "b")];
        Assert.Equal(new DiarizationError(0, 0, 0, 20), DiarizationError.Of(reference, [new(0, 10 * Second, "x"), new(10 * Second, 20 * Second, "y")], 0));
        // one speaker for both: half is another's
        Assert.Equal(new DiarizationError(0, 0, 10, 20), DiarizationError.Of(reference, [new(0, 20 * Second, "x")], 0));
        // 3 s of the first not found, 2 s after the second too many
        Assert.Equal(new DiarizationError(3, 2, 0, 20), DiarizationError.Of(reference, [new(3 * Second, 10 * Second, "y"), new(10 * Second, 22 * Second, "x")], 0));
        // a boundary that is 0.2 s off lies inside of a collar of 0.25 s, which takes 4 times 0.25 s from what is scored
        Assert.Equal(new DiarizationError(0, 0, 0, 19), DiarizationError.Of(reference, [new(0, 10 * Second + 3200, "x"), new(10 * Second + 3200, 20 * Second, "y")], 0.25));
        // two at once, one found: the other is missed
        Assert.Equal(new DiarizationError(5, 0, 0, 15), DiarizationError.Of([new(0, 10 * Second, "a"), new(5 * Second, 10 * Second, "b")], [new(0, 10 * Second, "x")], 0));
        Assert.Equal(1, DiarizationError.Of(reference, [], 0).Rate);
        Assert.Equal(0, DiarizationError.Of([], [], 0.25).Rate);
        Assert.Equal(double.PositiveInfinity, DiarizationError.Of([], [new(0, 10, "x")], 0.25).Rate);
    }

    [Fact]
    public void Names_and_the_order_of_turns_do_not_matter() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        List<SpeakerTurn> Draw() => [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => (Start: random.Next(0, 50) * 800, Length: random.Next(1, 30) * 800))
            .Select(turn => new SpeakerTurn(turn.Start, turn.Start + turn.Length, $"s{random.Next(4)}"))];
        var (reference, found) = (Draw(), Draw());
        var first = DiarizationError.Of(reference, found, 0.05);
        var second = DiarizationError.Of([.. reference.AsEnumerable().Reverse()], [.. found.OrderBy(_ => random.Next()).Select(turn => turn with { Speaker = "x" + turn.Speaker })], 0.05);
        Assert.Equal(first.Rate, second.Rate, 9);
        Assert.Equal(0, DiarizationError.Of(reference, [.. reference.Select(turn => turn with { Speaker = "y" + turn.Speaker })], 0.05).Rate);
    }));
}
