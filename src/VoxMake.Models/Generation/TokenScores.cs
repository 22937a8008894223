using System.Numerics.Tensors;

namespace VoxMake.Models.Generation;

/// <summary>How likely a model held a token, and which ones it held likeliest.</summary>
/// <param name="Logprob">Natural logarithm of the probability, before any penalty or temperature.</param>
/// <param name="Rank">1 for the likeliest.</param>
/// <param name="Top">The likeliest tokens, falling.</param>
public sealed record TokenScores(int Token, double Logprob, int Rank, IReadOnlyList<(int Token, double Logprob)> Top)
{
    /// <summary>Of a row of raw scores.</summary>
    /// <param name="logits">[vocab_size]</param>
    /// <param name="top">How many of the likeliest to name.</param>
    public static TokenScores Of(ReadOnlySpan<float> logits, int token, int top)
    {
        var most = TensorPrimitives.Max(logits);
        var total = 0.0;
        var rank = 1;
        foreach (var logit in logits)
        {
            total += Math.Exp(logit - (double)most);
            if (logit > logits[token]) rank++;
        }
        var shift = most + Math.Log(total);
        return new TokenScores(token, logits[token] - shift, rank, [.. Best(logits, top).Select(entry => (entry.Token, entry.Logit - shift))]);
    }

    private static List<(int Token, double Logit)> Best(ReadOnlySpan<float> logits, int top)
    {
        var best = new List<(int, double Logit)>(top + 1);
        for (var token = 0; token < logits.Length && top > 0; token++)
        {
            if (best.Count == top && !(logits[token] > best[^1].Logit)) continue;
            var logit = logits[token];
            var at = best.FindIndex(entry => entry.Logit < logit);
            best.Insert(at < 0 ? best.Count : at, (token, logit));
            if (best.Count > top) best.RemoveAt(top);
        }
        return best;
    }
}
