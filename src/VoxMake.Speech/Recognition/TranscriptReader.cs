using System.Globalization;
using System.Text.Json;

namespace VoxMake.Speech.Recognition;

/// <summary>
/// Reads transcripts in the layout of OpenAI's <c>verbose_json</c>, and what servers make of it: words in their segments or all in one list, text without segments. What it reads comes from outside:
/// whatever is no text, no time or no probability is refused by its place.
/// </summary>
public static class TranscriptReader
{
    private const int MaxSegments = 200_000, MaxWords = 2_000_000;
    private const double Padding = 30; // Whisper hears windows of thirty seconds, and times lie anywhere in the last one

    /// <summary>Reads a transcript.</summary>
    /// <param name="duration">Of the recording, in seconds, as its owner knows it; null: as the file says, or up to its last segment. Times behind it are cut to it.</param>
    /// <param name="language">BCP 47, as told; null: as the file says.</param>
    /// <exception cref="FormatException">It is something else: says where, what was expected, and what was found.</exception>
    public static Transcript Read(ReadOnlyMemory<byte> json, double? duration = null, string? language = null)
    {
        JsonDocument document;
        try { document = JsonDocument.Parse(json); }
        catch (JsonException error) { throw new FormatException($"it is no JSON: {error.Message}"); }
        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new FormatException($"expected an object, found {Kind(root)}");
            var length = duration ?? Length(root);
            var spoken = language ?? LanguageNames.CodeOf(Text(root, "language", "", required: false));
            var segments = Segments(root, length, spoken);
            var text = root.TryGetProperty("text", out _) || segments is null ? Text(root, "text", "", required: true) : string.Concat(segments.Select(segment => segment.Text));
            segments ??= Whole(text.Trim(), length ?? 0, spoken);
            var end = length ?? (segments.Count == 0 ? 0 : segments.Max(segment => segment.End));
            return new Transcript(text.Trim(), spoken, Probability(root, "language_probability", ""), end, WithWords(root, segments, length));
        }
    }

    /// <summary>A text without times is one segment over all of the recording; an empty text is none.</summary>
    public static IReadOnlyList<TranscriptSegment> Whole(string text, double duration, string language) =>
        text.Length == 0 ? [] : [new TranscriptSegment(0, duration, text, language, null, null, null, null, null, [])];

    private static double? Length(JsonElement root)
    {
        if (!root.TryGetProperty("duration", out var found) || found.ValueKind == JsonValueKind.Null) return null;
        if (found.ValueKind == JsonValueKind.String && double.TryParse(found.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var text) && text is >= 0
            and <= 1e6) return text; // as OpenAI once wrote it
        return Number(root, "duration", "", 0, 1e6)!.Value;
    }

    private static IReadOnlyList<TranscriptSegment>? Segments(JsonElement root, double? length, string language)
    {
        if (!root.TryGetProperty("segments", out var list) || list.ValueKind == JsonValueKind.Null) return null;
        if (list.ValueKind != JsonValueKind.Array) throw new FormatException($"segments: expected an array, found {Kind(list)}");
        if (list.GetArrayLength() > MaxSegments) throw new FormatException($"segments: there are {list.GetArrayLength()}; at most {MaxSegments} are read");
        var segments = new List<TranscriptSegment>();
        foreach (var found in list.EnumerateArray())
        {
            var place = $"segments[{segments.Count}]";
            var (start, end) = Times(found, place, length);
            var words = found.TryGetProperty("words", out _) ? Words(found, place + ".words", length) : [];
            var average = Number(found, "avg_logprob", place, -1e6, 1e6);
            var confidence = Probability(found, "confidence", place) ?? (words.Count > 0 && !words.Any(word => double.IsNaN(word.Confidence)) ? words.Average(word => word.Confidence)
                : average is { } log ? Math.Min(1, Math.Exp(log)) : null);
            var own = Text(found, "language", place, required: false);
            segments.Add(new TranscriptSegment(start, end, Text(found, "text", place, required: true).Trim(), own.Length > 0 ? LanguageNames.CodeOf(own) : language, confidence, average,
                Number(found, "compression_ratio", place, 0, 1e6), Probability(found, "no_speech_prob", place), Number(found, "temperature", place, 0, 100), words));
        }
        return [.. segments.Where(segment => segment.Text.Length > 0)];
    }

    /// <summary>Where all words stand in one list, each goes to the segment in which its middle lies, or to the nearest.</summary>
    private static IReadOnlyList<TranscriptSegment> WithWords(JsonElement root, IReadOnlyList<TranscriptSegment> segments, double? length)
    {
        if (segments.Count == 0 || !root.TryGetProperty("words", out _) || segments.Any(segment => segment.Words.Count > 0)) return segments;
        var (words, at) = (new List<TranscriptWord>[segments.Count], 0);
        foreach (var word in Words(root, "words", length))
        {
            var middle = (word.Start + word.End) / 2;
            while (at + 1 < segments.Count && middle >= Between(segments[at], segments[at + 1])) at++;
            (words[at] ??= []).Add(word);
        }
        return [.. segments.Select((segment, i) => segment with { Words = [.. (words[i] ?? []).Select(word => double.IsNaN(word.Confidence) && segment.Confidence is { } sure
            ? word with { Confidence = sure } : word)] })];

        static double Between(TranscriptSegment one, TranscriptSegment next) => one.End <= next.Start ? (one.End + next.Start) / 2 : next.Start;
    }

    private static IReadOnlyList<TranscriptWord> Words(JsonElement parent, string place, double? length)
    {
        var list = parent.GetProperty("words");
        if (list.ValueKind == JsonValueKind.Null) return [];
        if (list.ValueKind != JsonValueKind.Array) throw new FormatException($"{place}: expected an array, found {Kind(list)}");
        if (list.GetArrayLength() > MaxWords) throw new FormatException($"{place}: there are {list.GetArrayLength()}; at most {MaxWords} are read");
        var words = new List<TranscriptWord>();
        foreach (var found in list.EnumerateArray())
        {
            var here = $"{place}[{words.Count}]";
            var (start, end) = Times(found, here, length);
            var text = Text(found, found.TryGetProperty("word", out _) ? "word" : "text", here, required: true).Trim();
            words.Add(new TranscriptWord(text, start, end, Probability(found, "probability", here) ?? double.NaN));
        }
        return [.. words.Where(word => word.Text.Length > 0)];
    }

    private static (double Start, double End) Times(JsonElement found, string place, double? length)
    {
        if (found.ValueKind != JsonValueKind.Object) throw new FormatException($"{place}: expected an object, found {Kind(found)}");
        var most = length is { } known ? known + Padding : 1e6;
        var start = Number(found, "start", place, 0, most) ?? throw new FormatException($"{place}.start is missing");
        var end = Number(found, "end", place, 0, most) ?? throw new FormatException($"{place}.end is missing");
        if (end < start) throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{place} ends at {end}, before it begins at {start}"));
        return length is { } cut ? (Math.Min(start, cut), Math.Min(end, cut)) : (start, end);
    }

    private static string Text(JsonElement parent, string name, string place, bool required)
    {
        var known = parent.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null;
        if (!known) return required ? throw new FormatException($"{Place(place, name)} is missing") : "";
        if (found.ValueKind != JsonValueKind.String) throw new FormatException($"{Place(place, name)}: expected text, found {Kind(found)}");
        try { return found.GetString()!; }
        catch (InvalidOperationException) { throw new FormatException($"{Place(place, name)}: the text holds half a surrogate pair, which is no character"); }
    }

    private static double? Number(JsonElement parent, string name, string place, double least, double most)
    {
        if (!parent.TryGetProperty(name, out var found) || found.ValueKind == JsonValueKind.Null) return null;
        if (found.ValueKind != JsonValueKind.Number) throw new FormatException($"{Place(place, name)}: expected a number, found {Kind(found)}");
        var number = found.GetDouble();
        return number >= least && number <= most ? number : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{Place(place, name)} is {number}; expected {least} to {most}"));
    }

    /// <summary>Servers compute them in single precision: a little above 1 is 1.</summary>
    private static double? Probability(JsonElement parent, string name, string place) => Number(parent, name, place, 0, 1.001) is { } found ? Math.Min(1, found) : null;

    private static string Place(string place, string name) => place.Length == 0 ? name : $"{place}.{name}";

    private static string Kind(JsonElement found) => found.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => found.ValueKind.ToString().ToLowerInvariant(),
    };
}
