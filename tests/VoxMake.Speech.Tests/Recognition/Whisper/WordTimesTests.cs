using VoxMake.Audio.Timed;
using VoxMake.Models.Whisper;
using VoxMake.Speech.Recognition;
using VoxMake.Speech.Recognition.Whisper;
using static VoxMake.Speech.Tests.Recognition.Whisper.ScriptedNetwork;

namespace VoxMake.Speech.Tests.Recognition.Whisper;

public class WordTimesTests
{
    private static readonly WhisperSettings Words = new(Language: "en", BeamSize: null, SuppressTokens: [], WordTimestamps: true);

    [Fact]
    public void Words_stand_where_their_tokens_are_heard_with_their_marks_and_the_mean_probability_of_their_tokens()
    {
        // Token i (of one byte each) is heard in the 200 ms from i · 0.2 s on.
        var network = new ScriptedNetwork(Says(_ => [Time(0), .. Bytes(" Oh, \"no\""), Time(2)]));
        var segment = Assert.Single(Run(network, 20, []).Segments);
        Assert.Equal(["Oh,", "\"no\""], segment.Words.Select(word => word.Text));
        var (first, second) = (segment.Words[0], segment.Words[1]);
        Assert.Equal((0.0, 1.0), (first.Start, second.Start), Near); // a mark before a word gives it its text, not its time
        Assert.Equal((0.6, 1.6), (first.End, second.End), Near);
        Assert.Equal((1 / 2.0 + 1 / 3.0 + 1 / 4.0) / 3, first.Confidence, 1e-6);
        Assert.Equal(segment.Words.Average(word => word.Confidence), segment.Confidence!.Value, 1e-9);
        Assert.Equal((segment.Words[0].Start, segment.Words[^1].End), (segment.Start, segment.End));
    }

    [Fact]
    public void The_next_window_begins_behind_the_last_word_of_a_text_that_no_timestamp_closed()
    {
        var network = new ScriptedNetwork(Says(First => First == 0 ? [Time(0), .. Bytes(" ab"), Time(20), Time(20), .. Bytes(" c")] : [Time(0), .. Bytes(" d"), Time(9)]));
        var heard = Run(network, 40, []);
        var seek = (int)Math.Round(heard.Segments[0].End * 100);
        Assert.InRange(seek, 40, 100); // the words end long before the timestamp
        Assert.Equal($"hear {seek}", network.Log.Where(line => line.StartsWith("hear", StringComparison.Ordinal)).ElementAt(1));
    }

    [Fact]
    public void A_word_stretched_over_a_pause_before_it_is_shortened_to_twice_the_usual()
    {
        List<SpokenWord> words = [Word(" a", 0, 5), Word(" b", 5, 5.3), Word(" c", 5.3, 5.6), Word(" d", 5.6, 5.9)];
        var usual = WordTimes.UsualDuration(words);
        Assert.Equal(0.3, usual, 1e-9);
        Assert.Equal((4.4, 5.9), WordTimes.ShortenAtSegmentStart(words, 4.5, 5.9, 0, usual), Near);
        Assert.Equal((4.4, 5.0), (words[0].Start, words[0].End), Near);

        // Without a pause before it nothing is shortened.
        words = [Word(" a", 0, 1), Word(" b", 1, 1.3), Word(" c", 1.3, 1.6), Word(" d", 1.6, 1.9)];
        WordTimes.ShortenAtSegmentStart(words, 0, 1.9, 0, 0.3);
        Assert.Equal((0, 1), (words[0].Start, words[0].End));
    }

    [Fact]
    public void The_segments_own_timestamps_win_where_a_word_reaches_half_a_second_beyond_them()
    {
        List<SpokenWord> words = [Word(" a", 1, 2.9), Word(" b", 2.9, 3.1), Word(" c", 3.1, 9)];
        Assert.Equal((2.5, 4), WordTimes.ShortenAtSegmentStart(words, 2.5, 4, 1.5, 0.4), Near);
        Assert.Equal((2.5, 4), (words[0].Start, words[2].End), Near);
        words = [Word(" a", 1, 2), Word(" b", 2, 3)];
        Assert.Equal((1, 3), WordTimes.ShortenAtSegmentStart(words, 1.3, 2.7, 0.9, 0.7), Near); // else the words'
    }

    [Fact]
    public void Pauses_taken_for_a_mark_or_the_word_behind_it_are_cut_off()
    {
        List<SpokenWord> words = [Word(" a", 0, 0.4), Word(".", 0.4, 3), Word(" b", 3, 6), Word(" c", 6, 6.4), Word(" d", 6.4, 9)];
        WordTimes.ShortenAtSentenceEnds(words, 0.4);
        Assert.Equal([(0.0, 0.4), (0.4, 1.2), (5.2, 6), (6, 6.4), (6.4, 9)], words.Select(word => (Math.Round(word.Start, 6), Math.Round(word.End, 6))));
    }

    [Fact]
    public void Words_of_several_segments_and_of_a_window_within_the_recording_are_on_its_clock()
    {
        var network = new ScriptedNetwork(Says(_ => [Time(0), .. Bytes(" ab"), Time(1), Time(1), .. Bytes(" cd"), Time(2)]));
        var heard = Run(network, 60, [new SpeechSpan(40 * 16000, 45 * 16000)]);
        Assert.Equal(["ab", "cd"], heard.Segments.Select(segment => segment.Text));
        Assert.Equal(["ab", "cd"], heard.Segments.SelectMany(segment => segment.Words).Select(word => word.Text));
        var start = 39.8; // 0.2 s of padding
        Assert.Equal([start, start + 0.6], heard.Segments.Select(segment => Math.Round(segment.Words[0].Start, 2)));
    }

    private static SpokenWord Word(string text, double start, double end) => new(text, [1], start, end, 1);

    private static bool Near((double, double) a, (double, double) b) => Math.Abs(a.Item1 - b.Item1) < 1e-6 && Math.Abs(a.Item2 - b.Item2) < 1e-6;

    private static Transcript Run(ScriptedNetwork network, double seconds, SpeechSpan[] speech) =>
        new WhisperRecognizer(network, Tokenizer, Words, new WhisperGeneration()).Recognize(Sound(seconds), speech, CancellationToken.None);
}
