using VoxMake.Text.Espeak;

namespace VoxMake.Text.Tests.Espeak;

public sealed class EspeakSpeechTests
{
    private static EspeakUtterance Speak(string language, string text, EspeakSpeechSettings? settings = null)
    {
        NeedsEspeak.OrSkip();
        return new EspeakSpeech(EspeakEngine.VoiceOf(language), settings).Speak(text);
    }

    [SkippableFact]
    public void Every_word_has_its_place_in_text_and_sound()
    {
        const string text = "Printing, 😀 the cafe\u0301 differs. Über 😀 men";
        var spoken = Speak("en-us", text);
        Assert.Equal(22_050, spoken.SampleRate);
        foreach (var word in new[] { "Printing", "the", "cafe", "differs", "Über", "men" })
            Assert.Contains(spoken.Words, found => found.At == text.IndexOf(word, StringComparison.Ordinal));
        Assert.Equal([0, text.IndexOf("Über", StringComparison.Ordinal)], spoken.Sentences.Select(sentence => sentence.At));
        var previous = 0;
        Assert.All(spoken.Words, word =>
        {
            Assert.InRange(word.Start, previous, word.End);
            Assert.InRange(word.End, word.Start, spoken.Samples.Length);
            previous = word.Start;
        });
        Assert.Equal(["p", "ɹ", "ɪ", "n", "t", "ɪ", "ŋ"], spoken.Sounds.Where(sound => sound is { At: 0, Ipa.Length: > 0 }).Select(sound => sound.Ipa));
        var comma = spoken.Sounds.First(sound => sound.Ipa.Length == 0);
        Assert.True(spoken.Samples[(comma.Start + 500)..(comma.End - 500)].Max(Math.Abs) < 0.02); // where it says that it pauses, it does
        Assert.True(spoken.Samples[spoken.Words[0].Start..spoken.Words[0].End].Max(Math.Abs) > 0.1);
    }

    [SkippableTheory]
    [InlineData("de", "Guten Morgen, Welt", 3)]
    [InlineData("ku", "roj baş hevalno", 3)]
    [InlineData("fr", "bonjour le monde", 3)]
    public void Other_languages_speak(string language, string text, int words) => Assert.Equal(words, Speak(language, text).Words.Count);

    [SkippableFact]
    public void Rate_pitch_and_variant_are_heard_and_do_not_stay()
    {
        const string text = "for although the Chinese took impressions from wood blocks";
        var plain = Speak("en-us", text);
        var fast = Speak("en-us", text, new EspeakSpeechSettings(WordsPerMinute: 300));
        var other = Speak("en-us", text, new EspeakSpeechSettings(Variant: "f2", Pitch: 80));
        Assert.InRange(fast.Samples.Length / (double)plain.Samples.Length, 0.4, 0.75);
        Assert.True(Crossings(other) > 1.1 * Crossings(plain));
        Assert.Equal(plain.Samples, Speak("en-us", text).Samples);
    }

    private static double Crossings(EspeakUtterance spoken) =>
        Enumerable.Range(1, spoken.Samples.Length - 1).Count(i => spoken.Samples[i] >= 0 != spoken.Samples[i - 1] >= 0) / (double)spoken.Samples.Length;

    /// <summary>espeak-ng itself would not: what it has said before changes length and sound.</summary>
    [SkippableFact]
    public void A_text_is_the_same_to_the_sample_whatever_was_spoken_before_and_on_all_threads()
    {
        NeedsEspeak.OrSkip();
        (string Language, string Text)[] said =
        [
            ("de", "Am Anfang schuf Gott Himmel und Erde."), ("de", "Ja!"), ("de", "Und der Manager sagte: okay, 1455."), ("en-us", "For although the Chinese took impressions."), ("en-us", "Who? Me."),
            ("fr", "bonjour le monde, mon weekend"), ("ku", "roj baş hevalno"),
        ];
        var first = said.Select(one => Speak(one.Language, one.Text)).ToList();
        var random = new Random(5);
        int[] order = [.. Enumerable.Range(0, 140).Select(_ => random.Next(said.Length))];
        Parallel.ForEach(order, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            var again = Speak(said[i].Language, said[i].Text);
            Assert.Equal(first[i].Samples, again.Samples);
            Assert.Equal(first[i].Words, again.Words);
            Assert.Equal(first[i].Sounds, again.Sounds);
        });
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData("...")]
    [InlineData("\0")]
    public void Nothing_to_be_spoken_is_silence(string text)
    {
        var spoken = Speak("en-us", text);
        Assert.Empty(spoken.Words);
        Assert.True(spoken.Samples.Length < 22_050);
    }

    [SkippableFact]
    public void Markup_is_text_and_long_texts_are_spoken()
    {
        const string markup = "<break time=\"10s\"/> house";
        Assert.Contains(Speak("en-us", markup).Words, word => word.At == markup.IndexOf("house", StringComparison.Ordinal));
        Assert.Equal(500, Speak("en-us", string.Concat(Enumerable.Repeat("house ", 500)), new EspeakSpeechSettings(WordsPerMinute: 450)).Words.Count);
        Assert.NotEmpty(Speak("en-us", new string('a', 3000), new EspeakSpeechSettings(WordsPerMinute: 450)).Words);
    }

    [SkippableFact]
    public void Settings_out_of_range_are_refused()
    {
        NeedsEspeak.OrSkip();
        var voice = EspeakEngine.VoiceOf("de");
        Assert.Throws<ArgumentOutOfRangeException>(() => new EspeakSpeech(voice, new EspeakSpeechSettings(WordsPerMinute: 20)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EspeakSpeech(voice, new EspeakSpeechSettings(Pitch: 101)));
        Assert.Throws<EspeakException>(() => new EspeakSpeech(voice, new EspeakSpeechSettings(Variant: "../../x")));
        Assert.Throws<EspeakException>(() => new EspeakSpeech(voice with { File = "xx/nothing" }).Speak("a"));
    }

    [SkippableFact]
    public void Memory_is_steady()
    {
        NeedsEspeak.OrSkip();
        var (english, german) = (new EspeakSpeech(EspeakEngine.VoiceOf("en-us")), new EspeakSpeech(EspeakEngine.VoiceOf("de")));
        var phonemizer = new EspeakPhonemizer("ku", remembered: 4);
        void Work(int turns)
        {
            for (var i = 0; i < turns; i++)
            {
                english.Speak($"number {i}");
                german.Speak($"Nummer {i}");
                phonemizer.Phonemes($"hejmar {i}");
            }
        }
        Work(100);
        var before = Resident();
        Work(400);
        Assert.True(Resident() - before < 48L << 20, $"{(Resident() - before) >> 20} MB more after 1,200 texts");
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }
}
