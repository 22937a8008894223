using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace VoxMake.Speech.Tests.Recognition;

/// <summary>What a client sent.</summary>
internal sealed record Sent(string Path, string? Authorization, IReadOnlyDictionary<string, string[]> Fields, byte[] Wav, DateTime At)
{
    public string Form => Fields["response_format"][0];

    /// <summary>Seconds of its sound.</summary>
    public double Seconds => (Wav.Length - 44) / 32000.0;
}

/// <summary>A server of transcriptions that answers what a test wants.</summary>
internal sealed class TranscriptionServer : IDisposable
{
    private readonly WebApplication _app;

    public TranscriptionServer(Func<Sent, int, IResult> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 100_000_000);
        _app = builder.Build();
        _app.Run(async http =>
        {
            var form = await http.Request.ReadFormAsync();
            using var wav = new MemoryStream();
            await form.Files["file"]!.CopyToAsync(wav);
            var sent = new Sent(http.Request.Path, http.Request.Headers.Authorization, form.ToDictionary(field => field.Key, field => field.Value.ToArray()!)!, wav.ToArray(), DateTime.UtcNow);
            int number;
            lock (Asked)
            {
                Asked.Add(sent);
                number = Asked.Count;
            }
            await answer(sent, number).ExecuteAsync(http);
        });
        _app.StartAsync().GetAwaiter().GetResult();
    }

    public List<Sent> Asked { get; } = [];

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>An answer as OpenAI gives it: one segment over all of the sound.</summary>
    public static IResult Verbose(Sent sent, string text) => Json(FormattableString.Invariant(
        $$"""{ "task":"transcribe","language":"english","duration":{{sent.Seconds}},"text":"{{text}}","segments":[{"id":0,"start":0.5,"end":{{sent.Seconds}},"text":" {{text}}","avg_logprob":-0.1,"compression_ratio":1.1,"no_speech_prob":0.01}] }"""));

    public static IResult Json(string json, int status = 200) => new Answer(status, "application/json", json);

    public static IResult Error(int status, string message, string code = "x") => Json($$"""{ "error":{"message":"{{message}}","type":"invalid_request_error","code":"{{code}}" } }""", status);

    public void Dispose()
    {
        _app.StopAsync(new CancellationToken(true)).GetAwaiter().GetResult();
        _app.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}

/// <summary>An answer with what a test wants in it.</summary>
internal sealed record Answer(int Status, string Type, string Body, string? RetryAfter = null, TimeSpan Wait = default) : IResult
{
    public async Task ExecuteAsync(HttpContext http)
    {
        http.Response.StatusCode = Status;
        http.Response.ContentType = Type;
        if (RetryAfter is not null) http.Response.Headers.RetryAfter = RetryAfter;
        if (Wait > TimeSpan.Zero)
        {
            try { await Task.Delay(Wait, http.RequestAborted); }
            catch (OperationCanceledException) { return; }
        }
        await http.Response.WriteAsync(Body);
    }
}
