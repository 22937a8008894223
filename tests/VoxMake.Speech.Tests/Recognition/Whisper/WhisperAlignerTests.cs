using VoxMake.Audio.Timed;
using VoxMake.Models.Whisper;
using VoxMake.Speech.Alignment;
using VoxMake.Speech.Alignment.Tests;
using VoxMake.Speech.Recognition;
using VoxMake.Speech.Recognition.Whisper;

namespace VoxMake.Speech.Tests.Recognition.Whisper;

/// <summary>Times of known words by attention; the network is scripted: the i-th token of a text attends to the i-th fifth of a second.</summary>
public sealed class WhisperAlignerTests
{
    private static AlignedText Align(float[] sound, string text, string language = "en", Aligner? rough = null, IReadOnlyList<SpeechSpan>? speech = null)
    {
        using var whisper = new WhisperRecognizer(new ScriptedNetwork(_ => []), ScriptedNetwork.Tokenizer, new WhisperSettings(), new WhisperGeneration());
        return new WhisperAligner(whisper).Align(sound, text, language, rough, speech ?? []);
    }

    [Fact]
    public void Words_lie_where_their_tokens_attend_to_and_know_their_place_in_the_text()
    {
        const string text = "Hi yo.  Go on.";
        var aligned = Align(ScriptedNetwork.Sound(10), text);
        Assert.Equal((16_000, 160_000, "en", text), (aligned.Text.SampleRate, aligned.Text.Samples, aligned.Text.Language, aligned.Text.Text));
        Assert.Equal([("Hi yo.", 0), ("Go on.", 8)], aligned.Text.Sentences.Select(sentence => (sentence.Text, sentence.At)));
        var words = Clips.Words(aligned);
        Assert.Equal([("Hi", 0), ("yo.", 3), ("Go", 8), ("on.", 11)], words.Select(word => (word.Text, word.At)));
        int[] ends = [3, 7, 10, 14]; // tokens: a space and the letters
        foreach (var (i, word) in words.Index())
        {
            Assert.Equal(i == 0 ? 0 : 3200 * ends[i - 1], word.Start, 640.0); // two positions of 20 ms
            Assert.Equal(3200 * ends[i], word.End, 640.0);
        }
        Assert.Equal(words.Select(word => word.End).SkipLast(1), words.Select(word => word.Start).Skip(1));
        Assert.Equal((words[0].Start, words[^1].End), (aligned.Text.Sentences[0].Start, aligned.Text.Sentences[^1].End));
        Assert.Equal(Math.Round(Math.Pow(1.0 / (2 * 3 * 4), 1 / 3.0), 3), words[0].Score); // the script finds token i likely by 1 / (i + 2)
        Assert.Equal("on.", aligned.WorstWord!.Text);
    }

    [Fact]
    public void Speech_behind_the_last_word_is_told() =>
        Assert.Equal(3.0, Align(ScriptedNetwork.Sound(10), "Hi yo.", speech: [new(0, 22_000), new(80_000, 128_000)]).TailSeconds);

    [Fact]
    public void A_silent_recording_speaks_no_word_and_a_text_without_words_has_none()
    {
        var silent = Align(new float[32_000], "Hi yo. Go on.");
        Assert.Equal(0, silent.Text.Score);
        Assert.All(Clips.Words(silent), word => Assert.Equal((0, 0, 0.0), (word.Start, word.End, word.Score)));
        Assert.Empty(Align(ScriptedNetwork.Sound(2), " – … ").Text.Sentences);
    }

    [Fact]
    public void What_Whisper_cannot_do_is_said()
    {
        Assert.Equal("the text's language is kmr, which Whisper does not know", Assert.Throws<RecognitionException>(() => Align(ScriptedNetwork.Sound(2), "Roj baş.", "kmr")).Message);
        var tooLong = Assert.Throws<RecognitionException>(() => Align(ScriptedNetwork.Sound(31), "Hi yo."));
        Assert.Contains("longer than Whisper's window of 30 s", tooLong.Message);
        Assert.Equal("cut it first", tooLong.Try);
    }

    [SkippableFact]
    public void A_chapter_is_heard_in_windows_of_whole_sentences()
    {
        Clips.NeedsEspeak();
        var clips = Clips.Lj(all: false);
        var (sound, text) = (clips.SelectMany(clip => clip.Sound.Concat(new float[8000])).ToArray(), string.Join(' ', clips.Select(clip => clip.Text)));
        var network = new ScriptedNetwork(_ => []);
        using var whisper = new WhisperRecognizer(network, ScriptedNetwork.Tokenizer, new WhisperSettings(), new WhisperGeneration());
        var rough = new Aligner("en-US");
        var aligned = new WhisperAligner(whisper).Align(sound, text, "en-US", rough, []);
        var roughly = rough.Align(sound, text).Text;
        Assert.InRange(network.Log.Count(line => line.StartsWith("hear", StringComparison.Ordinal)), 3, roughly.Sentences.Count);
        Assert.Equal(roughly.Sentences.Select(sentence => (sentence.Text, sentence.At)), aligned.Text.Sentences.Select(sentence => (sentence.Text, sentence.At)));
        var words = Clips.Words(aligned);
        Assert.Equal(Clips.Words(new AlignedText(roughly, null, 0)).Select(word => (word.Text, word.At)), words.Select(word => (word.Text, word.At)));
        Assert.All(words, word => Assert.InRange(word.End, word.Start, sound.Length));
        Assert.All(words.Zip(words.Skip(1)), pair => Assert.True(pair.First.Start <= pair.Second.Start, $"{pair.First.Text} {pair.Second.Text}"));
        foreach (var (of, near) in aligned.Text.Sentences.Zip(roughly.Sentences)) Assert.InRange(of.Start, near.Start - 30 * 16_000, near.End + 16_000);
    }
}
