using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using VoxMake.Torch.Tests;
using Xunit.Abstractions;

namespace VoxMake.Serving.Tests;

/// <summary>Many clients at once, of which some do not read, do not finish their request, or go away in the middle: the others get what they would have got alone, and memory does not grow.</summary>
[Collection("libtorch")]
public sealed class LoadTests(ITestOutputHelper output)
{
    /// <summary>How much the server's memory may rise from the end of the first third of the rounds to the end of the last: what allocators keep for later, not what grows with requests.</summary>
    private const double MostGrowth = 32; // MB

    [SkippableFact]
    public Task Thirty_clients_over_nine_rounds() => Run(clients: 30, rounds: 9);

    [SkippableFact, Trait("Category", "Slow")]
    public Task A_hundred_clients_over_sixty_rounds() => Run(clients: 100, rounds: 60);

    private async Task Run(int clients, int rounds)
    {
        NeedsTorch.OrSkip();
        using var program = ProgramTests.Start(["--model", Serving.Checkpoint, "--max-model-len", "128", "--port", "0", "--threads", "1"]);
        try
        {
            var said = program.StandardError.ReadToEndAsync();
            var address = new Uri((await program.StandardOutput.ReadLineAsync())!.Split(' ')[^1]);
            using var http = new HttpClient { BaseAddress = address };
            var expected = new List<string>();
            for (var i = 0; i < clients; i++) expected.Add(await Text(http, i, stream: false));
            var sizes = new List<double>();
            for (var round = 0; round < rounds; round++)
            {
                using var over = new CancellationTokenSource();
                var broken = Enumerable.Range(0, clients).Where(i => i % 10 > 6).Select(i => Broken(address.Port, i % 10, over.Token)).ToList();
                var good = Enumerable.Range(0, clients).Where(i => i % 10 <= 6).ToList();
                var texts = await Task.WhenAll(good.Select(i => Text(http, i, stream: i % 10 < 5)));
                Assert.Equal(good.Select(i => expected[i]), texts);
                await over.CancelAsync();
                await Task.WhenAll(broken);
                sizes.Add(ResidentMegabytes(program.Id));
            }
            var growth = sizes[^1] - sizes[sizes.Count / 3 - 1];
            output.WriteLine($"resident megabytes after each round: {string.Join(' ', sizes.Select(size => $"{size:F0}"))}; growth {growth:F1}");
            Assert.True(growth <= MostGrowth, $"memory grew by {growth:F1} MB: {string.Join(' ', sizes.Select(size => $"{size:F0}"))}");
            program.Kill();
            Assert.Equal("", await said);
        }
        finally
        {
            if (!program.HasExited) program.Kill();
        }
    }

    private static string Body(int i, bool stream) =>
        $$"""{"prompt": [1, {{5 + i}}, {{6 + i}}, 7], "temperature": 0, "max_tokens": {{20 + i % 50}}, "ignore_eos": true, "stream": {{(stream ? "true" : "false")}}}""";

    private static async Task<string> Text(HttpClient http, int i, bool stream)
    {
        using var response = await http.PostAsync("/v1/completions", new StringContent(Body(i, stream), Encoding.UTF8, "application/json"));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        static string TextOf(string json) => JsonSerializer.Deserialize<JsonElement>(json).GetProperty("choices")[0].GetProperty("text").GetString()!;
        return stream ? string.Concat(text.Split("\n\n")[..^2].Select(data => TextOf(data["data: ".Length..]))) : TextOf(text);
    }

    /// <param name="kind">7 reads a byte a second, 8 sends half a request, 9 goes away in the middle of a stream.</param>
    private static async Task Broken(int port, int kind, CancellationToken over)
    {
        using var client = new TcpClient { ReceiveBufferSize = 4096, LingerState = new LingerOption(true, 0) };
        await client.ConnectAsync(IPAddress.Loopback, port, CancellationToken.None);
        var body = """{"prompt": [1, 5, 6, 7], "temperature": 1, "n": 2, "max_tokens": 120, "ignore_eos": true, "stream": true, "logprobs": 20}""";
        var request = Encoding.ASCII.GetBytes($"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        try
        {
            await client.GetStream().WriteAsync(request.AsMemory(0, kind == 8 ? request.Length / 2 : request.Length), over);
            if (kind == 9) await client.GetStream().ReadExactlyAsync(new byte[1000], over);
            while (kind != 9)
            {
                if (kind == 7) await client.GetStream().ReadExactlyAsync(new byte[1], over);
                await Task.Delay(1000, over);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException) { }
    }

    private static double ResidentMegabytes(int process) =>
        double.Parse(File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
            System.Globalization.CultureInfo.InvariantCulture) / 1024;
}
