using VoxMake.Models.Llama;

namespace VoxMake.Serving.Api;

/// <summary>A request that was found good: what the engine is to write, and how it is to be answered. Text i belongs to prompt i / n.</summary>
/// <param name="Tasks">n for each prompt, one prompt after the other.</param>
/// <param name="Top">How many likeliest tokens the answer names; null where it has no logprobs.</param>
/// <param name="EchoOnly">The prompt alone is asked back (<c>echo</c> with <c>max_tokens</c> 0): one token is written, for the network to be asked at all, and dropped.</param>
internal sealed record CompletionPlan(CompletionRequest Request, IReadOnlyList<PromptTokens> Prompts, IReadOnlyList<LlamaTask> Tasks, int? Top, bool EchoOnly)
{
    public const int DefaultMaxTokens = 16;

    /// <summary>Tokens of all texts of a request, each with the scores that are asked for: some hundred megabytes while they are gathered. Nobody needs more in one answer.</summary>
    public const long MostScores = 4_000_000;

    /// <summary>The prompt of a text.</summary>
    public PromptTokens PromptOf(int text) => Prompts[text / (int)Request.N];

    /// <summary>Checks a request against the model.</summary>
    /// <exception cref="ApiException">It cannot be answered as asked.</exception>
    public static CompletionPlan Of(CompletionRequest request, ServedModel model, int mostTexts)
    {
        if (request.Suffix is not null)
            throw ApiException.Bad(request.Prompts is [{ Text: not null }]
                ? "suffix is not supported by this server; leave it out"
                : "suffix requires text prompt input for FIM completion rendering", "suffix");
        var prompts = PromptTokens.Of(request, model);
        if (request.N > mostTexts / prompts.Count) // n may be so large that the product is none
            throw ApiException.Bad($"{prompts.Count} prompts, each continued {request.N} times, are too many texts; this server takes {mostTexts} at once", "n");
        var echoOnly = request is { Echo: true, MaxTokens: 0 };
        var stops = Stops(request, model);
        var allowed = request.AllowedTokenIds is { } ids ? Array.ConvertAll([.. ids.Distinct().Order()], id => new Range((int)id, (int)id + 1)) : null;
        var tasks = new List<LlamaTask>();
        foreach (var prompt in prompts)
        {
            var left = Math.Min(echoOnly ? 1 : request.MaxTokens ?? DefaultMaxTokens, model.MaxLength - prompt.Ids.Length);
            var sampling = SamplingChecks.Of(request, model.Defaults, model.Network.Config.VocabSize, left);
            for (var n = 0; n < request.N; n++)
                tasks.Add(new LlamaTask(
                    prompt.Ids, sampling with { Stream = n }, (int)left, stops, (int)request.MinTokens, (int?)request.Logprobs,
                    (int?)(request.PromptLogprobs ?? (request.Echo ? request.Logprobs : null)), allowed is null ? null : _ => allowed));
        }
        var scores = tasks.Sum(task => (long)task.MaxNewTokens * (1 + (task.Top ?? 0)) + (task.PromptTop is { } top ? (long)task.Prompt.Count * (1 + top) : 0));
        if (scores > MostScores)
            throw ApiException.Bad($"the answer may hold {scores} tokens and scores; at most {MostScores} are gathered for a request. Ask for less with n, max_tokens or logprobs", "n");
        return new CompletionPlan(request, prompts, tasks, (int?)request.Logprobs, echoOnly);
    }

    /// <summary>Why a text ended at a token, as the answer says it: null for the model's own end, else the token.</summary>
    public int? StopReason(int token, ServedModel model) => token == model.Eos && !Request.IgnoreEos ? null : token;

    private static HashSet<int> Stops(CompletionRequest request, ServedModel model)
    {
        var stops = request.StopTokenIds.Where(id => id >= 0 && id < model.Network.Config.VocabSize).Select(id => (int)id).ToHashSet();
        if (request.IgnoreEos) return stops;
        if (model.Eos is { } eos) stops.Add(eos);
        stops.UnionWith(model.OtherEos);
        return stops;
    }
}
