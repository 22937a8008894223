using Microsoft.AspNetCore.Http;
using VoxMake.Models;
using VoxMake.Serving.Engine;
using VoxMake.Serving.Hosting;

namespace VoxMake.Serving.Api;

/// <summary><c>POST /v1/completions</c></summary>
internal sealed class CompletionEndpoint(ServedModel model, CompletionEngine engine, EngineMeters meters, ServerOptions options)
{
    public static string Fingerprint { get; } = $"voxmake-{typeof(CompletionEndpoint).Assembly.GetName().Version!.ToString(3)}";

    public async Task Answer(HttpContext http)
    {
        using var json = await JsonBody.Read(http.Request);
        var request = CompletionRequest.Read(json.RootElement);
        model.CheckName(request.Model);
        var plan = CompletionPlan.Of(request, model, engine.MostTexts);
        var id = $"cmpl-{request.RequestId ?? HeaderId(http) ?? Guid.NewGuid().ToString("N")[..16]}";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        limit.CancelAfter(options.RequestTimeout);
        using var generation = Start(plan);
        foreach (var prompt in plan.Prompts) meters.PromptTokens.Add(prompt.Ids.Length);
        var texts = plan.Tasks.Select((_, index) => new AnsweredText(plan, index, model)).ToList();
        try
        {
            if (request.Stream) await new CompletionStream(new EventStream(http.Response, options.WritePatience), id, model, plan, texts).Write(Steps(generation, texts, limit.Token), limit.Token);
            else
            {
                await foreach (var (step, text) in Steps(generation, texts, limit.Token)) text.Add(step);
                var choices = texts.Select(text => text.Choice()).ToList();
                await JsonAnswer.Write(http.Response, 200, new CompletionResponse(id, DateTimeOffset.UtcNow.ToUnixTimeSeconds(), model.Name, choices, Fingerprint, Usage(plan, texts)),
                    ServingJson.Written.CompletionResponse);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            throw new ApiException(504, "TimeoutError", FormattableString.Invariant($"the request took longer than {options.RequestTimeout.TotalSeconds} s; ask for fewer tokens"));
        }
        catch (EngineException error) { throw new ApiException(500, "InternalServerError", error.Message); }
        finally { Measure(generation, texts); }
    }

    /// <summary>Too many texts wait already.</summary>
    public static ApiException Busy() => new(503, "ServiceUnavailableError", "the server is busy: as many requests wait as it takes (--max-queue); try again later") { RetryAfter = 1 };

    private static Usage Usage(CompletionPlan plan, List<AnsweredText> texts)
    {
        var (prompts, written) = (plan.Prompts.Sum(prompt => prompt.Ids.Length), texts.Sum(text => text.Tokens.Count));
        return new Usage(prompts, prompts + written, written);
    }

    private Generation Start(CompletionPlan plan)
    {
        try
        {
            return engine.TryStart(plan.Tasks) ?? throw Busy();
        }
        catch (ModelException error) { throw ApiException.Bad(error.Message, "prompt"); }
    }

    /// <summary>Steps of texts that have not ended; it ends when all have, though the engine may go on behind a stop string until it is told.</summary>
    private async IAsyncEnumerable<(TokenStep, AnsweredText)> Steps(Generation generation, List<AnsweredText> texts, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var left = texts.Count;
        await foreach (var step in generation.Read(cancel))
        {
            var text = texts[step.Text];
            if (text.FinishReason is not null) continue;
            var now = Environment.TickCount64;
            if (text.Tokens.Count == 0) meters.FirstToken.Add((now - generation.Start) / 1e3);
            else meters.BetweenTokens.Add((now - text.LastTick) / 1e3);
            text.LastTick = now;
            meters.GenerationTokens.Add(1);
            yield return (step, text);
            if (text.FinishReason is null) continue;
            if (--left == 0) yield break;
            if (!step.IsLast) generation.Leave(step.Text); // a stop string, which the engine knows nothing of
        }
    }

    private void Measure(Generation generation, List<AnsweredText> texts)
    {
        meters.WholeRequest.Add((Environment.TickCount64 - generation.Start) / 1e3);
        foreach (var text in texts)
        {
            meters.Ended[$"finished_reason=\"{text.FinishReason ?? "abort"}\""].Add(1);
            meters.RequestPromptTokens.Add(text.Prompt.Ids.Length);
            meters.RequestGenerationTokens.Add(text.Tokens.Count);
        }
    }

    private static string? HeaderId(HttpContext http)
    {
        if (http.Request.Headers["X-Request-Id"].FirstOrDefault() is not { Length: > 0 } id) return null;
        CompletionRequest.CheckId(id, "X-Request-Id");
        return id;
    }
}
