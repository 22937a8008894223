using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using VoxMake.Speech.Recognition.Guards;

namespace VoxMake.Speech.Recognition;

/// <summary>
/// A transcript as JSON: the layout of OpenAI's <c>verbose_json</c>, words within their segments as Whisper writes them, and what we add: <c>confidence</c>, <c>language</c> and <c>guards</c> of a
/// segment, and <c>dropped_segments</c>. <c>seek</c> and <c>tokens</c> are left out: only one engine has them.
/// </summary>
public static class TranscriptJson
{
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a transcript. Times are rounded to thousandths of a second, all other numbers to four digits behind the point.</summary>
    /// <param name="guarded">What speaks against its segments, one for each in order; null where nobody looked.</param>
    /// <param name="dropped">Segments that were there and are not in the transcript.</param>
    public static byte[] Write(Transcript transcript, IReadOnlyList<GuardedSegment>? guarded = null, IReadOnlyList<GuardedSegment>? dropped = null)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, Written);
        json.WriteStartObject();
        json.WriteString("task", "transcribe");
        json.WriteString("language", transcript.Language);
        Number(json, "language_probability", transcript.LanguageProbability, 4);
        Number(json, "duration", transcript.Duration, 3);
        json.WriteString("text", transcript.Text);
        json.WriteStartArray("segments");
        for (var i = 0; i < transcript.Segments.Count; i++) Segment(json, i, transcript.Segments[i], guarded?[i].Reasons);
        json.WriteEndArray();
        if (dropped is { Count: > 0 })
        {
            json.WriteStartArray("dropped_segments");
            for (var i = 0; i < dropped.Count; i++) Segment(json, i, dropped[i].Segment, dropped[i].Reasons);
            json.WriteEndArray();
        }
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    private static void Segment(Utf8JsonWriter json, int id, TranscriptSegment segment, IReadOnlyList<string>? guards)
    {
        json.WriteStartObject();
        json.WriteNumber("id", id);
        Number(json, "start", segment.Start, 3);
        Number(json, "end", segment.End, 3);
        json.WriteString("text", segment.Text);
        json.WriteString("language", segment.Language);
        Number(json, "confidence", segment.Confidence, 4);
        Number(json, "avg_logprob", segment.AverageLogProbability, 4);
        Number(json, "compression_ratio", segment.CompressionRatio, 4);
        Number(json, "no_speech_prob", segment.NoSpeechProbability, 4);
        Number(json, "temperature", segment.Temperature, 4);
        if (segment.Words.Count > 0)
        {
            json.WriteStartArray("words");
            foreach (var word in segment.Words)
            {
                json.WriteStartObject();
                json.WriteString("word", word.Text);
                Number(json, "start", word.Start, 3);
                Number(json, "end", word.End, 3);
                Number(json, "probability", word.Confidence, 4);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        if (guards is not null)
        {
            json.WriteStartArray("guards");
            foreach (var guard in guards) json.WriteStringValue(guard);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    /// <summary>Nothing where there is no number.</summary>
    private static void Number(Utf8JsonWriter json, string name, double? value, int digits)
    {
        if (value is { } number && double.IsFinite(number)) json.WriteNumber(name, (decimal)Math.Round(Math.Clamp(number, -1e9, 1e9), digits));
    }
}
