using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxMake.Audio.Timed;

/// <summary>A stretch in which somebody speaks, from <paramref name="Start"/> to before <paramref name="End"/>, in samples of <see cref="SpeechSpans.SampleRate"/>.</summary>
public readonly record struct SpeechSpan(int Start, int End)
{
    /// <summary>Samples in it.</summary>
    public int Length => End - Start;
}

/// <summary>Where somebody speaks in one recording; the file <c>activity/{id}.json</c>.</summary>
/// <param name="SampleRate">Of all positions here: 16,000 Hz, whatever the recording's own rate is.</param>
/// <param name="Samples">Length of the recording at that rate.</param>
/// <param name="Speech">In order, without overlap.</param>
/// <param name="Window">Samples for which one probability stands (512).</param>
/// <param name="Probabilities">How likely each window holds speech, 0 to 1, rounded to thousandths: for finding the best place to cut where there is no pause.</param>
public sealed record SpeechSpans(int SampleRate, int Samples, IReadOnlyList<SpeechSpan> Speech, int Window, IReadOnlyList<float> Probabilities)
{
    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static SpeechSpans Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, TimedJson.Default.SpeechSpans) ?? throw new JsonException("expected an object, found null");

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, TimedJson.Default.SpeechSpans);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SpeechSpans))]
[JsonSerializable(typeof(TimedText))]
internal sealed partial class TimedJson : JsonSerializerContext;
