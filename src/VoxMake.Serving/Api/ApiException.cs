namespace VoxMake.Serving.Api;

/// <summary>A request cannot be answered as asked; the message is for the client, in the words of vLLM where it has some.</summary>
/// <param name="status">Of HTTP.</param>
/// <param name="type">Such as <c>BadRequestError</c>.</param>
/// <param name="param">The field at fault; null where none is.</param>
public sealed class ApiException(int status, string type, string message, string? param = null) : Exception(message)
{
    public int Status { get; } = status;

    /// <summary>Seconds after which it is worth another try; null where it is not.</summary>
    public int? RetryAfter { get; init; }

    internal ApiErrorBody Body => new(new ApiError(Message, type, param, Status));

    /// <summary>What the client asked for makes no sense.</summary>
    public static ApiException Bad(string message, string? param = null) => new(400, "BadRequestError", message, param);

    /// <summary>The same, with the field and its value in the message, as vLLM writes them.</summary>
    /// <param name="value">As Python shows it; null where it is left out.</param>
    public static ApiException Bad(string message, string field, string? value) => Bad($"{message} (parameter={field}{(value is null ? "" : $", value={value}")})", field);
}

/// <summary>How every error is written: <c>{"error": {…}}</c>.</summary>
internal sealed record ApiErrorBody(ApiError Error);

/// <param name="Code">The status.</param>
internal sealed record ApiError(string Message, string Type, string? Param, int Code);

/// <summary>What FastAPI says of a route or method that is not there.</summary>
internal sealed record DetailBody(string Detail);
