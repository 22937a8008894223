using System.Text.Json;
using Microsoft.AspNetCore.Http;
using VoxMake.Models;
using VoxMake.Serving.Api;
using VoxMake.Serving.Engine;
using VoxMake.Serving.Hosting;

namespace VoxMake.Serving.Speech;

/// <summary><c>POST /v1/audio/speech</c> and <c>GET /v1/audio/voices</c></summary>
internal sealed class SpeechEndpoint(Speaker speaker, ServedModel model, EngineMeters meters, ServerOptions options)
{
    /// <summary>Says of every file that no human speaks in it.</summary>
    private string Comment => $"synthetic speech, made by VoxMake {typeof(SpeechEndpoint).Assembly.GetName().Version!.ToString(3)} with {model.Name}";

    public Task Voices(HttpContext http) => JsonAnswer.Write(http.Response, 200, new VoiceList([.. speaker.Model.Voices]), SpeechJson.Written.VoiceList);

    public async Task Speak(HttpContext http)
    {
        using var json = await JsonBody.Read(http.Request);
        var request = SpeechRequest.Read(json.RootElement, model, speaker.Model.Voices);
        var utterance = speaker.Begin(request.Speaking(speaker.Model.Sound));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        limit.CancelAfter(options.RequestTimeout);
        try
        {
            using var sound = Open(request.Format);
            await Speak(http.Response, request, utterance, sound, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            throw new ApiException(504, "TimeoutError", FormattableString.Invariant($"the request took longer than {options.RequestTimeout.TotalSeconds} s; send a shorter text"));
        }
        catch (Exception error) when (error is EngineException or ModelException) { throw new ApiException(500, "InternalServerError", error.Message); }
    }

    private Audio.SoundStream Open(SpeechFormat format)
    {
        try { return format.Open(speaker.Model.Voice.SampleRate, Comment); }
        catch (Exception error) when (error is InvalidOperationException or DllNotFoundException)
        {
            throw ApiException.Bad($"response_format {format.Name} cannot be written on the server's machine: it needs libsndfile 1.2; wav and pcm need nothing", "response_format");
        }
    }

    private async Task Speak(HttpResponse response, SpeechRequest request, Utterance utterance, Audio.SoundStream sound, CancellationToken cancel)
    {
        var (start, output) = (Environment.TickCount64, Output(response, request));
        await foreach (var samples in speaker.Speak(utterance, cancel))
        {
            if (!response.HasStarted) meters.FirstAudio.Add((Environment.TickCount64 - start) / 1e3);
            await output(sound.Add(samples), cancel);
        }
        await output(sound.Finish(), cancel);
        meters.WholeRequest.Add((Environment.TickCount64 - start) / 1e3);
        if (!request.AsEvents) return;
        var done = new SpeechDone(new SpeechUsage(utterance.Read, utterance.Written, utterance.Read + utterance.Written));
        await new EventStream(response, options.WritePatience).Send(JsonSerializer.SerializeToUtf8Bytes(done, SpeechJson.Written.SpeechDone), cancel);
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
}
