using System.Text.Json;
using Microsoft.AspNetCore.Http;
using VoxMake.Models;
using VoxMake.Models.Llama;
using VoxMake.Serving.Api;
using VoxMake.Serving.Engine;
using VoxMake.Serving.Hosting;

namespace VoxMake.Serving.Speech;

/// <summary><c>POST /v1/audio/speech</c> and <c>GET /v1/audio/voices</c></summary>
internal sealed class SpeechEndpoint(Speaker speaker, ServedModel model, CompletionEngine engine, EngineMeters meters, ServerOptions options)
{
    private static readonly TimeSpan BusyFor = TimeSpan.FromMilliseconds(100);

    /// <summary>Says of every file that no human speaks in it.</summary>
    private string Comment => $"synthetic speech, made by VoxMake {typeof(SpeechEndpoint).Assembly.GetName().Version!.ToString(3)} with {model.Name}";

    public Task Voices(HttpContext http) => JsonAnswer.Write(http.Response, 200, new VoiceList([.. speaker.Model.Voices]), SpeechJson.Written.VoiceList);

    public async Task Speak(HttpContext http)
    {
        using var json = await JsonBody.Read(http.Request);
        var request = SpeechRequest.Read(json.RootElement, model, speaker.Model.Voices);
        var pieces = speaker.Prompts(request.Input, request.Voice);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        limit.CancelAfter(options.RequestTimeout);
        try
        {
            using var sound = Open(request.Format);
            await Speak(http.Response, request, pieces, sound, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            throw new ApiException(504, "TimeoutError", FormattableString.Invariant($"the request took longer than {options.RequestTimeout.TotalSeconds} s; send a shorter text"));
        }
        catch (Exception error) when (error is EngineException or ModelException) { throw new ApiException(500, "InternalServerError", error.Message); }
    }

    private Audio.SoundStream Open(SpeechFormat format)
    {
        try { return format.Open(speaker.Model.SampleRate, Comment); }
        catch (Exception error) when (error is InvalidOperationException or DllNotFoundException)
        {
            throw ApiException.Bad($"response_format {format.Name} cannot be written on the server's machine: it needs libsndfile 1.2; wav and pcm need nothing", "response_format");
        }
    }

    private async Task Speak(HttpResponse response, SpeechRequest request, IReadOnlyList<SpokenPiece> pieces, Audio.SoundStream sound, CancellationToken cancel)
    {
        var (start, written, output) = (Environment.TickCount64, 0, Output(response, request));
        foreach (var (index, piece) in pieces.Index())
        {
            using var generation = await Start(speaker.TaskOf(piece, request.Sampling, index), wait: index > 0, cancel);
            meters.PromptTokens.Add(piece.Ids.Count);
            await foreach (var samples in speaker.Speak(generation, unchecked(request.Sampling.Seed + index), () => written++, cancel))
            {
                if (!response.HasStarted) meters.FirstAudio.Add((Environment.TickCount64 - start) / 1e3);
                await output(sound.Add(samples), cancel);
            }
        }
        await output(sound.Finish(), cancel);
        meters.GenerationTokens.Add(written);
        meters.WholeRequest.Add((Environment.TickCount64 - start) / 1e3);
        var read = pieces.Sum(piece => piece.Ids.Count);
        if (!request.AsEvents) return;
        await new EventStream(response, options.WritePatience).Send(JsonSerializer.SerializeToUtf8Bytes(new SpeechDone(new SpeechUsage(read, written, read + written)),
            SpeechJson.Written.SpeechDone), cancel);
    }

    /// <summary>Where encoded sound goes: events, or the body itself. Nothing is sent before the first bytes of sound, so that an error until then is an answer of its own.</summary>
    private Func<byte[], CancellationToken, Task> Output(HttpResponse response, SpeechRequest request)
    {
        var events = new EventStream(response, options.WritePatience);
        return (bytes, cancel) =>
        {
            if (bytes.Length == 0) return Task.CompletedTask;
            if (request.AsEvents) return events.Send(JsonSerializer.SerializeToUtf8Bytes(new SpeechDelta(Convert.ToBase64String(bytes)), SpeechJson.Written.SpeechDelta), cancel);
            if (!response.HasStarted) response.ContentType = request.Format.ContentType;
            return PatientWriter.Write(response, bytes, options.WritePatience, cancel);
        };
    }

    /// <param name="wait">Whether to wait for a place: who has begun to speak does not stop in the middle because others come.</param>
    private async Task<Generation> Start(LlamaTask task, bool wait, CancellationToken cancel)
    {
        while (true)
        {
            if (engine.TryStart([task]) is { } generation) return generation;
            if (!wait) throw CompletionEndpoint.Busy();
            await Task.Delay(BusyFor, cancel);
        }
    }
}
