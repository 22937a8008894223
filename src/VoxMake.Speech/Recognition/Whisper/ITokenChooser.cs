using System.Numerics.Tensors;
using VoxMake.Models;

namespace VoxMake.Speech.Recognition.Whisper;

/// <summary>Chooses the tokens of one window's texts, step by step.</summary>
internal interface ITokenChooser
{
    /// <summary>Rows that it has.</summary>
    int Rows { get; }

    /// <summary>Whether it has all it wants; nothing it is given then changes anything.</summary>
    bool Done { get; }

    /// <summary>What a row has written, behind the start sequence.</summary>
    ReadOnlySpan<int> Written(int row);

    /// <summary>Takes scores of all rows.</summary>
    /// <param name="scores">[rows, vocabulary], rules applied.</param>
    /// <param name="next">Takes each row's next token.</param>
    /// <param name="sources">Takes which row each goes on from.</param>
    void Choose(ReadOnlySpan<float> scores, Span<int> next, Span<int> sources);

    /// <summary>All texts, whole or cut off.</summary>
    IReadOnlyList<Candidate> Finish();
}

/// <summary>The likeliest token of one row at temperature 0; else drawn, in each row by itself (best of several).</summary>
/// <param name="keys">What numbers are drawn by: seed, then counters.</param>
internal sealed class RowChooser(int rows, int end, double temperature, long seed, long[] keys) : ITokenChooser
{
    private readonly Candidate[] _rows = [.. Enumerable.Repeat(Candidate.Empty, rows)];

    public int Rows => rows;
    public bool Done => Array.TrueForAll(_rows, row => row.Ended);

    public ReadOnlySpan<int> Written(int row) => _rows[row].Tokens;

    public void Choose(ReadOnlySpan<float> scores, Span<int> next, Span<int> sources)
    {
        var width = scores.Length / rows;
        for (var row = 0; row < rows; row++)
        {
            (next[row], sources[row]) = (end, row);
            if (_rows[row].Ended) continue;
            var own = scores.Slice(row * width, width);
            var token = temperature == 0 ? TensorPrimitives.IndexOfMax(own) : Draw(own, row);
            var logProbability = own[token] - DecodingRules.LogSumExp(own);
            _rows[row] = token == end ? _rows[row].End(logProbability) : _rows[row].With(token, logProbability);
            next[row] = token;
        }
    }

    /// <summary>By the inverse of the cumulative distribution, in order of ids.</summary>
    private int Draw(ReadOnlySpan<float> scores, int row)
    {
        var random = new CounterRandom(seed, Purpose.Sampling, [.. keys, row, _rows[row].Tokens.Length]);
        var highest = TensorPrimitives.Max(scores);
        var total = 0.0;
        foreach (var score in scores) total += Weight(score);
        var (left, last) = (random.Unit() * total, -1);
        for (var token = 0; token < scores.Length; token++)
        {
            if (Weight(scores[token]) is not (> 0 and var weight)) continue;
            last = token;
            if ((left -= weight) < 0) break;
        }
        return last;

        double Weight(float score) => Math.Exp((score - highest) / temperature);
    }

    public IReadOnlyList<Candidate> Finish() => _rows;
}

/// <summary>Beam search as openai-whisper has it: the likeliest texts side by side until enough have ended.</summary>
internal sealed class BeamChooser(int beams, int end, double patience) : ITokenChooser
{
    private readonly int _enough = Math.Max(1, (int)Math.Round(beams * patience, MidpointRounding.ToEven));
    private readonly List<Candidate> _ended = [];
    private Candidate[] _beams = [.. Enumerable.Repeat(Candidate.Empty, beams)];
    private bool _started;

    public int Rows => beams;
    public bool Done => _ended.Count >= _enough;

    public ReadOnlySpan<int> Written(int row) => _beams[row].Tokens;

    public void Choose(ReadOnlySpan<float> scores, Span<int> next, Span<int> sources)
    {
        next.Fill(end);
        for (var row = 0; row < beams; row++) sources[row] = row;
        if (Done) return;
        var (width, found) = (scores.Length / beams, new List<(int Row, int Token, double LogProbability, double Sum)>());
        // At first all rows are the same text: one of them has all there is to choose from.
        for (var row = 0; row < (_started ? beams : 1); row++)
        {
            var own = scores.Slice(row * width, width);
            var total = DecodingRules.LogSumExp(own);
            foreach (var token in Likeliest(own, beams + 1)) found.Add((row, token, own[token] - total, _beams[row].Sum + own[token] - total));
        }
        _started = true;
        var (kept, ended) = (new List<Candidate>(beams), new List<Candidate>());
        foreach (var (row, token, logProbability, _) in found.OrderByDescending(one => one.Sum))
        {
            if (token == end)
            {
                ended.Add(_beams[row].End(logProbability));
                continue;
            }
            (next[kept.Count], sources[kept.Count]) = (token, row);
            kept.Add(_beams[row].With(token, logProbability));
            if (kept.Count == beams) break;
        }
        _ended.AddRange(ended.Take(_enough - _ended.Count)); // likeliest first
        _beams = [.. kept];
    }

    /// <summary>Those that ended, and the likeliest of the others where these are fewer than the beams.</summary>
    public IReadOnlyList<Candidate> Finish() => [.. _ended, .. _beams.OrderByDescending(one => one.Sum).Take(Math.Max(0, beams - _ended.Count))];

    private static List<int> Likeliest(ReadOnlySpan<float> scores, int count)
    {
        var best = new PriorityQueue<int, (float Score, int Order)>(count + 1);
        foreach (var (token, score) in new Indexed(scores))
        {
            if (best.Count == count && best.TryPeek(out _, out var least) && score <= least.Score) continue;
            best.Enqueue(token, (score, -token));
            if (best.Count > count) best.Dequeue();
        }
        var tokens = new List<int>(count);
        while (best.TryDequeue(out var token, out _)) tokens.Add(token);
        tokens.Reverse();
        return tokens;
    }

    /// <summary>A span with its indices.</summary>
    private ref struct Indexed(ReadOnlySpan<float> values)
    {
        private readonly ReadOnlySpan<float> _values = values;
        private int _at = -1;

        public readonly (int Index, float Value) Current => (_at, _values[_at]);
        public readonly Indexed GetEnumerator() => this;
        public bool MoveNext() => ++_at < _values.Length;
    }
}
