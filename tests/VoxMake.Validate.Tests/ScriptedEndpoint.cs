using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace VoxMake.Validate.Tests;

/// <summary>A server that answers what a test wants, on a free port of this machine.</summary>
internal sealed class ScriptedEndpoint : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<JsonObject, int[]> _tokens;

    /// <param name="tokens">The text for a completion's request.</param>
    public ScriptedEndpoint(Func<JsonObject, int[]> tokens, string model = "voice", int maxModelLen = 512)
    {
        (_tokens, Model, MaxModelLen) = (tokens, model, maxModelLen);
        for (var tries = 0; ; tries++)
        {
            Address = new Uri($"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}/");
            _listener.Prefixes.Clear();
            _listener.Prefixes.Add(Address.AbsoluteUri);
            try
            {
                _listener.Start();
                break;
            }
            catch (HttpListenerException) when (tries < 20) { }
        }
        _ = Task.Run(Answer);
    }

    public Uri Address { get; }
    public string Model { get; }
    public int MaxModelLen { get; }

    /// <summary>Requests for completions, in turn.</summary>
    public List<JsonObject> Asked { get; } = [];

    /// <summary>Of each token in turn; -0.5 where there is none.</summary>
    public IReadOnlyList<double> Logprobs { get; init; } = [];

    /// <summary>The key that /v1 asks for, as vLLM's --api-key; null: none.</summary>
    public string? Key { get; init; }

    /// <summary>Where everybody is sent on to; null: nowhere.</summary>
    public Uri? Moved { get; init; }

    /// <summary>What is answered where it is not sent: a status and a body.</summary>
    public Func<string?, (int Status, string Body)> Refusal { get; init; } = _ => (401, """{"error":"Unauthorized"}"""); // vLLM's own words

    /// <summary>What texts end for.</summary>
    public string Finish { get; init; } = "stop";

    private async Task Answer()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try { context = await _listener.GetContextAsync(); }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException) { return; }
            if (Moved is not null)
            {
                context.Response.StatusCode = 307;
                context.Response.RedirectLocation = new Uri(Moved, context.Request.Url!.AbsolutePath).AbsoluteUri;
                context.Response.Close();
                continue;
            }
            var (type, body) = Refused(context) ? ("application/json", Refusal(context.Request.Headers["Authorization"]).Body) : context.Request.Url!.AbsolutePath switch
            {
                "/health" => ("text/plain", ""),
                "/v1/models" => ("application/json", new JsonObject { ["data"] = new JsonArray(new JsonObject { ["id"] = Model, ["max_model_len"] = MaxModelLen }) }.ToJsonString()),
                _ => Completion(await new StreamReader(context.Request.InputStream).ReadToEndAsync()),
            };
            context.Response.ContentType = type;
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
            context.Response.Close();
        }
    }

    private bool Refused(HttpListenerContext context)
    {
        var authorization = context.Request.Headers["Authorization"];
        if (Key is null || authorization == $"Bearer {Key}" || !context.Request.Url!.AbsolutePath.StartsWith("/v1/", StringComparison.Ordinal)) return false;
        context.Response.StatusCode = Refusal(authorization).Status;
        return true;
    }

    private (string Type, string Body) Completion(string request)
    {
        var asked = (JsonObject)JsonNode.Parse(request)!;
        lock (Asked) Asked.Add(asked);
        var tokens = _tokens(asked);
        JsonArray Ids() => [.. tokens.Select(id => JsonValue.Create(id))];
        var choice = new JsonObject { ["index"] = 0, ["text"] = "", ["finish_reason"] = Finish, ["token_ids"] = Ids() };
        if (asked.ContainsKey("stream")) return ("text/event-stream", $"data: {new JsonObject { ["choices"] = new JsonArray(choice) }.ToJsonString()}\n\ndata: [DONE]\n\n");
        if (asked.ContainsKey("logprobs"))
            choice["logprobs"] = new JsonObject
            {
                ["token_logprobs"] = new JsonArray([.. tokens.Select((_, i) => JsonValue.Create(i < Logprobs.Count ? Logprobs[i] : -0.5))]),
                ["top_logprobs"] = new JsonArray([.. tokens.Select(id => new JsonObject { [$"token_id:{id}"] = -0.5, ["token_id:3"] = -4.5 })]),
            };
        return ("application/json", new JsonObject { ["choices"] = new JsonArray(choice) }.ToJsonString());
    }

    public void Dispose() => _listener.Close();
}
