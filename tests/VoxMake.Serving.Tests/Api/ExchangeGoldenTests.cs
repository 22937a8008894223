using System.Text.Json;

namespace VoxMake.Serving.Tests.Api;

/// <summary>Every recorded exchange with vLLM 0.32, played to our server.</summary>
[Collection("libtorch")]
public sealed class ExchangeGoldenTests(ExchangeGoldenTests.Running running) : IClassFixture<ExchangeGoldenTests.Running>
{
    /// <summary>vLLM's random numbers are its own: of these only the shape can be equal.</summary>
    private static readonly string[] Drawn = ["ok_n2_seed", "ok_no_temperature_seed", "ok_orpheus_settings", "ok_stream_n2"];

    /// <summary>Fields whose values are the server's own; their types are not.</summary>
    private static readonly string[] Free = ["id", "created", "system_fingerprint", "owned_by", "version"];

    public static TheoryData<string> Names
    {
        get
        {
            try { return [.. Exchanges().Keys]; }
            catch (Exception absent) when (absent is SkipException or FileNotFoundException)
            {
                return ["ok_plain"]; // it is skipped, or fails, by the vector's name
            }
        }
    }

    private static Dictionary<string, JsonElement> Exchanges() =>
        File.ReadLines(TestFiles.Golden("vllm/exchanges.jsonl")).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToDictionary(exchange => exchange.GetProperty("name").GetString()!);

    [SkippableTheory, MemberData(nameof(Names))]
    public async Task The_answer_is_that_of_vLLM(string name)
    {
        var exchange = Exchanges()[name];
        var serving = await running.Serving();
        using var response = await serving.Client.SendAsync(Request(exchange.GetProperty("request")));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(exchange.GetProperty("status").GetInt32() == (int)response.StatusCode, text);
        var headers = exchange.GetProperty("headers");
        Assert.Equal(headers.TryGetProperty("content-type", out var type) ? type.GetString() : null, response.Content.Headers.ContentType?.ToString());
        if (headers.TryGetProperty("allow", out var allow)) Assert.Equal(allow.GetString(), string.Join(", ", response.Content.Headers.Allow));

        var body = exchange.GetProperty("body");
        if (body.ValueKind != JsonValueKind.String) Compare("", body, JsonDocument.Parse(text).RootElement, name);
        else if (body.GetString()!.StartsWith("data: ", StringComparison.Ordinal)) Events(body.GetString()!, text, name);
        else Assert.Equal(body.GetString(), text);
        Assert.Empty(serving.Log);
    }

    [SkippableTheory, InlineData("\"temperature\": 0.8, \"seed\": 7, \"n\": 2"), InlineData("\"seed\": 3"),
        InlineData("\"temperature\": 0.6, \"top_p\": 0.8, \"repetition_penalty\": 1.3, \"seed\": 1")]
    public async Task The_same_seed_draws_the_same_tokens_and_another_draws_others(string fields)
    {
        var serving = await running.Serving();
        async Task<string> Ask(string fields) => (await serving.Complete($"{fields}, \"max_tokens\": 12")).Body.GetProperty("choices").ToString();
        var first = await Ask(fields);
        Assert.Equal(first, await Ask(fields));
        Assert.NotEqual(first, await Ask(fields.Replace("\"seed\": ", "\"seed\": 1", StringComparison.Ordinal)));
    }

    private static HttpRequestMessage Request(JsonElement recorded)
    {
        var request = new HttpRequestMessage(HttpMethod.Parse(recorded.GetProperty("method").GetString()), recorded.GetProperty("path").GetString());
        var body = recorded.GetProperty("body");
        if (body.ValueKind != JsonValueKind.Null)
            request.Content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body.ValueKind == JsonValueKind.String ? body.GetString()! : body.GetRawText()));
        foreach (var header in recorded.GetProperty("headers").EnumerateObject())
        {
            if (header.Name == "Content-Type") request.Content?.Headers.Add(header.Name, header.Value.GetString());
            else request.Headers.Add(header.Name, header.Value.GetString());
        }
        return request;
    }

    /// <summary>Events one by one, of each choice in its order; which of two choices is ahead hangs on when they joined.</summary>
    private static void Events(string expected, string actual, string name)
    {
        var (theirs, ours) = (expected.Split("\n\n"), actual.Split("\n\n"));
        Assert.Equal(theirs[^2..], ours[^2..]); // [DONE] and the empty line behind it
        var (their, our) = (ByChoice(theirs[..^2]), ByChoice(ours[..^2]));
        Assert.Equal(their.Count, our.Count);
        for (var i = 0; i < their.Count; i++) Compare($"event {i}", their[i], our[i], name);
    }

    private static List<JsonElement> ByChoice(string[] events) =>
        [.. events.Select(data => JsonSerializer.Deserialize<JsonElement>(data["data: ".Length..])).OrderBy(chunk => chunk.GetProperty("choices") is var choices && choices.GetArrayLength() > 0
            ? choices[0].GetProperty("index").GetInt32() : int.MaxValue)];

    private static void Compare(string place, JsonElement expected, JsonElement actual, string name)
    {
        if (expected.ValueKind == JsonValueKind.Object && actual.ValueKind == JsonValueKind.Object)
        {
            Assert.Equal((place, string.Join(' ', expected.EnumerateObject().Select(field => field.Name).Order())),
                (place, string.Join(' ', actual.EnumerateObject().Select(field => field.Name).Order())));
            foreach (var field in expected.EnumerateObject())
            {
                var ours = actual.GetProperty(field.Name);
                if (Free.Contains(field.Name) && name is not ("ok_request_id" or "ok_x_request_id")) Assert.Equal((place, field.Name, field.Value.ValueKind), (place, field.Name, ours.ValueKind));
                else if (!Free.Contains(field.Name) || field.Name == "id") Compare($"{place}.{field.Name}", field.Value, ours, name);
            }
        }
        else if (expected.ValueKind == JsonValueKind.Array && actual.ValueKind == JsonValueKind.Array)
        {
            Assert.Equal((place, expected.GetArrayLength()), (place, actual.GetArrayLength()));
            foreach (var (at, entry) in expected.EnumerateArray().Index()) Compare($"{place}[{at}]", entry, actual[at], name);
        }
        else if (Drawn.Contains(name) && expected.ValueKind == actual.ValueKind && expected.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.Null) { }
        else if (expected.ValueKind == JsonValueKind.Number && expected.GetRawText().Contains('.'))
            Assert.True(Math.Abs(expected.GetDouble() - actual.GetDouble()) <= 1e-3, $"{place}: {expected} and {actual}");
        else if (name == "inference_generate" && place == ".error.message") Assert.StartsWith("Scale-out endpoints are disabled", actual.GetString()); // how to restart vLLM is of no use here
        else Assert.Equal((place, expected.ToString(), expected.ValueKind), (place, actual.ToString(), actual.ValueKind));
    }

    public sealed class Running : IAsyncLifetime
    {
        private Serving? _serving;

        internal async Task<Serving> Serving() => _serving ??= await Tests.Serving.Start();

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync()
        {
            if (_serving is not null) await _serving.DisposeAsync();
        }
    }
}
