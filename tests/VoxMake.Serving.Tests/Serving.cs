using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using VoxMake.Serving.Engine;
using VoxMake.Serving.Hosting;
using VoxMake.Torch;
using VoxMake.Torch.Tests;

namespace VoxMake.Serving.Tests;

/// <summary>A server with the small model that vLLM served, on a free port of this machine.</summary>
internal sealed class Serving : IAsyncDisposable
{
    private static readonly Lazy<ServedModel> Tiny = new(() => ServedModel.Open(Checkpoint, "tiny", 128, ScalarType.Float, Device.Cpu));

    private readonly List<string> _log = [];

    public static string Checkpoint => Path.GetDirectoryName(TestFiles.Golden("vllm/checkpoint/config.json"))!;

    /// <summary>Loaded once for all tests.</summary>
    public static ServedModel Model => Tiny.Value;

    public ModelServer Server { get; private init; } = null!;
    public HttpClient Client { get; private init; } = null!;

    /// <summary>What the server told the people who run it.</summary>
    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_log) return [.. _log];
        }
    }

    public static async Task<Serving> Start(ServerOptions? options = null, EngineLimits? limits = null, ServedModel? model = null, VoxMake.Serving.Speech.SpeakerModel? speaker = null)
    {
        NeedsTorch.OrSkip();
        var log = new List<string>();
        void Note(string line)
        {
            lock (log) log.Add(line);
        }
        var server = await ModelServer.Start(model ?? Model, (options ?? new ServerOptions()) with { Port = 0 }, limits ?? new EngineLimits(), Note, speaker);
        return new Serving(log) { Server = server, Client = new HttpClient { BaseAddress = new Uri(server.Address) } };
    }

    private Serving(List<string> log) => _log = log;

    public int Port => Client.BaseAddress!.Port;

    public Task<HttpResponseMessage> Post(string path, string json, string type = "application/json", CancellationToken cancel = default)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return Client.PostAsync(path, content, cancel);
    }

    /// <summary>A completion of the prompt 1 5 6 7 with more fields, such as <c>"max_tokens": 4</c>.</summary>
    public async Task<(int Status, JsonElement Body)> Complete(string fields, string prompt = "[1, 5, 6, 7]")
    {
        using var response = await Post("/v1/completions", $$"""{"model": "tiny", "prompt": {{prompt}}, {{fields}}}""");
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return ((int)response.StatusCode, body.RootElement.Clone());
    }

    /// <summary>The only choice of a good answer.</summary>
    public async Task<JsonElement> Choice(string fields, string prompt = "[1, 5, 6, 7]")
    {
        var (status, body) = await Complete(fields, prompt);
        Assert.True(status == 200, body.ToString());
        return body.GetProperty("choices")[0];
    }

    /// <summary>The error of a bad request.</summary>
    public async Task<JsonElement> Error(int status, string fields, string prompt = "[1, 5, 6, 7]")
    {
        var (actual, body) = await Complete(fields, prompt);
        Assert.True(actual == status, body.ToString());
        return body.GetProperty("error");
    }

    /// <summary>A gauge or counter of /metrics.</summary>
    public async Task<double> Metric(string name)
    {
        var text = await Client.GetStringAsync("/metrics");
        return double.Parse(text.Split('\n').First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until something holds, ten seconds at most.</summary>
    public static async Task Until(Func<Task<bool>> holds, string what)
    {
        for (var i = 0; i < 200; i++)
        {
            if (await holds()) return;
            await Task.Delay(50);
        }
        Assert.Fail($"ten seconds went by, and not yet: {what}");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }
}
