using VoxMake.Torch;

namespace VoxMake.Models.Llama;

/// <summary>How alike two networks hold a text, token for token, both reading the same tokens: what one network wrote does not lead the other astray.</summary>
/// <param name="Tokens">Tokens that were compared.</param>
/// <param name="SameLikeliest">At how many of them both hold the same token likeliest.</param>
/// <param name="MaxLogprobDifference">The largest difference of the text's own tokens' logprobs.</param>
/// <param name="MeanDivergence">Kullback–Leibler divergence of the second from the first, nats a token.</param>
/// <param name="First">The first token, from 0, at which another one is likeliest; null where there is none.</param>
public sealed record LlamaParity(int Tokens, int SameLikeliest, double MaxLogprobDifference, double MeanDivergence, int? First)
{
    /// <summary>Logarithms of all tokens' probabilities before each token of a text: [tokens, vocab_size] float32 on the CPU.</summary>
    public static Tensor Logprobs(LlamaModel model, IReadOnlyList<int> prompt, IReadOnlyList<int> text)
    {
        using var noGrad = Libtorch.NoGrad();
        using var scope = new TensorScope();
        var hidden = model.Forward(TokenBatch.Of([[.. prompt, .. text.SkipLast(1)]], model.Device));
        return scope.Keep(model.Logits(hidden.narrow(0, prompt.Count - 1, text.Count)).to(Device.Cpu, ScalarType.Float).log_softmax(-1));
    }

    /// <param name="expected">Of one network: <see cref="Logprobs"/>.</param>
    /// <param name="actual">Of the other, for the same tokens.</param>
    public static LlamaParity Of(Tensor expected, Tensor actual, IReadOnlyList<int> text)
    {
        using var scope = new TensorScope();
        var ids = Tensor.From<long>([.. text.Select(id => (long)id)], text.Count).unsqueeze(1);
        var difference = (expected.gather(1, ids) - actual.gather(1, ids)).abs().max().Item();
        var divergence = (expected.exp() * (expected - actual).masked_fill(expected.lt(-80), 0)).sum([1L]).mean().Item();
        var ((_, likeliest), (_, other)) = (expected.max(1), actual.max(1));
        bool[] same = likeliest.eq(other).ToArray<bool>();
        return new LlamaParity(text.Count, same.Count(one => one), difference, Math.Max(0, divergence), Array.IndexOf(same, false) is >= 0 and var first ? first : null);
    }

    /// <summary>
    /// What rounding weights, or computing, in a type may change at most: a logprob, and the divergence. Rounding alone gave 0.05 and 3e-4 in bfloat16, 0.007 and 4e-6 in float16, 4e-6 and 0 in float32 (small
    /// random networks, with and without an adapter in a range of sizes); a lost adapter gives tens of times the limits.
    /// </summary>
    public static (double Logprob, double Divergence) LimitsOf(ScalarType type) => type switch { ScalarType.BFloat16 => (0.5, 0.02), ScalarType.Half => (0.1, 1e-3), _ => (2e-3, 1e-6) };

    /// <summary>Whether they are one network but for rounding.</summary>
    public bool Within(double logprobs, double divergence) => MaxLogprobDifference <= logprobs && MeanDivergence <= divergence;
}
