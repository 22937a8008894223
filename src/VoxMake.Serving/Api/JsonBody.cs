using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace VoxMake.Serving.Api;

/// <summary>The JSON object that a client sends.</summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32 };

    /// <summary>Reads all of it; how much it may be, and how slow, is the host's.</summary>
    /// <exception cref="ApiException">It is not JSON, or not an object.</exception>
    public static async Task<JsonDocument> Read(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !string.Equals(type.MediaType, "application/json", StringComparison.OrdinalIgnoreCase))
            throw FieldFaults.Invalid("1 validation error:\n  Unsupported Media Type: Only 'application/json' is allowed", null);
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, request.HttpContext.RequestAborted);
        if (bytes.Length == 0) throw Invalid("missing", "body", "Field required", "None");
        JsonDocument document;
        try { document = JsonDocument.Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), Options); }
        catch (JsonException error) { throw Invalid("json_invalid", $"body.{Place(bytes, error)}", "JSON decode error", "{}"); }
        if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
        using (document) throw Invalid("model_attributes_type", "body", "Input should be a valid dictionary or object to extract fields from", PythonText.Shown(document.RootElement));
    }

    /// <summary>Bytes from the start.</summary>
    private static long Place(MemoryStream bytes, JsonException error)
    {
        var at = 0;
        for (var line = error.LineNumber ?? 0; line > 0 && at < bytes.Length; at++)
            if (bytes.GetBuffer()[at] == '\n') line--;
        return at + (error.BytePositionInLine ?? 0);
    }

    private static ApiException Invalid(string type, string place, string message, string input)
    {
        var faults = new FieldFaults();
        faults.Add(type, place, message, input);
        return faults.Exception();
    }
}
