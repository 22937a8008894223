using System.Net;
using System.Net.Http.Headers;
using Polly;
using Polly.Retry;
using VoxMake.Audio;

namespace VoxMake.Speech.Recognition.Endpoint;

/// <summary>How an answer is asked for; a server that does not know the one is asked for the next.</summary>
internal enum AnswerForm { VerboseWithWords, Verbose, Json, Text }

/// <summary>Sends one piece of sound and comes back with an answer, after as many attempts as it takes.</summary>
internal sealed class EndpointClient : IDisposable
{
    private readonly EndpointSettings _settings;
    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly RequestPace _pace;
    private readonly ResiliencePipeline<EndpointAnswer> _retries;

    public EndpointClient(EndpointSettings settings)
    {
        _settings = settings;
        _address = settings.Transcriptions;
        _pace = new RequestPace(settings.RequestsPerMinute, TimeProvider.System);
        // A redirect would carry the recording to somebody whom nobody named.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };
        if (settings.ApiKey is { } key) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("VoxMake", null));
        var retries = new RetryStrategyOptions<EndpointAnswer>
        {
            MaxRetryAttempts = Math.Max(1, settings.Attempts - 1),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = settings.FirstDelay,
            MaxDelay = settings.LongestDelay,
            ShouldHandle = outcome => ValueTask.FromResult(outcome.Outcome.Result is { IsPassing: true }),
            DelayGenerator = outcome => ValueTask.FromResult(Asked(outcome.Outcome.Result)),
        };
        _retries = settings.Attempts > 1 ? new ResiliencePipelineBuilder<EndpointAnswer>().AddRetry(retries).Build() : ResiliencePipeline<EndpointAnswer>.Empty;
    }

    /// <summary>The answer to one piece, or the last of those that were none.</summary>
    public EndpointAnswer Ask(byte[] wav, AnswerForm form, CancellationToken cancel) => _retries.Execute(token => Once(wav, form, token), cancel);

    /// <summary>What the server asks for counts for all threads. Null: the delay grows as it does.</summary>
    private TimeSpan? Asked(EndpointAnswer? answer)
    {
        if (answer?.RetryAfter is not { } asked) return null;
        var pause = asked < _settings.LongestDelay ? asked : _settings.LongestDelay;
        _pace.Hold(pause);
        return pause;
    }

    private EndpointAnswer Once(byte[] wav, AnswerForm form, CancellationToken cancel)
    {
        _pace.Wait(cancel);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(_settings.Timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = Form(wav, form) };
            using var response = _http.Send(request, HttpCompletionOption.ResponseHeadersRead, late.Token);
            return new EndpointAnswer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant() ?? "", Body(response, late.Token), RetryAfter(response));
        }
        catch (Exception error) when ((error is HttpRequestException or IOException or OperationCanceledException) && !cancel.IsCancellationRequested)
        {
            return new EndpointAnswer(0, "", [], Fault: error);
        }
    }

    private MultipartFormDataContent Form(byte[] wav, AnswerForm form)
    {
        var content = new MultipartFormDataContent();
        var file = new ByteArrayContent(wav);
        file.Headers.ContentType = new MediaTypeHeaderValue("audio/wav");
        content.Add(file, "file", "audio.wav");
        content.Add(new StringContent(_settings.Model), "model");
        if (_settings.Language is { } language) content.Add(new StringContent(language.Split('-')[0]), "language"); // ISO 639-1 is what the API takes
        content.Add(new StringContent(form switch { AnswerForm.Json => "json", AnswerForm.Text => "text", _ => "verbose_json" }), "response_format");
        content.Add(new StringContent("0"), "temperature");
        if (form != AnswerForm.VerboseWithWords) return content;
        content.Add(new StringContent("word"), "timestamp_granularities[]");
        content.Add(new StringContent("segment"), "timestamp_granularities[]");
        return content;
    }

    private byte[] Body(HttpResponseMessage response, CancellationToken cancel)
    {
        var most = _settings.AnswerBytes;
        if (response.Content.Headers.ContentLength > most) throw new OversizedAnswerException(most);
        using var stream = response.Content.ReadAsStream(cancel);
        using var stop = cancel.Register(stream.Dispose); // a read that waits does not look at the token
        using var body = new MemoryStream();
        var buffer = new byte[1 << 15];
        try
        {
            while (stream.Read(buffer) is > 0 and var read)
            {
                if (body.Length + read > most) throw new OversizedAnswerException(most);
                body.Write(buffer, 0, read);
            }
        }
        catch (Exception error) when (cancel.IsCancellationRequested && error is not OversizedAnswerException) { throw new OperationCanceledException("the answer came too slowly", error, cancel); }
        return body.ToArray();
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter is not { } said) return null;
        var wait = said.Delta ?? said.Date - DateTimeOffset.UtcNow;
        return wait is { } found ? found > TimeSpan.Zero ? found : TimeSpan.Zero : null;
    }

    public void Dispose() => _http.Dispose();

    /// <summary>A piece as a file; shorter than a quarter of a second it is filled up with silence, for servers refuse less than a tenth.</summary>
    public static byte[] Wav(ReadOnlySpan<float> sound)
    {
        const int least = Sound16k.Rate / 4;
        if (sound.Length >= least) return WavWriter.Mono16(sound, Sound16k.Rate);
        var longer = new float[least];
        sound.CopyTo(longer);
        return WavWriter.Mono16(longer, Sound16k.Rate);
    }
}
