using System.Text;
using System.Text.Json;

namespace VoxMake.Audio.Timed.Tests;

public class TimedFilesTests
{
    [Fact]
    public void Words_are_read_as_they_were_written_with_and_without_scores()
    {
        var words = new TimedText(16_000, 5, null, "a “b!”", null, [new("a “b!”", 0, 0, 5, null, [new("a", 0, 0, 2, 0.25), new("“b!”", 2, 2, 5, null)])]);
        var read = TimedText.Parse(words.ToJson());
        Assert.Equal((words.Text, words.Samples, null, null), (read.Text, read.Samples, read.Language, read.Score));
        Assert.Equal(words.Sentences[0].Words, read.Sentences[0].Words);
        Assert.Throws<JsonException>(() => TimedText.Parse("null"u8));
        Assert.Throws<JsonException>(() => TimedText.Parse("""{"sample_rate": 16000}"""u8));
    }

    [Fact]
    public void Activity_is_read_as_it_was_written_and_says_nothing_twice()
    {
        var spans = new SpeechSpans(16_000, 1024, [new(0, 600)], 512, [0.123f, 1]);
        var json = spans.ToJson();
        Assert.Equal("""{"sample_rate":16000,"samples":1024,"speech":[{"start":0,"end":600}],"window":512,"probabilities":[0.123,1]}""", Encoding.UTF8.GetString(json));
        Assert.Equal(spans.Speech, SpeechSpans.Parse(json).Speech);
        Assert.Equal(spans.Probabilities, SpeechSpans.Parse(json).Probabilities);
    }
}
