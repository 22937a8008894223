using VoxMake.Audio.Timed;
using VoxMake.Speech.Alignment.Tests;
using VoxMake.Speech.Recognition;
using VoxMake.Speech.Recognition.Guards;

namespace VoxMake.Speech.Tests.Recognition;

/// <summary>What recognisers make up is noticed, and what people say is not.</summary>
public class GuardTests
{
    private static readonly HallucinationGuards Guards = new(new GuardLimits());

    private static string Reasons(TranscriptSegment segment, params SpeechSpan[] speech) => string.Join(' ', Guards.Reasons(segment, speech.Length > 0 ? speech : null));

    [Theory]
    [InlineData("hello hello hello", "en", "repeated")] // the example of NeMo SDP
    [InlineData("so so so so so good", "en", "repeated")]
    [InlineData("はいはいはいはい", "ja", "repeated")]
    [InlineData("Bruchstelleneinsatzleiterstabsabteilungsvorsteherin kommt", "de", "long_word")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaa bbb", "en", "long_word")] // 25 letters
    [InlineData("ooooooooooooooo go", "en", "long_word")] // 15 letters, and the next has two
    [InlineData("Thanks for watching!", "en", "known_phrase")]
    [InlineData("thank you for watching", "de", "known_phrase")]
    [InlineData("Untertitel im Auftrag des ZDF für funk, 2017", "de", "known_phrase")]
    [InlineData("Sous-titres réalisés par la communauté d'Amara.org", "fr", "known_phrase")]
    [InlineData("Sous-titres re\u0301alise\u0301s par la communaute\u0301 d'Amara.org", "fr", "known_phrase")] // as macOS writes it
    [InlineData("ご視聴ありがとうございました。", "ja", "known_phrase")]
    [InlineData("Thanks for watching! Thanks for watching!", "en", "known_phrase")]
    [InlineData("This one sentence alone has far more letters in it than any person could ever say within one single second of time.", "en", "too_fast", 1)]
    public void What_looks_made_up_is_named(string text, string language, string expected, double end = 4) => Assert.Equal(expected, Reasons(Heard.Segment(text, 0, end, language)));

    [Theory]
    [InlineData("produced the block books, which were the immediate predecessors of the true printed book,", "en", 6.0)]
    [InlineData("a Straßenbahn", "de", 1.0)]
    [InlineData("Die Geschwindigkeitsbegrenzung gilt.", "de", 2.5)]
    [InlineData("I understand.", "en", 1.0)]
    [InlineData("no, no!", "en", 1.0)]
    [InlineData("Yes.", "en", 0.3)]
    [InlineData("Thank you for watching over the children while I was away.", "en", 3.0)]
    [InlineData("Die Untertitel im Auftrag des ZDF sind gut.", "de", 3.0)]
    [InlineData("今日は良い天気ですね。散歩に行きましょう。", "ja", 3.0)]
    [InlineData("", "en", 1.0)]
    public void What_people_say_is_not(string text, string language, double end) => Assert.Equal("", Reasons(Heard.Segment(text, 0, end, language)));

    [Fact]
    public void A_long_text_may_repeat_its_small_words_but_not_fall_into_a_loop()
    {
        var words = LjSpeech.Lines.Select(line => line[^1]);
        var text = string.Join(' ', words);
        Assert.True(text.Split(' ').Length > 100);
        Assert.Equal("", Reasons(Heard.Segment(text, 0, 120)));
        Assert.Contains(Guard.Repeated, Reasons(Heard.Segment(text + string.Concat(Enumerable.Repeat(" and then we", 20)), 0, 140)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_zlib_makes_small_is_compressible()
    {
        var text = string.Concat(Enumerable.Repeat("one after the other and then again ", 8));
        Assert.True(TextCompression.Ratio(text) > 2.4);
        Assert.Contains(Guard.Compressible, Reasons(Heard.Segment(text, 0, 30)), StringComparison.Ordinal);
        Assert.Contains(Guard.Compressible, Reasons(Heard.Segment("short", 0, 1) with { CompressionRatio = 3 }), StringComparison.Ordinal);
        Assert.Equal(0, TextCompression.Ratio(""));
    }

    [Fact]
    public void Where_nobody_speaks_nothing_is_said()
    {
        SpeechSpan[] speech = [new(16_000, 32_000)];
        Assert.Equal("", Reasons(Heard.Segment("yes indeed", 0.9, 2), speech));
        Assert.Equal("no_speech", Reasons(Heard.Segment("yes indeed", 2.5, 4), speech));
        Assert.Equal("no_speech", Reasons(Heard.Segment("yes indeed", 1.99, 4), speech));
        Assert.Equal("", Reasons(Heard.Segment("yes", 1.2, 1.2), speech)); // no length, but within speech
        Assert.Equal("no_speech", string.Join(' ', Guards.Reasons(Heard.Segment("yes indeed", 0, 2), [])));
        Assert.Equal("", Reasons(Heard.Segment("yes indeed", 2.5, 4))); // nobody looked
    }

    [Theory]
    [InlineData(0.7, -1.2, "no_speech")]
    [InlineData(0.7, -0.2, "")]
    [InlineData(0.5, -1.2, "")]
    public void Whispers_own_rule_holds_where_the_engine_says_so(double silent, double average, string expected) =>
        Assert.Equal(expected, Reasons(Heard.Segment("yes indeed", 0, 2) with { NoSpeechProbability = silent, AverageLogProbability = average }));

    [Fact]
    public void A_word_can_be_too_long_for_its_own_time() =>
        Assert.Equal("too_fast", Reasons(Heard.Segment("an extraordinary day", 0, 3, "en", new TranscriptWord("an", 0, 0.2, 1), new TranscriptWord("extraordinary", 0.2, 0.3, 1), new TranscriptWord("day", 1, 2, 1))));

    /// <summary>Sentences that people have spoken for a voice (Thorsten-Voice), as if each were a segment spoken at 15 letters a second.</summary>
    [SkippableFact]
    public void None_of_eight_thousand_sentences_that_were_spoken_is_doubted()
    {
        var sentences = File.ReadAllLines(TestFiles.Shared("data/thorsten/sentences-de.txt"));
        var doubted = sentences.Select(text => (text, reasons: Reasons(Heard.Segment(text, 0, Math.Max(0.5, text.Length / 15.0), "de")))).Where(one => one.reasons.Length > 0).ToList();
        Assert.Equal(8000, sentences.Length);
        Assert.Empty(doubted);
    }

    [SkippableTheory, InlineData(false), InlineData(true)]
    public void Recordings_with_their_true_texts_and_lengths_are_not_doubted(bool all)
    {
        foreach (var (id, text, sound) in Clips.Lj(all)) Assert.Equal((id, ""), (id, Reasons(Heard.Segment(text, 0, Clips.Seconds(sound.Length)))));
    }

    [Fact]
    public void There_are_phrases_of_many_languages() => Assert.Superset(new HashSet<string> { "en", "de", "fr", "es", "nl", "ru", "ja", "ko", "zh" }, KnownPhrases.Languages.ToHashSet());
}
