using FsCheck;
using FsCheck.Fluent;
using VoxMake.Models.Generation;

namespace VoxMake.Models.Tests.Generation;

public class SamplerTests
{
    /// <summary>Rows of scores of any spread, with ties.</summary>
    private static Gen<float[]> Rows => from width in Gen.Choose(1, 400)
                                        from spread in Gen.Elements(0.01f, 1f, 5f, 40f)
                                        from numbers in Gen.Choose(-1000, 1000).ArrayOf(width)
                                        select Array.ConvertAll(numbers, number => number / 500f * spread);

    [Fact]
    public void Whatever_is_filtered_the_tokens_that_stay_are_those_of_the_plain_definition()
    {
        var cases = from row in Rows
                    from k in Gen.Elements(0, 0, 1, 7, 50)
                    from p in Gen.Elements(1.0, 0.1, 0.5, 0.9, 0.999)
                    from least in Gen.Elements(0.0, 0.0, 0.05, 0.5)
                    select (row, new SamplingOptions(1, k, p, least));
        Prop.ForAll(cases.ToArbitrary(), drawn =>
        {
            var scores = drawn.row.ToArray();
            Sampler.Filter(scores, drawn.Item2);
            var kept = Enumerable.Range(0, scores.Length).Where(token => !float.IsNegativeInfinity(scores[token])).ToHashSet();
            var plain = Plain(drawn.row, drawn.Item2);
            Assert.True(plain.SetEquals(kept), $"{drawn.Item2}: kept {kept.Count}, by definition {plain.Count}");
            foreach (var token in kept) Assert.Equal(drawn.row[token], scores[token]);
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>The definition over a full sort; of equal scores at the edge any may go, so that ties are broken as the sampler breaks them: by a stable order of falling scores.</summary>
    private static HashSet<int> Plain(float[] row, SamplingOptions options)
    {
        int[] order = [.. Enumerable.Range(0, row.Length).OrderByDescending(token => row[token])];
        if (options.TopK > 0 && options.TopK < row.Length) order = [.. order.Where(token => row[token] >= row[order[options.TopK - 1]])];
        var most = row.Max();
        var weights = order.Select(token => Math.Exp(row[token] - (double)most)).ToArray();
        var total = weights.Sum();
        var count = order.Length;
        var below = 0.0;
        if (options.TopP < 1)
            for (; count > 1 && (below + weights[count - 1]) / total <= 1 - options.TopP; count--) below += weights[count - 1];
        while (options.MinP > 0 && count > 1 && weights[count - 1] < options.MinP) count--;
        return [.. order.Take(count)];
    }

    [Fact]
    public void Tokens_are_drawn_as_often_as_they_are_likely()
    {
        float[] row = [0, 1, 2, -1, 0.5f];
        var total = row.Sum(score => Math.Exp(score));
        var times = new int[row.Length];
        const int Draws = 20_000;
        for (var draw = 0; draw < Draws; draw++) times[Sampler.Choose(row.ToArray(), [0], 0, new SamplingOptions(1, Seed: draw))]++;
        for (var token = 0; token < row.Length; token++)
        {
            var share = Math.Exp(row[token]) / total;
            Assert.Equal(share, times[token] / (double)Draws, 4 * Math.Sqrt(share * (1 - share) / Draws)); // four standard deviations
        }
    }

    [Fact]
    public void The_same_seed_draws_the_same_and_another_stream_others()
    {
        var row = Enumerable.Range(0, 1000).Select(i => (float)Math.Sin(i)).ToArray();
        int[] Text(long seed, long stream) => [.. Enumerable.Range(0, 30).Select(written => Sampler.Choose(row.ToArray(), Enumerable.Repeat(0, written + 1).ToArray(), written, new SamplingOptions(1, Seed: seed, Stream: stream)))];
        Assert.Equal(Text(7, 0), Text(7, 0));
        Assert.NotEqual(Text(7, 0), Text(7, 1));
        Assert.NotEqual(Text(7, 0), Text(8, 0));
    }

    [Fact]
    public void A_token_without_any_probability_is_never_drawn()
    {
        var row = Enumerable.Repeat(float.NegativeInfinity, 50).ToArray();
        (row[13], row[40]) = (-3, 2);
        for (var seed = 0; seed < 500; seed++) Assert.Contains(Sampler.Choose(row.ToArray(), [0], 0, new SamplingOptions(2, Seed: seed)), new[] { 13, 40 });
    }

    [Fact]
    public void Bias_and_penalties_of_OpenAI_are_taken_off_for_the_text_and_not_for_the_prompt()
    {
        var row = new float[4];
        Sampler.Penalise(row, [0, 0, 1, 2, 2], 3, new SamplingOptions(PresencePenalty: 1, FrequencyPenalty: 0.5, Bias: new Dictionary<int, double> { [3] = 2 }));
        Assert.Equal([0f, -1.5f, -2f, 2f], row);
    }
}
