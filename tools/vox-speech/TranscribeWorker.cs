using System.Text;
using VoxMake.Audio;
using VoxMake.Audio.Timed;
using VoxMake.Protocol;
using VoxMake.Speech;
using VoxMake.Speech.Recognition;
using VoxMake.Speech.Recognition.Guards;
using VoxMake.Speech.Recognition.Subtitles;
using VoxMake.Tooling;
using VoxMake.Torch;

namespace VoxMake.SpeechTool;

/// <summary>One recording after the other: what has a text keeps it, in silence nothing is heard, and what looks made up is not taken for what was said.</summary>
internal sealed class TranscribeWorker : IItemWorker
{
    public const string Transcript = "transcript";

    private static readonly HallucinationGuards Guards = new(new GuardLimits());
    private readonly Transcriber _shared;
    private readonly CancellationToken _cancel;

    /// <summary>On the thread that will use it: libtorch counts threads for each thread that calls it.</summary>
    public TranscribeWorker(Transcriber shared, CancellationToken cancel)
    {
        (_shared, _cancel) = (shared, cancel);
        if (shared.Settings.Engine == "whisper") Libtorch.Threads = shared.Settings.ThreadsEach; // recordings run side by side, and sums do not depend on the machine's threads
    }

    public ItemResult Process(WorkItem item, IOutputFolder output)
    {
        if (item.Columns["text"].ToString() is { } given && given.Trim().Length > 0) return ItemResult.Ok(Columns.Of(("text", given), ("text_source", "given")));
        var (sound, activity) = HeardClip.Read(item);
        var seconds = (double)sound.Length / Sound16k.Rate;
        var silent = activity is { Count: 0 } || Level.Peak(sound) < Sound16k.Silence;
        var heard = silent ? new Transcript("", _shared.Settings.Language ?? "", null, seconds, []) : Recognize(sound, activity ?? []);
        return Result(heard, silent, activity, output) with { AudioSeconds = seconds };
    }

    private Transcript Recognize(float[] sound, IReadOnlyList<SpeechSpan> speech)
    {
        try { return _shared.Recognizer.Recognize(sound, speech, _cancel); }
        catch (RecognitionException error) when (error.IsHopeless) { throw new ToolException(error.Message) { Try = error.Try, ExitCode = ExitCode.Failed }; }
        catch (RecognitionException error) { throw new InvalidOperationException(error.Try is null ? error.Message : $"{error.Message} ({error.Try})", error); }
    }

    private ItemResult Result(Transcript heard, bool silent, IReadOnlyList<SpeechSpan>? activity, IOutputFolder output)
    {
        var segments = Guards.Check(heard, activity);
        var reasons = segments.SelectMany(segment => segment.Reasons).Distinct().Order(StringComparer.Ordinal).ToList();
        if (silent) reasons.Add(Guard.NoSpeech);
        else if (heard.Text.Length == 0) reasons.Add(Guard.NoText);
        var doubtful = segments.Where(segment => segment.Reasons.Count > 0).ToList();
        var columns = Columns.Of(
            ("text", heard.Text), ("text_source", "transcribed"),
            ("spoken_language", Language(heard)),
            ("confidence", Rounded(Mean(heard.Segments))),
            ("guards", string.Join(' ', reasons)),
            ("no_speech", silent ? 1.0 : Rounded(heard.Segments.Max(segment => segment.NoSpeechProbability))),
            ("compression_ratio", Rounded(heard.Segments.Max(segment => segment.CompressionRatio ?? (double?)TextCompression.Ratio(segment.Text)))));
        if (doubtful.Count == 0) return Written(heard, segments, [], columns, output);
        if (_shared.Settings.Guard == "reject")
            return ItemResult.Rejected("guarded", $"{doubtful.Count} of {segments.Count} segments look made up ({string.Join(", ", reasons)}): '{Shown(doubtful[0].Segment.Text)}'", columns);
        if (_shared.Settings.Guard == "mark") return Written(heard, segments, [], columns, output);
        var kept = segments.Where(segment => segment.Reasons.Count == 0).ToList();
        var rest = heard with { Text = string.Join(' ', kept.Select(segment => segment.Segment.Text.Trim())), Segments = [.. kept.Select(segment => segment.Segment)] };
        return Written(rest, kept, doubtful, columns.With(Columns.Of(("text", rest.Text), ("confidence", Rounded(Mean(rest.Segments))))), output);
    }

    private ItemResult Written(Transcript heard, IReadOnlyList<GuardedSegment> segments, IReadOnlyList<GuardedSegment> dropped, Columns columns, IOutputFolder output)
    {
        var cues = CueMaker.Cues(heard.Segments);
        return ItemResult.Ok(columns, [.. _shared.Settings.Written().Distinct().Select(format => format switch
        {
            "srt" => output.Write("srt", ".srt", Encoding.UTF8.GetBytes(SubRip.Write(cues))),
            "vtt" => output.Write("vtt", ".vtt", Encoding.UTF8.GetBytes(WebVtt.Write(cues))),
            _ => output.Write(Transcript, ".json", TranscriptJson.Write(heard, segments, dropped)),
        })]);
    }

    /// <summary>The language that is spoken longest; nothing where nobody knows.</summary>
    private static string? Language(Transcript heard)
    {
        var longest = heard.Segments.Where(segment => segment.Language.Length > 0).GroupBy(segment => segment.Language).MaxBy(group => group.Sum(segment =>
            segment.End - segment.Start))?.Key ?? heard.Language;
        return longest.Length == 0 ? null : longest;
    }

    /// <summary>Of segments by their lengths; null where the engine gives none.</summary>
    private static double? Mean(IReadOnlyList<TranscriptSegment> segments)
    {
        var (sum, weight) = (0.0, 0.0);
        foreach (var segment in segments)
        {
            if (segment.Confidence is not { } sure) continue;
            var length = Math.Max(0.001, segment.End - segment.Start);
            (sum, weight) = (sum + sure * length, weight + length);
        }
        return weight == 0 ? null : sum / weight;
    }

    private static Value Rounded(double? value) => value is { } number ? Math.Round(number, 4) : Value.Null;

    private static string Shown(string text) => text.Length <= 80 ? text : text[..80] + "…";

    public void Dispose() { }
}
