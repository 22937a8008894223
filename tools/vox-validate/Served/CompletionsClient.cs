using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using VoxMake.Secrets;

namespace VoxMake.ValidateTool.Served;

/// <summary>A streamed text.</summary>
/// <param name="FirstToken">Seconds until the first token came.</param>
/// <param name="Seconds">Until the end.</param>
internal sealed record StreamedText(int[] Tokens, double FirstToken, double Seconds, string? FinishReason);

/// <summary>Asks a server that has the completions API of vLLM.</summary>
/// <param name="model">What the server calls the model.</param>
/// <param name="key">Sent with every request; null: none is. In what the server says it is hidden.</param>
/// <param name="patience">For one answer.</param>
internal sealed class CompletionsClient(Uri address, string model, Secret? key, TimeSpan patience) : IDisposable
{
    private const int LongestAnswer = 64 << 20;
    private const string NoJson = "name the address of a server with the completions API of OpenAI and vLLM";
    private readonly HttpClient _http = Http(address, key, patience);

    public string Model => model;

    /// <summary>Whether it says that it is well. Where nobody listens yet it does not.</summary>
    /// <exception cref="ServedException">It wants a key or another one, or to be called elsewhere: waiting does not help.</exception>
    public async Task<bool> IsHealthy(CancellationToken cancel)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            using var response = await _http.GetAsync("health", late.Token);
            if ((int)response.StatusCode is 401 or 403 or (>= 300 and < 400)) throw Refused(response.StatusCode, await response.Content.ReadAsStringAsync(late.Token));
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException) { return false; }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested) { return false; }
    }

    /// <summary>The models that it says it serves, with the longest text of each, where it says so.</summary>
    /// <exception cref="ServedException">It does not answer, or something else.</exception>
    public async Task<IReadOnlyList<(string Id, int? MaxModelLen)>> Models(CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/models");
        using var body = await Ask(request, cancel);
        try
        {
            return [.. body.RootElement.GetProperty("data").EnumerateArray().Select(one =>
                (one.GetProperty("id").GetString() ?? "", one.TryGetProperty("max_model_len", out var length) && length.TryGetInt32(out var tokens) ? tokens : (int?)null))];
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException) { throw new ServedException($"/v1/models is no list of models: {error.Message}", NoJson); }
    }

    /// <summary>Has a text written.</summary>
    /// <param name="fields">Fields of the request beside model and prompt.</param>
    /// <exception cref="ServedException">It does not answer, or with an error.</exception>
    public async Task<Completion> Complete(IReadOnlyList<int> prompt, JsonObject fields, CancellationToken cancel)
    {
        using var request = Request(prompt, fields, stream: false);
        using var body = await Ask(request, cancel);
        return Completion.Read(body.RootElement);
    }

    /// <summary>The same, token by token as they come.</summary>
    /// <exception cref="ServedException">It does not answer, with an error, or with other events than a stream has.</exception>
    public async Task<StreamedText> Stream(IReadOnlyList<int> prompt, JsonObject fields, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(patience);
        using var request = Request(prompt, fields, stream: true);
        var (tokens, first, finish, done) = (new List<int>(), 0.0, (string?)null, false);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, late.Token);
            if (!response.IsSuccessStatusCode) throw Refused(response.StatusCode, await response.Content.ReadAsStringAsync(late.Token));
            await using var stream = await response.Content.ReadAsStreamAsync(late.Token);
            await foreach (var line in SseParser.Create(stream).EnumerateAsync(late.Token))
            {
                if (line.Data == "[DONE]")
                {
                    done = true;
                    break;
                }
                using var json = JsonDocument.Parse(Hidden(line.Data));
                foreach (var choice in json.RootElement.GetProperty("choices").EnumerateArray())
                {
                    if (choice.TryGetProperty("token_ids", out var ids) && ids.ValueKind == JsonValueKind.Array) tokens.AddRange(ids.EnumerateArray().Select(id => id.GetInt32()));
                    if (choice.GetProperty("finish_reason").GetString() is { } reason) finish = reason;
                }
                if (first == 0 && tokens.Count > 0) first = watch.Elapsed.TotalSeconds;
            }
        }
        catch (HttpRequestException error) { throw Silent(error.Message); }
        catch (IOException error) { throw Silent(error.Message); }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested) { throw Silent($"nothing more came within {patience.TotalSeconds:0} s"); }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ServedException($"an event of the stream is none of the completions API: {error.Message}", NoJson);
        }
        if (!done) throw new ServedException("the stream ended without data: [DONE]", "look into the server's log: it broke off");
        return new StreamedText([.. tokens], first, watch.Elapsed.TotalSeconds, finish);
    }

    private HttpRequestMessage Request(IReadOnlyList<int> prompt, JsonObject fields, bool stream)
    {
        var body = (JsonObject)fields.DeepClone();
        body["model"] = model;
        body["prompt"] = new JsonArray([.. prompt.Select(id => JsonValue.Create(id))]);
        body["return_token_ids"] = true;
        if (stream) body["stream"] = true;
        return new HttpRequestMessage(HttpMethod.Post, "v1/completions") { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
    }

    private async Task<JsonDocument> Ask(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            using var response = await _http.SendAsync(request, cancel);
            var text = Hidden(await response.Content.ReadAsStringAsync(cancel));
            return response.IsSuccessStatusCode ? JsonDocument.Parse(text) : throw Refused(response.StatusCode, text);
        }
        catch (HttpRequestException error) { throw Silent(error.Message); }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested) { throw Silent($"no answer came within {patience.TotalSeconds:0} s"); }
        catch (JsonException error) { throw new ServedException($"{request.RequestUri} is no JSON: {error.Message}", NoJson); }
    }

    private ServedException Refused(HttpStatusCode status, string body)
    {
        var said = Hidden(body);
        return new($"the server answers {(int)status}: {(said.Length > 500 ? said[..500] + "…" : said)}", (int)status switch
        {
            401 or 403 => Secret.Mend(key),
            >= 500 => "look into the server's log; vLLM on a processor dies of bfloat16 on some machines: set dtype to float32",
            >= 300 and < 400 => "it wants to be called elsewhere; a key is not sent to where nobody named: set the endpoint's new address",
            _ => "mend what it names: the served name and context must be those of the settings",
        });
    }

    private string Hidden(string said) => key?.Hide(said) ?? said;

    private static ServedException Silent(string why) => new($"the server does not answer: {why}", "look into its log, whether it still runs and has memory; a slow one needs a longer timeout_s");

    private static HttpClient Http(Uri address, Secret? key, TimeSpan patience)
    {
        // A redirect would carry key and prompts to somebody whom nobody named.
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + "/"), Timeout = patience, MaxResponseContentBufferSize = LongestAnswer,
        };
        if (key is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
        return http;
    }

    public void Dispose() => _http.Dispose();
}
