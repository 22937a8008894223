using Microsoft.AspNetCore.Http;

namespace VoxMake.Serving.Api;

/// <summary>Server-sent events (HTML standard, "Server-sent events"): <c>data: …</c> and an empty line.</summary>
internal static class EventStream
{
    public static void Begin(HttpResponse response)
    {
        response.StatusCode = 200;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
    }

    /// <param name="data">Without a line break, as compact JSON is.</param>
    public static async Task Send(HttpResponse response, ReadOnlyMemory<byte> data, CancellationToken cancel)
    {
        var bytes = new byte[data.Length + 8];
        "data: "u8.CopyTo(bytes);
        data.CopyTo(bytes.AsMemory(6));
        "\n\n"u8.CopyTo(bytes.AsSpan(data.Length + 6));
        await response.Body.WriteAsync(bytes, cancel);
        await response.Body.FlushAsync(cancel);
    }

    public static Task Done(HttpResponse response, CancellationToken cancel) => Send(response, "[DONE]"u8.ToArray(), cancel);
}
