using VoxMake.Speech.Recognition;

namespace VoxMake.Speech.Tests.Recognition;

/// <summary>Transcripts for tests.</summary>
internal static class Heard
{
    public static TranscriptSegment Segment(string text, double start = 0, double end = 3, string language = "en", params TranscriptWord[] words) =>
        new(start, end, text, language, null, null, null, null, null, words);

    public static Transcript Of(params TranscriptSegment[] segments) =>
        new(string.Join(' ', segments.Select(segment => segment.Text)), "en", null, segments.Length == 0 ? 0 : segments[^1].End, segments);
}
