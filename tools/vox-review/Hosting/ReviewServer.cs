using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VoxMake.Corpus;
using VoxMake.ReviewTool.Clips;
using VoxMake.ReviewTool.Edits;

namespace VoxMake.ReviewTool.Hosting;

/// <summary>The page, on one address of this machine.</summary>
internal sealed class ReviewServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly EditBook _book;
    private readonly string _token;

    private ReviewServer(WebApplication app, EditBook book, string token, int clips) => (_app, _book, _token, Clips) = (app, book, token, clips);

    public int Clips { get; }

    /// <summary>The page with its token.</summary>
    public Uri Address => new(new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), $"/{_token}/");

    /// <summary>Reads the tables and starts to listen.</summary>
    /// <param name="log">Takes lines for people: faults of the server itself.</param>
    /// <exception cref="CorpusException">A table or edits cannot be read, the host is no address of this machine, or the port is taken.</exception>
    public static async Task<ReviewServer> Start(ReviewRequest request, Action<string> log)
    {
        var address = request.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(request.Host, out var parsed) ? parsed
            : throw new CorpusException($"it is {request.Host}; expected an IP address of this machine, 0.0.0.0 for all of them, or localhost") { Field = "--host" };
        var table = ClipTable.Read(request.Table, request.With, request.Sort);
        var book = EditBook.Open(request.EditsFile, table);
        var callers = new CallerCheck(request.Host, request.AllowedHosts);
        var app = Build(address, request.Port, new Desk(new ReviewEndpoints(table, book, TitleOf(request.Table)), callers, log));
        try { await app.StartAsync(); }
        catch (Exception error)
        {
            book.Dispose();
            await app.DisposeAsync();
            if (error is IOException or System.Net.Sockets.SocketException) throw new CorpusException($"nothing can listen on {request.Host}, port {request.Port}: {error.Message}")
                { Try = "choose another with --host and --port" };
            throw;
        }
        return new ReviewServer(app, book, callers.Token, table.Clips.Count);
    }

    /// <summary>The voice and its stage.</summary>
    private static string TitleOf(string table)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Directory.Exists(table) ? table : Path.GetDirectoryName(Path.GetFullPath(table))!));
        return string.Join(" / ", new[] { Path.GetFileName(Path.GetDirectoryName(folder)), Path.GetFileName(folder) }.Where(part => !string.IsNullOrEmpty(part)));
    }

    private static WebApplication Build(IPAddress address, int port, Desk desk)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1 << 16;
            kestrel.Limits.MaxConcurrentConnections = 256;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Listen(address, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        app.Run(desk.Answer);
        return app;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _book.Dispose();
    }

    /// <summary>Signals are the program's business.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancel) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancel) => Task.CompletedTask;
    }
}
