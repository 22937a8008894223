using System.Text.Json;
using VoxMake.Serving.Engine;

namespace VoxMake.Serving.Api;

/// <summary>An answer as server-sent events, one for each token. Writing waits for the client; the engine then lets its texts rest.</summary>
internal sealed class CompletionStream(EventStream events, string id, ServedModel model, CompletionPlan plan, List<AnsweredText> texts)
{
    private readonly long _created = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    public async Task Write(IAsyncEnumerable<(TokenStep, AnsweredText)> steps, CancellationToken cancel)
    {
        await foreach (var (step, text) in steps)
        {
            text.Add(step);
            var (prompt, written) = (text.Prompt.Ids.Length, text.Tokens.Count);
            await Send(new CompletionChunk(
                id, _created, model.Name, [text.Chunk()],
                plan.Request.ContinuousUsage ? new ChunkUsage(prompt, prompt + written, written) : null,
                text.FinishReason is not null && !plan.Request.IncludeUsage ? CompletionEndpoint.Fingerprint : null), cancel);
        }
        if (plan.Request.IncludeUsage)
        {
            var (prompts, written) = (plan.Prompts.Sum(prompt => prompt.Ids.Length), texts.Sum(text => text.Tokens.Count));
            await Send(new CompletionChunk(id, _created, model.Name, [], new ChunkUsage(prompts, prompts + written, written), CompletionEndpoint.Fingerprint), cancel);
        }
        await events.Done(cancel);
    }

    private Task Send(CompletionChunk chunk, CancellationToken cancel) => events.Send(JsonSerializer.SerializeToUtf8Bytes(chunk, ServingJson.Written.CompletionChunk), cancel);
}
