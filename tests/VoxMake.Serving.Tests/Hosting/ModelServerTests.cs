using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using VoxMake.Serving.Engine;
using VoxMake.Serving.Hosting;
using VoxMake.Torch.Tests;

namespace VoxMake.Serving.Tests.Hosting;

[Collection("libtorch")]
public sealed class ModelServerTests
{
    private const string Long = """{"prompt": [1, 5, 6, 7], "temperature": 0, "max_tokens": 120, "ignore_eos": true, "stream": true}""";

    /// <summary>Seven megabytes of events: more than the sockets between two programs hold.</summary>
    private const string Huge =
        """{"prompt": [1, 5, 6, 7], "temperature": 1, "seed": 1, "n": 100, "max_tokens": 120, "ignore_eos": true, "stream": true, "logprobs": 20, "return_tokens_as_token_ids": true}""";

    [SkippableFact]
    public async Task Only_local_names_are_answered_on_a_loopback_address()
    {
        await using var serving = await Serving.Start(new ServerOptions(AllowedHosts: ["proxy.example"]));
        foreach (var (host, status) in new[] { ("localhost", 200), ("127.0.0.1:1", 200), ("[::1]", 200), ("proxy.example", 200), ("evil.example", 403), ("127.0.0.1.evil.example", 403),
            ("localhost.evil.example", 403) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health") { Headers = { Host = host } };
            using var response = await serving.Client.SendAsync(request);
            Assert.Equal((host, status), (host, (int)response.StatusCode));
        }
    }

    [SkippableFact]
    public async Task A_key_is_asked_for_everywhere_but_at_health()
    {
        await using var serving = await Serving.Start(new ServerOptions(ApiKey: "a key of some length"));
        async Task<int> Ask(string path, string? key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (key is not null) request.Headers.Authorization = AuthenticationHeaderValue.Parse(key);
            using var response = await serving.Client.SendAsync(request);
            Assert.DoesNotContain("a key of some", await response.Content.ReadAsStringAsync());
            return (int)response.StatusCode;
        }
        Assert.Equal(200, await Ask("/health", null));
        Assert.Equal(200, await Ask("/v1/models", "Bearer a key of some length"));
        foreach (var path in new[] { "/v1/models", "/metrics", "/version", "/nothing" })
            foreach (var key in new[] { null, "Bearer a key of some lengt", "Bearer", "Basic a key of some length", "Bearer A key of some length" }) Assert.Equal(401, await Ask(path, key));
    }

    [SkippableFact]
    public async Task A_body_that_is_too_long_is_refused()
    {
        await using var serving = await Serving.Start(new ServerOptions { BodyBytes = 1000 });
        using var response = await serving.Post("/v1/completions", $$"""{"prompt": "{{new string('a', 2000)}}"}""");
        Assert.Equal(413, (int)response.StatusCode);
        Assert.Contains("--max-body-mb", await response.Content.ReadAsStringAsync());
        Assert.Empty(serving.Log);
    }

    [SkippableFact]
    public async Task A_request_that_takes_too_long_is_ended()
    {
        await using var serving = await Serving.Start(new ServerOptions { RequestTimeout = TimeSpan.FromMilliseconds(1) });
        using var response = await serving.Post("/v1/completions", Long.Replace("\"stream\": true", "\"n\": 1"));
        Assert.Equal(504, (int)response.StatusCode);
        await Serving.Until(async () => await serving.Metric("vllm:num_requests_running") == 0, "the text has ended");
    }

    [SkippableFact]
    public async Task More_requests_than_may_wait_are_told_to_come_again()
    {
        await using var serving = await Serving.Start(limits: new EngineLimits(Running: 1, Waiting: 2));
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => serving.Post("/v1/completions", Long)));
        Assert.Contains(answers, answer => (int)answer.StatusCode == 200);
        var busy = answers.Where(answer => (int)answer.StatusCode == 503).ToList();
        Assert.NotEmpty(busy);
        Assert.Equal(30, answers.Count(answer => (int)answer.StatusCode is 200 or 503));
        Assert.All(busy, answer => Assert.Equal("1", answer.Headers.RetryAfter!.ToString()));
        Assert.Contains("\"type\":\"ServiceUnavailableError\"", await busy[0].Content.ReadAsStringAsync());
    }

    [SkippableFact]
    public async Task A_client_that_leaves_in_the_middle_ends_its_text()
    {
        await using var serving = await Serving.Start(limits: new EngineLimits(Running: 100));
        using (var client = await Connect(serving, Huge))
        {
            await client.GetStream().ReadExactlyAsync(new byte[2000]);
            Assert.True(await serving.Metric("vllm:num_requests_running") > 0);
            client.Client.LingerState = new LingerOption(true, 0); // not even goodbye
        }
        await Serving.Until(async () => await serving.Metric("vllm:num_requests_running") == 0, "its texts have ended");
        Assert.Contains("finished_reason=\"abort\"", await serving.Client.GetStringAsync("/metrics"));
        Assert.Empty(serving.Log);
    }

    [SkippableFact]
    public async Task Clients_that_do_not_read_or_do_not_finish_their_request_harm_nobody_and_are_cut_off()
    {
        await using var serving = await Serving.Start(new ServerOptions { WritePatience = TimeSpan.FromSeconds(2) }, new EngineLimits(Running: 2, Ahead: 4));
        using var deaf = await Connect(serving, Huge, buffer: 4096);
        await deaf.GetStream().ReadExactlyAsync(new byte[300]); // it has begun
        var halves = new List<TcpClient>();
        for (var i = 0; i < 20; i++) halves.Add(await Connect(serving, Long, send: 100 + i));
        for (var i = 0; i < 20; i++) Assert.Equal(4, (await serving.Choice("\"temperature\": 0, \"max_tokens\": 4, \"return_token_ids\": true")).GetProperty("token_ids").GetArrayLength());
        foreach (var half in halves) Assert.True(await Ends(half), "half a request is still waited for");
        Assert.True(await Ends(deaf), "a client that does not read is still waited for");
        await Serving.Until(async () => await serving.Metric("vllm:num_requests_running") + await serving.Metric("vllm:num_requests_waiting") == 0, "its texts have ended");
        Assert.Empty(serving.Log);
    }

    [SkippableFact]
    public async Task A_server_that_stops_is_gone_within_five_seconds_though_a_client_does_not_read()
    {
        var serving = await Serving.Start(limits: new EngineLimits(Running: 100));
        using var deaf = await Connect(serving, Huge, buffer: 4096);
        await deaf.GetStream().ReadExactlyAsync(new byte[300]);
        var start = Environment.TickCount64;
        await serving.DisposeAsync();
        Assert.InRange(Environment.TickCount64 - start, 0, 6000);
        await Assert.ThrowsAnyAsync<SocketException>(async () => await new TcpClient().ConnectAsync(IPAddress.Loopback, serving.Port));
    }

    [SkippableFact]
    public async Task Running_requests_are_finished_before_a_server_stops()
    {
        var serving = await Serving.Start();
        using var response = await serving.Client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/v1/completions") { Content = new StringContent(Long, Encoding.UTF8, "application/json") },
            HttpCompletionOption.ResponseHeadersRead);
        var stopping = serving.Server.DisposeAsync();
        Assert.EndsWith("data: [DONE]\n\n", await response.Content.ReadAsStringAsync());
        await stopping;
        serving.Client.Dispose();
    }

    [SkippableFact]
    public async Task A_port_that_is_taken_and_an_address_that_is_none_are_named()
    {
        await using var serving = await Serving.Start();
        foreach (var (options, said) in new[] { (new ServerOptions(Port: serving.Port), $"port {serving.Port}"), (new ServerOptions("not an address"), "--host is not an address") })
            Assert.Contains(said, (await Assert.ThrowsAsync<Models.ModelException>(() => ModelServer.Start(Serving.Model, options, new EngineLimits(), _ => { }))).Message);
    }

    [SkippableFact]
    public async Task Counters_say_what_was_done()
    {
        await using var serving = await Serving.Start();
        await serving.Choice("\"temperature\": 0, \"max_tokens\": 4");
        await serving.Error(400, "\"max_tokens\": 0");
        Assert.Equal(4, await serving.Metric("vllm:prompt_tokens_total"));
        Assert.Equal(4, await serving.Metric("vllm:generation_tokens_total"));
        Assert.Equal(1, await serving.Metric("vllm:request_success_total{engine=\"0\",model_name=\"tiny\",finished_reason=\"length\"}"));
        Assert.Equal(1, await serving.Metric("vllm:time_to_first_token_seconds_count"));
        Assert.Equal(3, await serving.Metric("vllm:inter_token_latency_seconds_count"));
        Assert.Equal(1, await serving.Metric("http_requests_total{handler=\"/v1/completions\",method=\"POST\",status=\"4xx\"}"));
    }

    /// <summary>Sends a request, or only its first bytes, and nothing more.</summary>
    internal static async Task<TcpClient> Connect(Serving serving, string body, int? send = null, int? buffer = null)
    {
        var client = new TcpClient();
        if (buffer is { } size) client.ReceiveBufferSize = size;
        await client.ConnectAsync(IPAddress.Loopback, serving.Port);
        var request = Encoding.ASCII.GetBytes($"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        await client.GetStream().WriteAsync(request.AsMemory(0, send ?? request.Length));
        return client;
    }

    /// <summary>Whether the server ends the connection within half a minute, though the client reads nothing until then.</summary>
    private static async Task<bool> Ends(TcpClient client)
    {
        for (var i = 0; i < 300; i++)
        {
            if (client.Client.Poll(0, SelectMode.SelectError)) return true;
            try { await client.GetStream().WriteAsync("x"u8.ToArray()); } // one that was cut off cannot be written to
            catch (IOException) { return true; }
            await Task.Delay(100);
        }
        return false;
    }
}
