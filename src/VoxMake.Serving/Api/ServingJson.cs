using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.Serving.Api;

/// <summary>How answers are written: snake_case, null fields too, texts as they are.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Default)]
[JsonSerializable(typeof(ApiErrorBody))]
[JsonSerializable(typeof(DetailBody))]
[JsonSerializable(typeof(CompletionResponse))]
[JsonSerializable(typeof(CompletionChunk))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(VersionBody))]
[JsonSerializable(typeof(LoadBody))]
[JsonSerializable(typeof(TokenizeBody))]
[JsonSerializable(typeof(DetokenizeBody))]
internal sealed partial class ServingJson : JsonSerializerContext
{
    /// <summary>No HTML is made of answers, so <c>&lt;</c> need not be written as a number.</summary>
    public static ServingJson Written { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
