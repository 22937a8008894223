using VoxMake.Speech.Recognition.Guards;
using VoxMake.Speech.Recognition.Whisper;

namespace VoxMake.Speech.Tests.Recognition.Whisper;

public class BeamChooserTests
{
    private const int End = 3, Width = 12;

    /// <summary>Beside a plain search written after openai-whisper's description: dictionaries of sequences, all rows from the first step on.</summary>
    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(3, 1.0)]
    [InlineData(5, 1.0)]
    [InlineData(5, 2.0)]
    [InlineData(4, 0.5)]
    public void Beams_are_those_of_a_plain_search(int beams, double patience)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            float[] Scores(IEnumerable<int> written)
            {
                var random = new Random(written.Aggregate(seed, (hash, token) => hash * 31 + token + 1));
                return [.. Enumerable.Range(0, Width).Select(token => (float)(random.NextDouble() * 4 + (token == End ? 0.7 : 0)))];
            }
            var chooser = new BeamChooser(beams, End, patience);
            var rows = Enumerable.Range(0, beams).Select(_ => new List<int>()).ToArray();
            for (var step = 0; step < 12 && !chooser.Done; step++)
            {
                var (next, sources) = (new int[beams], new int[beams]);
                chooser.Choose(rows.SelectMany(Scores).ToArray(), next, sources);
                if (!chooser.Done) rows = [.. sources.Select((source, row) => rows[source].Append(next[row]).ToList())];
                if (!chooser.Done) Assert.All(rows.Index(), row => Assert.Equal(row.Item, chooser.Written(row.Index).ToArray()));
            }
            var (expected, actual) = (Plain(Scores, beams, patience, 12), chooser.Finish());
            Assert.Equal(expected.Select(one => string.Join(' ', one.Tokens)), actual.Select(one => string.Join(' ', one.Tokens)));
            foreach (var (one, other) in expected.Zip(actual)) Assert.Equal(one.Sum, other.Sum, 2e-6);
        }
    }

    [Fact]
    public void The_best_is_chosen_by_length_or_by_a_penalty()
    {
        Candidate[] candidates = [new([1, 1], [], -1.0), new([1, 1, 1, 1, 1, 1, 1, 1], [], -3.0), new([], [], -5)];
        Assert.Same(candidates[1], Candidate.Best(candidates, null)); // -0.5, -0.375
        Assert.Same(candidates[0], Candidate.Best(candidates, 0)); // -1, -3
        Assert.Same(candidates[0], Candidate.Best(candidates, 1)); // -0.857, -1.385
        Assert.Same(candidates[0], Candidate.Best([candidates[0], new Candidate([2, 2], [], -1.0)], null));
    }

    [Fact]
    public void The_compression_ratio_is_zlibs()
    {
        // len(text) / len(zlib.compress(text)) of Python 3.11: 100 / 12, 43 / 50; other builds of zlib may differ by a byte or two.
        Assert.Equal(100 / 12.0, TextCompression.Ratio(new string('a', 100)), 0.7);
        Assert.Equal(43 / 50.0, TextCompression.Ratio("The quick brown fox jumps over the lazy dog"), 0.04);
        Assert.Equal(0, TextCompression.Ratio(""));
    }

    private static List<(int[] Tokens, double Sum)> Plain(Func<IEnumerable<int>, float[]> scores, int beams, double patience, int steps)
    {
        var enough = Math.Max(1, (int)Math.Round(beams * patience, MidpointRounding.ToEven));
        var live = Enumerable.Range(0, beams).Select(_ => (Tokens: Array.Empty<int>(), Sum: 0.0)).ToList();
        var ended = new List<(int[] Tokens, double Sum)>();
        for (var step = 0; step < steps && ended.Count < enough; step++)
        {
            var found = new Dictionary<string, (int[] Tokens, double Sum)>();
            foreach (var (tokens, sum) in live)
            {
                var own = scores(tokens);
                var total = Math.Log(own.Sum(score => Math.Exp((double)score)));
                foreach (var token in Enumerable.Range(0, Width).OrderByDescending(token => own[token]).Take(beams + 1))
                    found[string.Join(' ', tokens.Append(token))] = ([.. tokens, token], sum + own[token] - total);
            }
            var (next, newly) = (new List<(int[], double)>(), new List<(int[], double)>());
            foreach (var one in found.Values.OrderByDescending(one => one.Sum))
            {
                if (one.Tokens[^1] == End) newly.Add((one.Tokens[..^1], one.Sum));
                else next.Add(one);
                if (next.Count == beams) break;
            }
            ended.AddRange(newly.Take(enough - ended.Count));
            live = next;
        }
        if (ended.Count < beams) ended.AddRange(live.OrderByDescending(one => one.Sum).Take(beams - ended.Count).ToList());
        return ended;
    }
}
