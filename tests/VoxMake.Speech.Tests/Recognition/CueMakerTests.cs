using FsCheck.Fluent;
using VoxMake.Speech.Recognition;
using VoxMake.Speech.Recognition.Subtitles;

namespace VoxMake.Speech.Tests.Recognition;

public class CueMakerTests
{
    private static TranscriptSegment Spoken(params (string Word, double Start, double End)[] words) =>
        Heard.Segment(string.Join(' ', words.Select(word => word.Word)), words[0].Start, words[^1].End, words: [.. words.Select(word => new TranscriptWord(word.Word, word.Start, word.End, 1))]);

    [Fact]
    public void Words_are_kept_in_lines_that_can_be_read_and_in_their_time()
    {
        var word = from length in Gen.Choose(1, 14) from gap in Gen.Choose(0, 2000) from time in Gen.Choose(20, 900) select (new string('w', length), gap, time);
        Gens.Hold(word.NonEmptyListOf(), list =>
        {
            var (at, words) = (0.0, new List<(string, double, double)>());
            foreach (var (text, gap, time) in list)
            {
                words.Add((text, at + gap / 1000.0, at + (gap + time) / 1000.0));
                at = words[^1].Item3;
            }
            foreach (var segment in new[] { Spoken([.. words]), Spoken([.. words]) with { Words = [] } })
            {
                var cues = CueMaker.Cues([segment]);
                Assert.Equal(segment.Text, string.Join(' ', cues.Select(cue => cue.Text.Replace('\n', ' '))));
                Assert.All(cues, cue => Assert.True(cue.End > cue.Start && cue.End - cue.Start <= 7001 && cue.Text.Split('\n') is { Length: <= 2 } lines && lines.All(line => line.Length <= 42)));
                Assert.All(cues.Zip(cues.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
                Assert.InRange(cues[0].Start, Math.Round(segment.Start * 1000) - 1, Math.Round(segment.Start * 1000) + 1);
                Assert.InRange(cues[^1].End, Math.Round(segment.End * 1000) - 1, Math.Round(segment.End * 1000) + cues.Count);
            }
        });
    }

    [Fact]
    public void A_pause_ends_a_cue() =>
        Assert.Equal([new SubtitleCue(0, 500, "One"), new SubtitleCue(2500, 3000, "two.")], CueMaker.Cues([Spoken(("One", 0, 0.5), ("two.", 2.5, 3))]));

    [Fact]
    public void A_script_without_spaces_is_broken_between_signs()
    {
        var text = string.Concat(Enumerable.Repeat("今日は良い天気", 12));
        var cues = CueMaker.Cues([Heard.Segment(text, 0, 6, "ja")]);
        Assert.Equal(text, string.Concat(cues.Select(cue => cue.Text.Replace("\n", "", StringComparison.Ordinal))));
        Assert.All(cues.SelectMany(cue => cue.Text.Split('\n')), line => Assert.InRange(line.Length, 1, 21));
    }

    [Fact]
    public void Words_that_are_not_those_of_the_text_give_no_times_and_the_text_is_shown_all_the_same()
    {
        var segment = Heard.Segment("Good morning", 1, 2, words: [new TranscriptWord("Something", 1, 1.5, 1), new TranscriptWord("else", 1.5, 2, 1)]);
        Assert.Equal([new SubtitleCue(1000, 2000, "Good morning")], CueMaker.Cues([segment]));
    }

    [Fact]
    public void Segments_without_text_have_no_cue_and_overlapping_ones_none_over_another()
    {
        var cues = CueMaker.Cues([Heard.Segment(" ", 0, 1), Heard.Segment("a\r\n\r\nb\u0007", 1, 3), Heard.Segment("c", 2, 2.5)]);
        Assert.Equal([new SubtitleCue(1000, 3000, "a b"), new SubtitleCue(3000, 3001, "c")], cues);
    }
}
