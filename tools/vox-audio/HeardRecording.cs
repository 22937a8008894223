using System.Text.Json;
using VoxMake.Audio.Cutting;
using VoxMake.Audio.Timed;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.AudioTool;

/// <summary>What others have heard in a recording that is to be cut, and what its pieces are told of it.</summary>
internal sealed record HeardRecording
{
    public const string ActivityRole = "activity", WordsRole = "words";

    /// <summary>Where it may be cut; null where nobody has heard it.</summary>
    public SoundMap? Map { get; private init; }

    public SpeechSpans? Activity { get; private init; }
    public TimedText? Words { get; private init; }
    private Value Text { get; init; }

    /// <summary>Reads the item's files.</summary>
    /// <param name="length">Of the recording, in samples of one channel.</param>
    /// <exception cref="InvalidDataException">They are broken, or of another recording or text.</exception>
    public static HeardRecording Of(WorkItem item, long length, int rate)
    {
        var activity = Read(item, ActivityRole, SpeechSpans.Parse);
        var words = Read(item, WordsRole, TimedText.Parse);
        var text = item.Columns["text"];
        if (words is not null && text.ToString() is { Length: > 0 } said && said.Trim() != words.Text.Trim())
            throw new InvalidDataException($"the words of '{item.Id}' are those of another text than its own: align it again");
        if (words is not null && text.ToString() == "") text = words.Text;
        return new HeardRecording
        {
            Map = activity is null && words is null ? null : SoundMap.Of(length, rate, activity, words), Activity = activity, Words = words, Text = text,
        };
    }

    private static T? Read<T>(WorkItem item, string role, Func<ReadOnlySpan<byte>, T> parse) where T : class
    {
        if (!item.Inputs.TryGetValue(role, out var file)) return null;
        try { return parse(File.ReadAllBytes(file.Path)); }
        catch (JsonException error) { throw new InvalidDataException($"{file.Name}: the {role} of '{item.Id}' cannot be read: {error.Message}"); }
    }

    /// <summary>
    /// The columns of each piece: <c>text</c> where the recording has one, <c>speech_start</c> and <c>speech_end</c> (samples of the piece at its own rate; 0 and 0 where nobody speaks) where it is known
    /// where somebody speaks, and <c>cut_in_speech</c>, where anybody has heard it.
    /// </summary>
    /// <param name="cuts">Where pieces begin, and the recording's length. Several pieces of a recording with a text need <see cref="Words"/>.</param>
    public IReadOnlyList<Columns> Columns(IReadOnlyList<CutPoint> cuts)
    {
        var texts = Words is not null && cuts.Count > 2 ? TextCutter.Cut(Map!, Words, [.. cuts.Select(cut => cut.At)]) : null;
        var columns = new List<Columns>(cuts.Count - 1);
        var spans = 0; // those before it end before the present piece
        for (var i = 0; i + 1 < cuts.Count; i++)
        {
            var pairs = new List<(string, Value)>();
            if (texts is not null) pairs.Add(("text", texts[i]));
            else if (Text.ToString() != "") pairs.Add(("text", Text));
            if (Map is not null) pairs.Add(("cut_in_speech", cuts[i].InSpeech || cuts[i + 1].InSpeech));
            if (Activity is not null)
            {
                var (start, end) = Speech(cuts[i].At, cuts[i + 1].At, ref spans);
                pairs.Add(("speech_start", start));
                pairs.Add(("speech_end", end));
            }
            columns.Add(Protocol.Columns.Of([.. pairs]));
        }
        return columns;
    }

    /// <summary>From the first to behind the last sample of a piece in which somebody speaks, counted from its beginning.</summary>
    private (long Start, long End) Speech(long from, long to, ref int spans)
    {
        var all = Map!.Speech;
        while (spans < all.Count && all[spans].End <= from) spans++;
        var last = spans;
        while (last < all.Count && all[last].Start < to) last++;
        return last == spans ? (0, 0) : (Math.Max(from, all[spans].Start) - from, Math.Min(to, all[last - 1].End) - from);
    }
}
