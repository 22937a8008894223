using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VoxMake.Serving.Api;
using VoxMake.Serving.Engine;
using VoxMake.Serving.Speech;

namespace VoxMake.Serving.Hosting;

/// <summary>A model behind HTTP: vLLM's routes for completions, and OpenAI's for speech. Runs until it is disposed.</summary>
public sealed class ModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CompletionEngine _engine;
    private readonly Speaker? _speaker;

    private ModelServer(WebApplication app, CompletionEngine engine, Speaker? speaker) => (_app, _engine, _speaker) = (app, engine, speaker);

    /// <summary>Such as <c>http://127.0.0.1:8000</c>, with the port that it really has.</summary>
    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Whether the network still works on a step after everything else was stopped: a step of a long prompt may take longer than anybody waits. The process must then end at once.</summary>
    public bool IsStuck { get; private set; }

    /// <summary>Starts to listen.</summary>
    /// <param name="speaker">What makes it speak; null: it answers texts only.</param>
    /// <param name="log">Takes lines for people: faults of the server itself. What clients do wrong is told to them alone.</param>
    /// <exception cref="Models.ModelException">The host is no address of this machine, the port is taken, or the room for keys and values does not hold one text.</exception>
    public static async Task<ModelServer> Start(ServedModel model, ServerOptions options, EngineLimits limits, Action<string> log, SpeakerModel? speaker = null)
    {
        var meters = new EngineMeters();
        var engine = new CompletionEngine(model.Network, limits, meters, model.MaxLength, log);
        var voice = speaker is null ? null : new Speaker(speaker, engine, meters);
        try
        {
            var app = Build(options, new Pipeline(RoutesOf(model, options, engine, meters, voice), new CallerCheck(options), meters, log));
            await Listen(app, options);
            return new ModelServer(app, engine, voice);
        }
        catch
        {
            engine.Dispose();
            voice?.Dispose();
            throw;
        }
    }

    /// <summary>Takes no more requests, gives those that run a few seconds, then cuts them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _speaker?.Dispose();
        IsStuck = !_engine.Stop();
    }

    private static WebApplication Build(ServerOptions options, Pipeline pipeline)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.BodyBytes;
            kestrel.Limits.MaxConcurrentConnections = options.Connections;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
            // Whoever sends or takes less than this for five seconds is cut off: he holds a connection, and keeps texts waiting.
            kestrel.Limits.MinRequestBodyDataRate = kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
            void Http1(ListenOptions listen) => listen.Protocols = HttpProtocols.Http1;
            if (options.Host == "localhost" && options.Port != 0) kestrel.ListenLocalhost(options.Port, Http1);
            else kestrel.Listen(options.Host == "localhost" ? IPAddress.Loopback : AddressOf(options.Host), options.Port, Http1);
        });
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.StopWithin);
        var app = builder.Build();
        app.Run(pipeline.Answer);
        return app;
    }

    private static IPAddress AddressOf(string host) =>
        IPAddress.TryParse(host, out var address) ? address : throw new Models.ModelException($"--host is {host}; expected an IP address of this machine, 0.0.0.0 for all of them, or localhost");

    private static async Task Listen(WebApplication app, ServerOptions options)
    {
        try { await app.StartAsync(); }
        catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException)
        {
            await app.DisposeAsync();
            throw new Models.ModelException($"nothing can listen on {options.Host}, port {options.Port}: {error.Message} Choose another with --host and --port", error);
        }
    }

    private static Routes RoutesOf(ServedModel model, ServerOptions options, CompletionEngine engine, EngineMeters meters, Speaker? speaker)
    {
        var (routes, completions, tokens, about) = (new Routes(), new CompletionEndpoint(model, engine, meters, options), new TokenEndpoints(model), new AboutEndpoints(model, meters));
        foreach (var (method, path) in new[] { ("GET", "/health"), ("GET", "/ping"), ("POST", "/ping") })
        {
            routes.Add(method, path, AboutEndpoints.Health);
            routes.Open(path);
        }
        routes.Add("GET", "/version", AboutEndpoints.Version);
        routes.Add("GET", "/load", about.Load);
        routes.Add("GET", "/metrics", about.Metrics);
        routes.Add("GET", "/v1/models", about.Models);
        routes.Add("POST", "/v1/completions", completions.Answer);
        routes.Add("POST", "/tokenize", tokens.Tokenize);
        routes.Add("POST", "/detokenize", tokens.Detokenize);
        routes.Add("POST", "/inference/v1/generate", _ => throw new ApiException(403, "PermissionDeniedError", "Scale-out endpoints are disabled: this server has none."));
        if (speaker is null) return routes;
        var speech = new SpeechEndpoint(speaker, model, meters, options);
        routes.Add("POST", "/v1/audio/speech", speech.Speak);
        routes.Add("GET", "/v1/audio/voices", speech.Voices);
        return routes;
    }

    /// <summary>Signals are the program's business.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancel) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancel) => Task.CompletedTask;
    }
}
