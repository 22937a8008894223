using System.Globalization;
using System.Text.Json;

namespace VoxMake.ValidateTool.Served;

/// <summary>A token that a server held likely.</summary>
internal readonly record struct Likely(int Token, double Logprob);

/// <summary>A server's answer to one prompt.</summary>
/// <param name="Tokens">Ids of the text, the one that ended it included.</param>
/// <param name="Logprobs">Of each token, where they were asked for.</param>
/// <param name="Likeliest">For each token the likeliest ones, the first the likeliest; as many as the server names.</param>
/// <param name="FinishReason"><c>stop</c> or <c>length</c>.</param>
internal sealed record Completion(int[] Tokens, double[] Logprobs, IReadOnlyList<IReadOnlyList<Likely>> Likeliest, string? FinishReason)
{
    private const string IdPrefix = "token_id:";

    /// <summary>Reads the body of an answer.</summary>
    /// <exception cref="ServedException">It lacks what was asked for, or is something else.</exception>
    public static Completion Read(JsonElement body)
    {
        try
        {
            var choice = body.GetProperty("choices")[0];
            if (!choice.TryGetProperty("token_ids", out var ids) || ids.ValueKind != JsonValueKind.Array)
                throw new ServedException("the server names no token_ids, though return_token_ids asked for them; without them no token can be compared",
                    "use a server that knows return_token_ids: a newer vLLM (0.32 does), or vox-serve");
            int[] tokens = [.. ids.EnumerateArray().Select(id => id.GetInt32())];
            var finish = choice.GetProperty("finish_reason").GetString();
            if (!choice.TryGetProperty("logprobs", out var scores) || scores.ValueKind != JsonValueKind.Object) return new Completion(tokens, [], [], finish);
            double[] logprobs = [.. scores.GetProperty("token_logprobs").EnumerateArray().Select(score => score.GetDouble())];
            var tops = scores.GetProperty("top_logprobs").EnumerateArray().Select(Tops).ToList();
            if (logprobs.Length != tokens.Length || tops.Count != tokens.Length)
                throw new ServedException($"the server names {tokens.Length} tokens with {logprobs.Length} logprobs and {tops.Count} lists of likely ones", "report it to the server's makers");
            return new Completion(tokens, logprobs, tops, finish);
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new ServedException($"the answer is none of the completions API: {error.Message}", "name the address of a server with the completions API of OpenAI and vLLM");
        }
    }

    /// <summary>How much less likely the second likeliest was at a token; null where the server does not say.</summary>
    public double? MarginAt(int token) => token < Likeliest.Count && Likeliest[token] is [var first, var second, ..] ? first.Logprob - second.Logprob : null;

    private static IReadOnlyList<Likely> Tops(JsonElement tops) =>
        [.. tops.EnumerateObject().Where(top => top.Name.StartsWith(IdPrefix, StringComparison.Ordinal))
            .Select(top => new Likely(int.Parse(top.Name.AsSpan(IdPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture), top.Value.GetDouble()))
            .OrderByDescending(top => top.Logprob)];
}

/// <summary>A server does not answer as it should.</summary>
/// <param name="mend">What to do.</param>
internal sealed class ServedException(string message, string mend) : Exception(message)
{
    public string Mend { get; } = mend;
}
