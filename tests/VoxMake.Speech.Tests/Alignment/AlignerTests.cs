using FsCheck;
using FsCheck.Fluent;
using VoxMake.Audio.Timed;
using VoxMake.Text.Espeak;

namespace VoxMake.Speech.Alignment.Tests;

/// <summary>Answers for the odd: every text and every sound has one.</summary>
public sealed class AlignerTests
{
    private static AlignedText Align(float[] sound, string text, string language = "en-US")
    {
        Clips.NeedsEspeak();
        return new Aligner(language).Align(sound, text);
    }

    private static float[] Spoken(string language, string text)
    {
        Clips.NeedsEspeak();
        var spoken = new EspeakSpeech(EspeakEngine.VoiceOf(language), new EspeakSpeechSettings(WordsPerMinute: 150, Variant: "m2")).Speak(text);
        var sound = new float[Audio.Resampler.OutputLength(spoken.Samples.Length, spoken.SampleRate, Sound16k.Rate)];
        Audio.Resampler.Resample(spoken.Samples, spoken.SampleRate, Sound16k.Rate, sound);
        return sound;
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData("  \n ")]
    [InlineData("... — !")]
    public void A_text_without_words_has_no_sentences_and_no_score(string text)
    {
        var aligned = Align(Clips.Lj(all: false)[1].Sound, text);
        Assert.Empty(aligned.Text.Sentences);
        Assert.Null(aligned.Text.Score);
        Assert.Null(aligned.WorstWord);
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(160_000)]
    public void In_silence_no_word_is_spoken(int samples)
    {
        var hiss = new float[samples];
        Clips.AddHiss(hiss, seed: 1);
        foreach (var sound in new[] { new float[samples], hiss })
        {
            var aligned = Align(sound, "in being comparatively modern.");
            Assert.Equal(0, aligned.Text.Score);
            Assert.All(Clips.Words(aligned), word => Assert.Equal((0, 0, 0.0), (word.Start, word.End, word.Score)));
            Assert.Equal(4, Clips.Words(aligned).Count);
        }
    }

    [SkippableFact]
    public void One_word_is_found_between_silences()
    {
        var word = Spoken("en-us", "extraordinary");
        var sound = new float[16_000 + word.Length + 16_000];
        word.CopyTo(sound, 16_000);
        Clips.AddHiss(sound, seed: 2);
        var found = Assert.Single(Clips.Words(Align(sound, "extraordinary")));
        Assert.InRange(found.Start, 16_000 - 1600, 16_000 + 1600);
        Assert.InRange(found.End, 16_000 + word.Length - 3200, 16_000 + word.Length + 1600);
        Assert.True(found.Score > 0.9);
    }

    [SkippableTheory]
    [InlineData("de", "Der Himmel über der Stadt ist heute grau. Morgen scheint die Sonne wieder, sagt man.")]
    [InlineData("ku", "Roj baş hevalno. Îro em ê li ser çîrokek kevin biaxivin.")]
    [InlineData("fr", "Le petit chat dort sur la table. Demain il ira dans le jardin.")]
    [InlineData("en-us", "Привет means hello in Russian, and 你好 is Chinese.")]
    [InlineData("de", "Das Wort computer and the sentence around it are English, der Rest ist deutsch.")]
    public void Other_languages_and_mixed_ones_are_aligned(string language, string text)
    {
        var aligned = Align(Spoken(language, text), text, language);
        Assert.Equal(text.Split(' ').Length, Clips.Words(aligned).Count);
        Assert.All(Clips.Words(aligned), word => Assert.Equal(word.Text, text.Substring(word.At, word.Text.Length)));
        Assert.True(aligned.Text.Score > 0.9, $"{aligned.Text.Score}");
        Assert.Equal(aligned.Text.ToJson(), TimedText.Parse(aligned.Text.ToJson()).ToJson());
    }

    [SkippableFact]
    public void A_text_that_nobody_could_speak_in_that_time_is_not_spoken()
    {
        var aligned = Align(Clips.Lj(all: false)[1].Sound, string.Concat(Enumerable.Repeat("a very long text. ", 20_000)));
        Assert.Equal(0, aligned.Text.Score);
        Assert.Equal(80_000, Clips.Words(aligned).Count);
    }

    [SkippableFact]
    public void A_word_is_scored_lower_where_another_is_spoken()
    {
        var clip = Clips.Lj(all: false)[3]; // "produced the block books, which were the immediate predecessors of the true printed book,"
        var right = Clips.Words(Align(clip.Sound, clip.Text));
        var changed = Clips.Words(Align(clip.Sound, clip.Text.Replace("predecessors", "halibut", StringComparison.Ordinal)));
        Assert.True(changed[8].Score < right[8].Score - 0.2, $"{changed[8].Score} against {right[8].Score}");
    }

    [SkippableFact]
    public void What_is_not_speech_counts_as_quiet()
    {
        var clip = Clips.Lj(all: false)[1];
        var sound = new float[3 * 16_000 + clip.Sound.Length];
        var random = new Random(4);
        for (var i = 0; i < 40_000; i++) sound[i] = (float)(0.3 * Math.Sin(i * 0.2 * (1 + i / 8000)) * random.NextDouble()); // music, say
        clip.Sound.CopyTo(sound, 48_000);
        var aligned = new Aligner("en-US").Align(sound, clip.Text, [new SpeechSpan(48_000, sound.Length)]);
        Assert.InRange(Clips.Words(aligned)[0].Start, 46_400, 51_200);
    }

    [SkippableFact]
    public void Any_sound_and_any_text_have_words_in_order_within_the_sound()
    {
        Clips.NeedsEspeak();
        var aligner = new Aligner("en-US");
        var clip = Clips.Lj(all: false)[7];
        string[] pieces = ["has", "never", "been", "surpassed", ".", "\n", "😀", "1,234", "<b>", "—", "xyz", "Ω", "\ud800", "\u0301", "a", "!"];
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(Gen.Choose(0, 100_000).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var text = string.Join(' ', Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            var start = random.Next(clip.Sound.Length);
            var sound = clip.Sound[start..random.Next(start, clip.Sound.Length)];
            var aligned = aligner.Align(sound, text);
            var previous = 0;
            foreach (var word in Clips.Words(aligned))
            {
                Assert.InRange(word.Start, previous, word.End);
                Assert.InRange(word.End, word.Start, sound.Length);
                Assert.InRange(word.Score!.Value, 0, 1);
                Assert.Equal(word.Text, text.Substring(word.At, word.Text.Length));
                previous = word.End;
            }
        }));
    }

    [SkippableFact]
    public void Threads_share_an_aligner()
    {
        Clips.NeedsEspeak();
        var aligner = new Aligner("en-US");
        var clips = Clips.Lj(all: false).Take(4).ToArray();
        Parallel.For(0, 8, i => Assert.True(aligner.Align(clips[i % 4].Sound, clips[i % 4].Text).Text.Score > 0.7));
    }
}
