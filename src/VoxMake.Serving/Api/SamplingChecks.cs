using System.Globalization;
using VoxMake.Models.Generation;
using VoxMake.Models.Llama;

namespace VoxMake.Serving.Api;

/// <summary>How tokens are chosen for a request: its settings, else those of the model's generation_config.json, within vLLM's bounds and refused in its words.</summary>
internal static class SamplingChecks
{
    public const int MostLogprobs = 20;

    private const double LeastTemperature = 0.01; // below it, but for 0, scores would overflow

    /// <summary>The settings of the first text; those of others differ in <see cref="SamplingOptions.Stream"/>.</summary>
    /// <param name="maxTokens">What was asked for, at most what the context leaves.</param>
    /// <exception cref="ApiException">A setting is out of its range.</exception>
    public static SamplingOptions Of(CompletionRequest request, GenerationConfig defaults, int vocabulary, long maxTokens)
    {
        var options = new SamplingOptions(
            request.Temperature ?? defaults.Temperature ?? 1,
            Clamp(request.TopK ?? defaults.TopK ?? 0),
            request.TopP ?? defaults.TopP ?? 1,
            request.MinP ?? defaults.MinP ?? 0,
            request.RepetitionPenalty ?? defaults.RepetitionPenalty ?? 1,
            request.PresencePenalty ?? 0,
            request.FrequencyPenalty ?? 0,
            request.Seed ?? Random.Shared.NextInt64());
        if (request.N < 1) throw ApiException.Bad($"n must be at least 1, got {request.N}.");
        Within(options.PresencePenalty, "presence_penalty");
        Within(options.FrequencyPenalty, "frequency_penalty");
        if (options.RepetitionPenalty <= 0) throw ApiException.Bad($"repetition_penalty must be greater than zero, got {PythonText.Of(options.RepetitionPenalty)}.");
        if (options.Temperature < 0) throw Bad("temperature", "must be non-negative", options.Temperature);
        if (options.Temperature > 2) throw Bad("temperature", "must be in [0, 2]", options.Temperature);
        if (options.TopP is not (> 0 and <= 1)) throw Bad("top_p", "must be in (0, 1]", options.TopP);
        if (options.TopK < -1) throw ApiException.Bad($"top_k must be 0 (disable), or at least 1, got {options.TopK}.");
        if (options.MinP is not (>= 0 and <= 1)) throw ApiException.Bad($"min_p must be in [0, 1], got {PythonText.Of(options.MinP)}.");
        if (maxTokens < 1) throw ApiException.Bad($"max_tokens must be at least 1, got {maxTokens}.", "max_tokens", $"{maxTokens}");
        if (request.MinTokens < 0) throw ApiException.Bad($"min_tokens must be greater than or equal to 0, got {request.MinTokens}.");
        if (request.MinTokens > maxTokens) throw ApiException.Bad($"min_tokens must be less than or equal to max_tokens={maxTokens}, got {request.MinTokens}.", "min_tokens", $"{request.MinTokens}");
        if (request.Stop.Contains("")) throw ApiException.Bad("stop cannot contain an empty string.");
        if (options.Temperature == 0 && request.N > 1) throw ApiException.Bad($"n must be 1 when using greedy sampling, got {request.N}.");
        CheckTop(request.Logprobs, "sample", "logprobs");
        CheckTop(request.PromptLogprobs, "prompt", "prompt_logprobs");
        CheckAllowed(request.AllowedTokenIds, vocabulary);
        return options with
        {
            Temperature = options.Temperature == 0 ? 0 : Math.Max(options.Temperature, LeastTemperature),
            TopK = Math.Max(0, options.TopK),
            Bias = Bias(request.LogitBias, vocabulary),
        };
    }

    private static int Clamp(long value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);

    private static void Within(double penalty, string name)
    {
        if (penalty is not (>= -2 and <= 2)) throw ApiException.Bad($"{name} must be in [-2, 2], got {PythonText.Of(penalty)}.");
    }

    private static ApiException Bad(string field, string rule, double value) => ApiException.Bad($"{field} {rule}, got {PythonText.Of(value)}.", field, PythonText.Of(value));

    private static void CheckTop(long? top, string whose, string field)
    {
        if (top > MostLogprobs) throw ApiException.Bad($"Requested {whose} logprobs of {top}, which is greater than max allowed: {MostLogprobs}", field, $"{top}");
    }

    private static void CheckAllowed(IReadOnlyList<long>? ids, int vocabulary)
    {
        if (ids is null) return;
        if (ids.Count == 0) throw ApiException.Bad("allowed_token_ids is not None and empty!", "allowed_token_ids", "[]");
        if (ids.Any(id => id < 0 || id >= vocabulary)) throw ApiException.Bad("allowed_token_ids contains out-of-vocab token id!", "allowed_token_ids");
    }

    private static Dictionary<int, double>? Bias(IReadOnlyDictionary<string, double>? bias, int vocabulary)
    {
        if (bias is null || bias.Count == 0) return null;
        var (read, outside) = (new Dictionary<int, double>(), new List<int>());
        foreach (var (name, value) in bias)
        {
            if (!int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
                throw ApiException.Bad($"Invalid key {PythonText.Quoted(name)} in logit_bias: it must be a token id", "logit_bias");
            if (id < 0 || id >= vocabulary) outside.Add(id);
            else read[id] = Math.Clamp(value, -100, 100);
        }
        if (outside.Count == 0) return read;
        var shown = PythonText.Of(outside.Take(20));
        throw ApiException.Bad($"token_id(s) {shown} in logit_bias contain out-of-vocab token ids. Vocabulary size: {vocabulary}", "logit_bias", shown);
    }
}
