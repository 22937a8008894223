using VoxMake.Audio.Timed;

namespace VoxMake.Audio.Cutting;

/// <summary>A stretch of a recording in its own samples, from <paramref name="Start"/> to before <paramref name="End"/>; as a place to cut, both ends count.</summary>
public readonly record struct Stretch(long Start, long End)
{
    public long Length => End - Start;

    /// <summary>What both have, ends included; null where they do not even touch.</summary>
    public Stretch? With(Stretch other) => Math.Max(Start, other.Start) is var start && Math.Min(End, other.End) is var end && start <= end ? new Stretch(start, end) : null;
}

/// <summary>A word, or several that overlap in time and so can only be cut together.</summary>
/// <param name="Score">The least of theirs; null where nobody said.</param>
/// <param name="Last">The last of them, as the text writes it.</param>
/// <param name="EndsSentence">Whether a sentence ends with the last of them.</param>
public readonly record struct WordBlock(Stretch Place, double? Score, string Last, bool EndsSentence);

/// <summary>What is known of where a recording may be cut, in its own samples: speech, the pauses between it, words and the gaps between them.</summary>
public sealed class SoundMap
{
    private const int Tolerance = SpeechSpans.Rate / 1000; // a millisecond: two ways to resample may differ by a sample

    private SoundMap(long length, int rate, SpeechSpans? activity, TimedText? words)
    {
        (Length, Rate, Activity, HasWords) = (length, rate, activity, words is not null);
        Words = words is null ? [] : Blocks(words);
        Gaps = Between([.. Words.Select(word => word.Place)]);
        Speech = activity is null ? [.. Words.Select(word => word.Place)] : [.. activity.Speech.Select(span => Own(span.Start, span.End))];
        Pauses = [.. Between(Speech).Where(pause => pause.Length > 0)];
    }

    /// <summary>Samples of one channel.</summary>
    public long Length { get; }

    /// <summary>Of the recording.</summary>
    public int Rate { get; }

    /// <summary>Where probabilities come from; null where only words are known.</summary>
    public SpeechSpans? Activity { get; }

    /// <summary>Whether somebody said which word is where; there may be none all the same.</summary>
    public bool HasWords { get; }

    /// <summary>In order of time.</summary>
    public IReadOnlyList<WordBlock> Words { get; }

    /// <summary>Where no word is: one before the first word, one between each two, one behind the last; they may be empty stretches. No words: all of the recording.</summary>
    public IReadOnlyList<Stretch> Gaps { get; }

    /// <summary>Where somebody speaks; where only words are known, these.</summary>
    public IReadOnlyList<Stretch> Speech { get; }

    /// <summary>Where nobody speaks; none is empty.</summary>
    public IReadOnlyList<Stretch> Pauses { get; }

    /// <summary>Puts together what is known of a recording.</summary>
    /// <param name="length">Samples of one channel.</param>
    /// <param name="rate">The recording's own.</param>
    /// <param name="activity">Where somebody speaks, or null.</param>
    /// <param name="words">Which word is where, or null.</param>
    /// <exception cref="InvalidDataException">They are of another recording, or contradict themselves.</exception>
    public static SoundMap Of(long length, int rate, SpeechSpans? activity, TimedText? words)
    {
        var expected = Resampler.OutputLength(length, rate, SpeechSpans.Rate);
        if (activity is not null) Check(activity, expected);
        if (words is not null) Check(words, expected);
        return new SoundMap(length, rate, activity, words);
    }

    private static void Check(SpeechSpans activity, long expected)
    {
        CheckLength("activity", activity.SampleRate, activity.Samples, expected);
        if (activity.Window < 1) throw new InvalidDataException($"the activity has windows of {activity.Window} samples");
        var before = 0;
        foreach (var span in activity.Speech)
        {
            if (span.Start < before || span.End < span.Start || span.End > activity.Samples)
                throw new InvalidDataException($"the activity's speech from {span.Start} to {span.End} does not lie in order between {before} and {activity.Samples}");
            before = span.End;
        }
    }

    private static void Check(TimedText words, long expected)
    {
        CheckLength("words", words.SampleRate, words.Samples, expected);
        var before = 0;
        foreach (var word in words.Sentences.SelectMany(sentence => sentence.Words))
        {
            if (word.At < before || word.At > words.Text.Length) throw new InvalidDataException($"the word '{word.Text}' is said to begin at {word.At} of the text, which is not between {before} and {words.Text.Length}");
            if (word.Start < 0 || word.End < word.Start || word.End > words.Samples) throw new InvalidDataException($"the word '{word.Text}' is said to lie at {word.Start} to {word.End} of {words.Samples} samples");
            before = word.At;
        }
    }

    private static void CheckLength(string what, int rate, int samples, long expected)
    {
        if (rate != SpeechSpans.Rate) throw new InvalidDataException($"the {what} count samples at {rate} Hz; {SpeechSpans.Rate} Hz are expected");
        if (Math.Abs(samples - expected) > Tolerance) throw new InvalidDataException($"the {what} are of a recording of {samples} samples at {rate} Hz, but this one has {expected}: they are of another one");
    }

    /// <summary>Positions at 16 kHz in own samples, each rounded to the nearest, so that what touches there touches here.</summary>
    internal Stretch Own(long start, long end) => new(Own(start), Own(end));

    private long Own(long sample) => Math.Min(Length, (2 * sample * Rate + SpeechSpans.Rate) / (2 * SpeechSpans.Rate));

    private List<WordBlock> Blocks(TimedText text)
    {
        var words = new List<WordBlock>();
        foreach (var sentence in text.Sentences)
            for (var i = 0; i < sentence.Words.Count; i++)
            {
                var word = sentence.Words[i];
                words.Add(new WordBlock(Own(word.Start, word.End), word.Score, word.Text, i == sentence.Words.Count - 1));
            }
        var blocks = new List<WordBlock>(words.Count);
        foreach (var word in words.OrderBy(word => word.Place.Start).ThenBy(word => word.Place.End)) // stable: of equals the text's order
        {
            if (blocks.Count == 0 || word.Place.Start >= blocks[^1].Place.End) blocks.Add(word);
            else
            {
                var (open, later) = (blocks[^1], word.Place.End >= blocks[^1].Place.End);
                blocks[^1] = new WordBlock(new Stretch(open.Place.Start, Math.Max(open.Place.End, word.Place.End)), Least(open.Score, word.Score), later ? word.Last : open.Last, later ? word.EndsSentence : open.EndsSentence);
            }
        }
        return blocks;
    }

    private static double? Least(double? a, double? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);

    private List<Stretch> Between(IReadOnlyList<Stretch> taken)
    {
        var between = new List<Stretch>(taken.Count + 1);
        var end = 0L;
        foreach (var stretch in taken)
        {
            between.Add(new Stretch(end, Math.Max(end, stretch.Start)));
            end = Math.Max(end, stretch.End);
        }
        between.Add(new Stretch(end, Math.Max(end, Length)));
        return between;
    }
}
