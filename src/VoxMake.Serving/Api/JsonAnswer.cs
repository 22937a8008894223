using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace VoxMake.Serving.Api;

/// <summary>Answers that are one JSON object.</summary>
internal static class JsonAnswer
{
    public static async Task Write<T>(HttpResponse response, int status, T body, JsonTypeInfo<T> type)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, type);
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, response.HttpContext.RequestAborted);
    }

    public static Task Write(HttpResponse response, ApiException error)
    {
        if (error.RetryAfter is { } seconds) response.Headers.RetryAfter = $"{seconds}";
        return Write(response, error.Status, error.Body, ServingJson.Written.ApiErrorBody);
    }
}
