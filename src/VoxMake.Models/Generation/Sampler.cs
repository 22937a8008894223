using System.Buffers;
using System.Numerics.Tensors;

namespace VoxMake.Models.Generation;

/// <summary>
/// Chooses a token from a row of scores ("logits"), in the order of transformers' logits processors: penalties, temperature, top-k, top-p, min-p. Scores of tokens that may not be chosen become −∞.
/// </summary>
public static class Sampler
{
    /// <summary>Chooses the next token of a text.</summary>
    /// <param name="logits">[vocab_size]; changed.</param>
    /// <param name="tokens">Prompt and text so far.</param>
    /// <param name="written">How many of them, at the end, are text.</param>
    public static int Choose(Span<float> logits, IReadOnlyList<int> tokens, int written, SamplingOptions options)
    {
        Penalise(logits, tokens, written, options);
        if (options.Temperature == 0) return TensorPrimitives.IndexOfMax(logits);
        Warm(logits, options.Temperature);
        var kept = Filter(logits, options);
        var draw = new CounterRandom(options.Seed, Purpose.Sampling, options.Stream, written).Unit();
        return Draw(logits, kept, draw);
    }

    /// <summary>Bias and penalties.</summary>
    internal static void Penalise(Span<float> logits, IReadOnlyList<int> tokens, int written, SamplingOptions options)
    {
        if (options.Bias is not null)
            foreach (var (token, bias) in options.Bias) logits[token] += (float)bias;
        if (options.RepetitionPenalty != 1)
        {
            var penalty = (float)options.RepetitionPenalty;
            foreach (var token in tokens.Distinct()) logits[token] = logits[token] < 0 ? logits[token] * penalty : logits[token] / penalty;
        }
        if (options.PresencePenalty == 0 && options.FrequencyPenalty == 0) return;
        foreach (var (token, times) in tokens.Skip(tokens.Count - written).CountBy(token => token)) logits[token] -= (float)(options.PresencePenalty + options.FrequencyPenalty * times);
    }

    internal static void Warm(Span<float> logits, double temperature) => TensorPrimitives.Divide(logits, (float)temperature, logits);

    /// <summary>Top-k, top-p and min-p.</summary>
    /// <returns>Tokens that may be chosen, the likeliest first; empty where all may.</returns>
    internal static int[] Filter(Span<float> logits, SamplingOptions options)
    {
        if (options.TopK <= 0 && options.TopP >= 1 && options.MinP <= 0) return [];
        var (kept, below) = options.TopK > 0 && options.TopK < logits.Length ? (Likeliest(logits, options.TopK), 0) : Candidates(logits, options);
        var most = logits[kept[0]];
        var weights = Array.ConvertAll(Scores(logits, kept), score => Math.Exp(score - (double)most));
        var count = kept.Length;
        if (options.TopP < 1)
        {
            // From the least likely up, as transformers sums: a token goes while it and all below it hold at most 1 − top_p.
            var total = below + weights.Sum();
            for (; count > 1 && (below + weights[count - 1]) / total <= 1 - options.TopP; count--) below += weights[count - 1];
        }
        while (options.MinP > 0 && count > 1 && weights[count - 1] < options.MinP) count--;
        kept = kept[..count];
        var scores = Scores(logits, kept);
        logits.Fill(float.NegativeInfinity);
        for (var i = 0; i < count; i++) logits[kept[i]] = scores[i];
        return kept;
    }

    /// <summary>
    /// Tokens that top-p and min-p may leave, the likeliest first, and the weight of all others: those above a bound that together have at least top_p, since whatever has that much above it goes. The
    /// bound is lowered until they have, so that of a vocabulary of 150,000 mostly a few are sorted.
    /// </summary>
    private static (int[] Tokens, double Below) Candidates(ReadOnlySpan<float> logits, SamplingOptions options)
    {
        var weights = ArrayPool<float>.Shared.Rent(logits.Length);
        try
        {
            var relative = weights.AsSpan(0, logits.Length);
            TensorPrimitives.Subtract(logits, TensorPrimitives.Max(logits), relative);
            TensorPrimitives.Exp(relative, relative);
            var total = 0.0;
            foreach (var weight in relative) total += weight;
            var (tokens, mass) = (new List<int>(), 0.0);
            for (var least = options.MinP > 0 ? (float)options.MinP * 0.999f : 0.1f; ; least = least > 1e-6f ? least * 0.1f : 0)
            {
                mass = 0;
                tokens.Clear();
                for (var token = 0; token < relative.Length; token++)
                {
                    if (relative[token] < least) continue;
                    tokens.Add(token);
                    mass += relative[token];
                }
                if (mass >= total * options.TopP || least == 0 || options.MinP > 0 && options.TopP >= 1) break;
            }
            return (Sorted(logits, [.. tokens]), Math.Max(0, total - mass));
        }
        finally { ArrayPool<float>.Shared.Return(weights); }
    }

    /// <summary>The k likeliest, and all that are as likely as the last of them.</summary>
    private static int[] Likeliest(ReadOnlySpan<float> logits, int k)
    {
        var queue = new PriorityQueue<int, float>(k + 1);
        for (var token = 0; token < logits.Length; token++)
        {
            if (queue.Count < k) queue.Enqueue(token, logits[token]);
            else if (queue.TryPeek(out _, out var least) && logits[token] > least) queue.EnqueueDequeue(token, logits[token]);
        }
        queue.TryPeek(out _, out var last);
        var tokens = new List<int>(k);
        for (var token = 0; token < logits.Length; token++)
            if (logits[token] >= last && logits[token] > float.NegativeInfinity) tokens.Add(token);
        return Sorted(logits, [.. tokens]);
    }

    private static int[] Sorted(ReadOnlySpan<float> logits, int[] tokens)
    {
        var keys = Array.ConvertAll(Scores(logits, tokens), score => -score);
        Array.Sort(keys, tokens);
        for (var (from, at) = (0, 1); at <= keys.Length; at++)
            if (at == keys.Length || keys[at] != keys[from])
            {
                Array.Sort(tokens, from, at - from); // of equal ones the lower id first
                from = at;
            }
        return tokens;
    }

    private static float[] Scores(ReadOnlySpan<float> logits, int[] tokens)
    {
        var scores = new float[tokens.Length];
        for (var i = 0; i < tokens.Length; i++) scores[i] = logits[tokens[i]];
        return scores;
    }

    /// <summary>The token at which the running sum of probabilities passes the draw.</summary>
    private static int Draw(ReadOnlySpan<float> logits, int[] kept, double draw)
    {
        if (kept.Length == 0) kept = [.. Enumerable.Range(0, logits.Length)];
        var most = float.NegativeInfinity;
        foreach (var token in kept) most = Math.Max(most, logits[token]);
        var weights = new double[kept.Length];
        var total = 0.0;
        for (var i = 0; i < kept.Length; i++) total += weights[i] = Math.Exp(logits[kept[i]] - (double)most);
        var left = draw * total;
        for (var i = 0; i < kept.Length; i++)
            if ((left -= weights[i]) < 0) return kept[i];
        return kept[Array.FindLastIndex(weights, weight => weight > 0)];
    }
}
