using Microsoft.AspNetCore.Http;

namespace VoxMake.Serving.Api;

/// <summary>A client takes nothing, and has been waited for long enough.</summary>
internal sealed class DeafClientException(string message) : Exception(message);

/// <summary>Server-sent events (HTML standard, "Server-sent events"): <c>data: …</c> and an empty line.</summary>
/// <param name="patience">How long one event may take to be sent. Kestrel's least rate alone is no help: it counts every byte ever sent, so that a client that first reads fast may rest for
/// minutes.</param>
internal sealed class EventStream(HttpResponse response, TimeSpan patience)
{
    public const string ContentType = "text/event-stream; charset=utf-8";

    /// <summary>Sends one event, with the first one the headers; waits until the client has room.</summary>
    /// <param name="data">Without a line break, as compact JSON is.</param>
    /// <exception cref="DeafClientException">The client does not read.</exception>
    public async Task Send(ReadOnlyMemory<byte> data, CancellationToken cancel)
    {
        if (!response.HasStarted) (response.StatusCode, response.ContentType, response.Headers.CacheControl) = (200, ContentType, "no-cache");
        var bytes = new byte[data.Length + 8];
        "data: "u8.CopyTo(bytes);
        data.CopyTo(bytes.AsMemory(6));
        "\n\n"u8.CopyTo(bytes.AsSpan(data.Length + 6));
        await PatientWriter.Write(response, bytes, patience, cancel);
    }

    public Task Done(CancellationToken cancel) => Send("[DONE]"u8.ToArray(), cancel);
}

/// <summary>Writes to clients that may not read.</summary>
internal static class PatientWriter
{
    /// <summary>Writes, and waits until the client has room for more.</summary>
    /// <exception cref="DeafClientException">It had none for as long as <paramref name="patience"/>.</exception>
    public static async Task Write(HttpResponse response, ReadOnlyMemory<byte> bytes, TimeSpan patience, CancellationToken cancel)
    {
        var write = response.Body.WriteAsync(bytes, cancel);
        if (!write.IsCompleted) await Wait(write.AsTask(), patience, cancel);
        else await write;
        var flush = response.Body.FlushAsync(cancel);
        if (!flush.IsCompleted) await Wait(flush, patience, cancel);
        else await flush;
    }

    private static async Task Wait(Task task, TimeSpan patience, CancellationToken cancel)
    {
        try { await task.WaitAsync(patience, cancel); }
        catch (TimeoutException) { throw new DeafClientException("the client does not read"); }
    }
}
