namespace VoxMake.Corpus.Tests;

public class QualityJudgeTests
{
    private static readonly QualityRules Rules = new(0.8, 15, 15, 0.001, 0.5, 5, 30, RequireText: true);
    private static readonly Measurements Good = new(2, 20, 0, 0.1, "twenty letters or so");

    [Fact]
    public void A_good_clip_fails_nothing()
    {
        var verdict = QualityJudge.Judge(Good, Rules);
        Assert.Empty(verdict.Failures);
        Assert.Empty(verdict.Unmeasured);
    }

    [Fact]
    public void A_value_on_the_threshold_is_fit() => Assert.Empty(QualityJudge.Judge(Good with { DurationS = 0.8, SnrDb = 15, Clipping = 0.001, SilenceShare = 0.5 }, Rules).Failures);

    public static TheoryData<Measurements, Failure> Bad => new()
    {
        { Good with { DurationS = 0.75 }, new("too_short", "min_duration_s", 0.75, 0.8, "the clip has 0.75 s, less than 0.8 (min_duration_s)") },
        { Good with { DurationS = 15.00001, Text = new string('a', 200) }, new("too_long", "max_duration_s", 15.00001, 15, "the clip has 15.00001 s, more than 15 (max_duration_s)") },
        { Good with { SnrDb = 3.14159 }, new("noisy", "min_snr_db", 3.14159, 15, "the signal-to-noise ratio is 3.14 dB, less than 15 (min_snr_db)") },
        { Good with { Clipping = 0.0023 }, new("clipped", "max_clipping", 0.0023, 0.001, "the share of clipped samples is 0.0023, more than 0.001 (max_clipping)") },
        { Good with { SilenceShare = 0.75 }, new("silent", "max_silence_share", 0.75, 0.5, "the share of silence is 0.75, more than 0.5 (max_silence_share)") },
        { Good with { Text = " " }, new("no_text", "require_text", 0, 1, "the clip has no text (require_text)") },
        { Good with { Text = "hi" }, new("too_slow", "characters_per_second", 1, 5, "the text has 1 characters a second, less than 5 (characters_per_second); is text missing?") },
        { Good with { Text = new string('a', 100) }, new("too_fast", "characters_per_second", 50, 30, "the text has 50 characters a second, more than 30 (characters_per_second); is there more text than speech?") },
    };

    private static readonly QualityRules Heard = Rules with { MinAlignmentScore = 0.5, MinConfidence = 0.6, Speakers = ["anna", "bert"] };

    [Fact]
    public void Text_that_is_hardly_what_is_said_fails() =>
        Assert.Equal(new Failure("unlike_text", "min_alignment_score", 0.25, 0.5, "text and sound agree to 0.25, less than 0.5 (min_alignment_score); is something else said?"),
            QualityJudge.Judge(Good with { AlignmentScore = 0.25, Speaker = "anna" }, Heard).Failures.Single());

    [Fact]
    public void An_unsure_transcript_fails_and_a_text_that_a_person_wrote_has_no_confidence_to_fail_by()
    {
        var transcribed = Good with { AlignmentScore = 1, Confidence = 0.5, Speaker = "bert", Transcribed = true };
        Assert.Equal(new Failure("unsure", "min_confidence", 0.5, 0.6, "the transcript's confidence is 0.5, less than 0.6 (min_confidence)"), QualityJudge.Judge(transcribed, Heard).Failures.Single());
        var corrected = QualityJudge.Judge(transcribed with { Transcribed = false }, Heard);
        Assert.Empty(corrected.Failures);
        Assert.Empty(corrected.Unmeasured);
    }

    [Theory]
    [InlineData("eva", "'eva' speaks; wanted is 'anna' or 'bert' (speakers)")]
    [InlineData(null, "nobody knows who speaks; wanted is 'anna' or 'bert' (speakers)")]
    public void Only_the_wanted_speakers_are_taken(string? speaker, string message) =>
        Assert.Equal(message, QualityJudge.Judge(Good with { AlignmentScore = 1, Speaker = speaker }, Heard).Failures.Single().Message);

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_failed_rule_says_value_and_threshold(Measurements of, Failure expected) => Assert.Equal(expected, QualityJudge.Judge(of, Rules).Failures[0]);

    [Fact]
    public void What_was_not_measured_fails_no_rule_but_is_named()
    {
        var verdict = QualityJudge.Judge(new Measurements(null, null, null, null, "x"), Rules);
        Assert.Empty(verdict.Failures);
        Assert.Equal(["duration_s", "snr_db", "clipping", "silence_share", "characters_per_second"], verdict.Unmeasured);
    }

    [Fact]
    public void A_rule_that_is_off_wants_nothing_measured() =>
        Assert.Equal(["duration_s"], QualityJudge.Judge(new Measurements(null, null, null, null, null), new QualityRules(0.8, 15, null, null, null, null, null, false)).Unmeasured);

    [Theory]
    [InlineData("  Hello, world! ", 11)]
    [InlineData("e\u0301te\u0301", 3)]
    [InlineData("日本 𝄞 𠮷", 5)]
    [InlineData("?!", 0)]
    [InlineData("in 1984", 7)]
    public void Letters_digits_and_inner_spaces_are_counted_as_readers_count(string text, int count) => Assert.Equal(count, SpokenCharacters.Count(text));
}
