using System.Text.Json;
using Microsoft.AspNetCore.Http;
using VoxMake.Serving.Api;
using VoxMake.Serving.Engine;

namespace VoxMake.Serving.Hosting;

/// <summary>What happens around every answer: the caller is checked, faults become errors without a stack trace, answers are counted.</summary>
internal sealed class Pipeline(Routes routes, CallerCheck callers, EngineMeters meters, Action<string> log)
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    public async Task Answer(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        try
        {
            callers.Check(http.Request, keyNeeded: !routes.IsOpen(path));
            await routes.Answer(http);
        }
        catch (DeafClientException)
        {
            http.Abort();
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Abort(); // nobody listens
        }
        catch (ApiException error) { await Tell(http, error); }
        catch (BadHttpRequestException error)
        {
            var tooLong = error.StatusCode == StatusCodes.Status413PayloadTooLarge;
            await Tell(http, new ApiException(error.StatusCode, "BadRequestError",
                tooLong ? "the request's body is longer than this server takes (--max-body-mb)" : "the request is not HTTP as it should be, or came too slowly"));
        }
        catch (Exception error)
        {
            log($"{http.Request.Method} {routes.Label(path)} failed: {error}");
            await Tell(http, new ApiException(500, "InternalServerError", "the server failed at this request; its log says how"));
        }
        finally { meters.Answers[$"handler=\"{routes.Label(path)}\",method=\"{Method(http.Request.Method)}\",status=\"{http.Response.StatusCode / 100}xx\""].Add(1); }
    }

    private static string Method(string method) => method is "GET" or "POST" ? method : "other";

    /// <summary>An error as JSON; behind the beginning of an event stream as its last event; behind any other beginning the connection is cut, so that nobody takes the half for the whole.</summary>
    private static async Task Tell(HttpContext http, ApiException error)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
            limit.CancelAfter(LastWords);
            if (!http.Response.HasStarted)
            {
                http.Response.Clear();
                if (error.Status == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = "Bearer";
                await JsonAnswer.Write(http.Response, error);
            }
            else if (http.Response.ContentType == EventStream.ContentType)
            {
                var events = new EventStream(http.Response, LastWords);
                await events.Send(JsonSerializer.SerializeToUtf8Bytes(error.Body, ServingJson.Written.ApiErrorBody), limit.Token);
                await events.Done(limit.Token);
            }
            else http.Abort();
        }
        catch (Exception failed) when (failed is OperationCanceledException or IOException or BadHttpRequestException or DeafClientException)
        {
            http.Abort(); // it does not listen
        }
    }
}
