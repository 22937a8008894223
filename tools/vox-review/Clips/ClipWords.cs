using System.Text.Json;
using VoxMake.Audio.Timed;

namespace VoxMake.ReviewTool.Clips;

/// <summary>A word and when it is spoken.</summary>
/// <param name="Start">Seconds.</param>
/// <param name="Score">0 to 1; null where nobody knows.</param>
internal sealed record ClipWord(string Text, double Start, double End, double? Score);

/// <summary>Reads when words are spoken: what Align wrote, or a transcript.</summary>
internal static class ClipWords
{
    private const long MostBytes = 32 << 20;

    /// <summary>The words of a file; none where it says nothing of words or cannot be read: the page then goes without.</summary>
    public static IReadOnlyList<ClipWord> Read(string? path)
    {
        if (path is null || !File.Exists(path) || new FileInfo(path).Length > MostBytes) return [];
        try
        {
            var bytes = File.ReadAllBytes(path);
            using var json = JsonDocument.Parse(bytes);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return [];
            if (json.RootElement.TryGetProperty("sentences", out _)) return Aligned(TimedText.Parse(bytes));
            return json.RootElement.TryGetProperty("segments", out var segments) ? [.. segments.EnumerateArray().SelectMany(Heard).Where(word => word.End >= word.Start && word.Start >= 0)] : [];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or IOException) { return []; }
    }

    private static IReadOnlyList<ClipWord> Aligned(TimedText text) =>
        [.. text.Sentences.SelectMany(sentence => sentence.Words).Select(word => new ClipWord(word.Text, (double)word.Start / text.SampleRate, (double)word.End / text.SampleRate, word.Score))];

    private static IEnumerable<ClipWord> Heard(JsonElement segment) =>
        !segment.TryGetProperty("words", out var words) ? [] : words.EnumerateArray().Select(word => new ClipWord(
            word.GetProperty("word").GetString()!.Trim(), word.GetProperty("start").GetDouble(), word.GetProperty("end").GetDouble(), word.TryGetProperty("probability", out var sure)
                ? sure.GetDouble() : null));
}
