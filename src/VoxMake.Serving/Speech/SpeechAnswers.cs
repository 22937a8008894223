using System.Text.Json;
using System.Text.Json.Serialization;
using VoxMake.Models.Orpheus;

namespace VoxMake.Serving.Speech;

/// <summary>The answer of <c>/v1/audio/voices</c>.</summary>
internal sealed record VoiceList(IReadOnlyList<NamedVoice> Voices);

/// <summary>An event with more of the file.</summary>
/// <param name="Audio">Base64.</param>
internal sealed record SpeechDelta(string Audio)
{
    public string Type => "speech.audio.delta";
}

/// <summary>The last event.</summary>
internal sealed record SpeechDone(SpeechUsage Usage)
{
    public string Type => "speech.audio.done";
}

internal sealed record SpeechUsage(int InputTokens, int OutputTokens, int TotalTokens);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(VoiceList))]
[JsonSerializable(typeof(SpeechDelta))]
[JsonSerializable(typeof(SpeechDone))]
internal sealed partial class SpeechJson : JsonSerializerContext
{
    /// <summary>Base64 has a +, which need not be written as a number.</summary>
    public static SpeechJson Written { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
