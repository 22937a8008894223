using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using VoxMake.Secrets;

namespace VoxMake.Speech.Recognition.Endpoint;

/// <summary>What came of one request: an answer, or none.</summary>
/// <param name="Status">0 where there was no answer.</param>
/// <param name="Type">The media type that it claims, in small letters; empty where it claims none.</param>
/// <param name="RetryAfter">How long the server asks to wait.</param>
/// <param name="Fault">Why there was no answer.</param>
internal sealed record EndpointAnswer(int Status, string Type, byte[] Body, TimeSpan? RetryAfter = null, Exception? Fault = null)
{
    private const int ShownLetters = 300;

    public bool IsGood => Status is >= 200 and < 300;

    /// <summary>Whether the same request may fare better in a while. Not where an account is empty, though that is a 429, too.</summary>
    public bool IsPassing => Fault is not (null or OversizedAnswerException) || (Status is 408 or 409 or 425 or 429 or >= 500 and not 501 and not 505 && !IsSpent);

    /// <summary>Whether the account has no money left, which OpenAI says with a 429.</summary>
    public bool IsSpent => Status == 429 && Said().Contains("insufficient_quota", StringComparison.Ordinal);

    /// <summary>Whether nobody is there at all.</summary>
    public bool IsNobody => Fault is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } || Fault?.InnerException is SocketException;

    /// <summary>Whether the server refuses how the answer is asked for, and not the recording.</summary>
    public bool RefusesForm => Status is 400 or 415 or 422 or 501 && FormWords.Any(word => Said().Contains(word, StringComparison.OrdinalIgnoreCase));

    private static readonly string[] FormWords = ["response_format", "response format", "verbose_json", "timestamp_granularit", "granularit"];

    /// <summary>Whether the model is not there.</summary>
    public bool LacksModel => Status is 400 or 404 or 422 && (Said().Contains("model_not_found", StringComparison.Ordinal) || NoModel.IsMatch(Said()));

    private static readonly Regex NoModel = new(@"model\b.{0,120}\b(not exist|not found|unknown|invalid|not available|no access)|(invalid|unknown|no such|not a valid)\b.{0,40}\bmodel",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant);

    /// <summary>Whether it is a page for people, and so not from a server of this kind.</summary>
    public bool IsPage => Type.Contains("html", StringComparison.Ordinal) || Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 64))).TrimStart('\uFEFF', ' ', '\t', '\r',
        '\n').StartsWith('<');

    private string Said() => Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 1 << 14)));

    /// <summary>What it says is wrong, in one line, without the key.</summary>
    public string Message(Secret? key)
    {
        if (Fault is OversizedAnswerException) return Fault.Message;
        if (Fault is OperationCanceledException) return "it did not answer in time";
        if (Fault is not null) return Line(Fault.Message, key);
        if (IsPage) return $"it answered {Status} with a page for people";
        return Body.Length == 0 ? $"it answered {Status} without a word" : $"it answered {Status}: {Line(Told() ?? Said(), key)}";
    }

    /// <summary>The message of OpenAI's, FastAPI's and other errors.</summary>
    private string? Told()
    {
        try
        {
            using var document = JsonDocument.Parse(Body);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            foreach (var name in new[] { "error", "detail", "message" })
            {
                if (!document.RootElement.TryGetProperty(name, out var found)) continue;
                if (found.ValueKind == JsonValueKind.Object && found.TryGetProperty("message", out var inner)) found = inner;
                return found.ValueKind == JsonValueKind.String ? found.GetString() : found.GetRawText();
            }
            return null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException) { return null; }
    }

    private static string Line(string text, Secret? key)
    {
        if (key is not null) text = key.Hide(text);
        text = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return text.Length <= ShownLetters ? text : text[..ShownLetters] + "…";
    }
}

/// <summary>An answer that is longer than anything that was asked for.</summary>
internal sealed class OversizedAnswerException(long most) : IOException(string.Create(CultureInfo.InvariantCulture, $"its answer is longer than {most} bytes"));
