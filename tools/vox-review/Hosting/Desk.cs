using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using VoxMake.Audio;
using VoxMake.ReviewTool.Edits;

namespace VoxMake.ReviewTool.Hosting;

/// <summary>The page's parts, which lie in the program itself.</summary>
internal sealed record Asset(string Type, byte[] Content)
{
    public static readonly IReadOnlyDictionary<string, Asset> All = new Dictionary<string, Asset>(StringComparer.Ordinal)
    {
        ["/"] = Of("page.html", "text/html; charset=utf-8"),
        ["/review.css"] = Of("review.css", "text/css; charset=utf-8"),
        ["/review.js"] = Of("review.js", "text/javascript; charset=utf-8"),
        ["/list.js"] = Of("list.js", "text/javascript; charset=utf-8"),
        ["/player.js"] = Of("player.js", "text/javascript; charset=utf-8"),
        ["/edits.js"] = Of("edits.js", "text/javascript; charset=utf-8"),
    };

    private static Asset Of(string name, string type)
    {
        using var stream = typeof(Asset).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the program");
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return new Asset(type, content.ToArray());
    }
}

/// <summary>A request that cannot be answered as it is.</summary>
internal sealed class CallException(int status, string message, RowAnswer? row = null) : Exception(message)
{
    public int Status { get; } = status;
    public RowAnswer? Row { get; } = row;
}

/// <summary>What happens around every answer: callers are checked, headers keep the page to itself, faults are told in words.</summary>
internal sealed class Desk(ReviewEndpoints endpoints, CallerCheck callers, Action<string> log)
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; media-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public async Task Answer(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer"; // the address holds the token
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        try { await Route(http); }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested) { http.Abort(); }
        catch (CallException error) { await Say(http, error.Status, new ErrorAnswer(error.Message, error.Row)); }
        catch (EditRefusedException error) { await Say(http, 409, new ErrorAnswer(error.Message)); }
        catch (AudioFormatException error) { await Say(http, 415, new ErrorAnswer(error.Message)); }
        catch (JsonException) { await Say(http, 400, new ErrorAnswer("the request is not of the form that the page sends")); }
        catch (BadHttpRequestException error) { await Say(http, error.StatusCode, new ErrorAnswer("the request is not HTTP as it should be, or too long")); }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException) { await Say(http, 404,
            new ErrorAnswer("the clip's sound is not there any more; build again and reload")); }
        catch (Exception error)
        {
            log($"{http.Request.Method} failed: {error}");
            await Say(http, 500, new ErrorAnswer(error is IOException or UnauthorizedAccessException ? error.Message : "the server failed at this; its terminal says how"));
        }
    }

    private async Task Route(HttpContext http)
    {
        var request = http.Request;
        if (!callers.KnowsName(request.Host)) throw new CallException(403, "this page answers addresses and local names only; a proxy's name is allowed with --allowed-hosts");
        if (!callers.TryPath(request.Path.Value ?? "", out var path)) throw new CallException(404, "there is nothing here; open the whole address that vox-review printed");
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            if (Asset.All.TryGetValue(path, out var asset)) await Send(http, asset);
            else if (path == "/api/summary") await Json(http, endpoints.Summary(), AnswersJson.Default.SummaryAnswer);
            else if (path == "/api/list") await Json(http, endpoints.List(request.Query), AnswersJson.Default.ListAnswer);
            else if (path == "/api/rows") await Json(http, endpoints.Rows(request.Query["numbers"].ToString()), AnswersJson.Default.RowsAnswer);
            else if (path.StartsWith("/api/clip/", StringComparison.Ordinal)) await Json(http, endpoints.Clip(path["/api/clip/".Length..]), AnswersJson.Default.ClipAnswer);
            else if (path.StartsWith("/sound/", StringComparison.Ordinal)) await SoundAnswer.Send(http, endpoints.Sound(path["/sound/".Length..]));
            else throw new CallException(404, "there is nothing here");
            return;
        }
        if (!HttpMethods.IsPost(request.Method) || path != "/api/edit") throw new CallException(405, "nothing can be sent here");
        if (!CallerCheck.IsOwnPage(request)) throw new CallException(403, "another page asked for this; only the review page itself may correct");
        if (request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) != true) throw new CallException(415, "an edit is sent as application/json");
        var call = await JsonSerializer.DeserializeAsync(request.Body, AnswersJson.Default.EditCall, http.RequestAborted) ?? throw new CallException(400, "the request is empty");
        await Json(http, endpoints.Edit(call), AnswersJson.Default.EditAnswer);
    }

    private static async Task Send(HttpContext http, Asset asset)
    {
        http.Response.ContentType = asset.Type;
        http.Response.ContentLength = asset.Content.Length;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(asset.Content);
    }

    private static Task Say(HttpContext http, int status, ErrorAnswer error)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return Task.CompletedTask;
        }
        http.Response.StatusCode = status;
        return Json(http, error, AnswersJson.Default.ErrorAnswer);
    }

    private static async Task Json<T>(HttpContext http, T answer, JsonTypeInfo<T> type)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(answer, type);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(body);
    }
}
