using VoxMake.Text.Espeak;

namespace VoxMake.Text.Tests.Espeak;

public sealed class EspeakPhonemizerTests
{
    [SkippableTheory]
    [InlineData("en-us", "hello world", "həlˈoʊ wˈɜːld")] // espeak-ng --ipa -q
    [InlineData("de", "Guten Morgen", "ɡˈuːtən mˈɔɾɡən")]
    [InlineData("ku", "roj baş", "rˈoʒ bˈaʃ")]
    [InlineData("en-us", "of the man, and so on.", "ʌvðə mˈæn ænd sˌoʊ ˈɔn")]
    public void It_says_what_the_program_says(string language, string text, string ipa)
    {
        NeedsEspeak.OrSkip();
        Assert.Equal(ipa, new EspeakPhonemizer(language).Phonemes(text));
    }

    [SkippableFact]
    public void Stress_and_language_switches_are_left_out_or_kept()
    {
        NeedsEspeak.OrSkip();
        Assert.Equal("həloʊ", new EspeakPhonemizer("en-us", new PhonemeSettings(Stress: false)).Phonemes("hello"));
        Assert.Contains("(en)", new EspeakPhonemizer("de", new PhonemeSettings(LanguageSwitches: true)).Phonemes("das Computerspiel Team"), StringComparison.Ordinal);
        Assert.DoesNotContain("(", new EspeakPhonemizer("de").Phonemes("das Computerspiel Team"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Clauses_cover_the_text()
    {
        NeedsEspeak.OrSkip();
        const string text = "Printing, in the only sense — 😀 with e\u0301 and café; differs! \"Really?\" he asked:  yes (no).";
        var clauses = new EspeakPhonemizer("en-us").Clauses(text);
        Assert.True(clauses.Count >= 4);
        Assert.Equal(text, string.Concat(clauses.Select(clause => text.Substring(clause.At, clause.Length))));
        Assert.Equal("pɹˈɪntɪŋ", clauses[0].Ipa);
        Assert.StartsWith("Printing,", text[clauses[0].At..(clauses[0].At + clauses[0].Length)], StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData(" \n\t ")]
    [InlineData("... !? — ;")] // espeak-ng itself reads a mark that stands alone: "exclamation"
    [InlineData("! \u201c!\u201d")]
    [InlineData("\0\0")]
    public void Nothing_to_be_spoken_has_no_phonemes(string text)
    {
        NeedsEspeak.OrSkip();
        Assert.Equal("", new EspeakPhonemizer("en-us").Phonemes(text));
    }

    [SkippableFact]
    public void Odd_texts_are_only_texts()
    {
        NeedsEspeak.OrSkip();
        var phonemizer = new EspeakPhonemizer("en-us");
        Assert.Contains("hˈaʊs", phonemizer.Phonemes("<speak><voice name='de'>house</voice></speak>"), StringComparison.Ordinal); // mark-up is not obeyed
        Assert.Contains("hˈaʊs", phonemizer.Phonemes("<voice name='de'>house"), StringComparison.Ordinal);
        Assert.NotEqual("", phonemizer.Phonemes("[[h@'aUs]] [[mbrola"));
        Assert.NotEqual("", phonemizer.Phonemes("😀👍🏽"));
        Assert.NotEqual("", phonemizer.Phonemes("half \ud83d of a pair \ude00"));
        Assert.Contains("wˈɜːld", phonemizer.Phonemes("hello\0world"), StringComparison.Ordinal);
        Assert.NotEqual("", phonemizer.Phonemes(new string('a', 20_000)));
        Assert.NotEqual("", phonemizer.Phonemes(string.Concat(Enumerable.Repeat("Donaudampfschifffahrt", 400))));
        Assert.Equal(2000, phonemizer.Phonemes(string.Concat(Enumerable.Repeat("house, ", 2000))).Split(' ').Length);
    }

    [SkippableFact]
    public void Any_text_at_all_is_covered_by_its_clauses()
    {
        NeedsEspeak.OrSkip();
        var random = new Random(7);
        var phonemizer = new EspeakPhonemizer("de");
        string[] pieces = ["a", "ä", "ß", "1", "23", ".", ",", "!", "?", "…", " ", " ", "\n", "<", ">", "&", "[[", "]]",
            "😀", "e\u0301", "\ud800", "你", "й", "\u200d", "\u0000", "%", "\\", "'", "\"", "-", "٣", "א"];
        for (var i = 0; i < 300; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => pieces[random.Next(pieces.Length)]));
            Assert.Equal(text, string.Concat(phonemizer.Clauses(text).Select(clause => text.Substring(clause.At, clause.Length))));
        }
    }

    [SkippableFact]
    public void Many_threads_with_many_languages_hear_what_one_hears()
    {
        NeedsEspeak.OrSkip();
        string[] languages = ["de", "en-us", "ku", "fr"];
        string[] texts = [.. Enumerable.Range(0, 40).Select(i => $"Radio {i}, telefon der Familie {i % 7}.")];
        var alone = languages.ToDictionary(language => language, language => texts.Select(new EspeakPhonemizer(language).Phonemes).ToArray());
        Assert.Equal(4, alone.Values.Select(heard => heard[0]).Distinct().Count());
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 8 }, turn =>
        {
            var language = languages[turn % 4];
            var phonemizer = new EspeakPhonemizer(language, remembered: 8);
            Assert.Equal(alone[language], texts.Select(phonemizer.Phonemes));
            if (turn % 5 == 0) Assert.NotEmpty(new EspeakSpeech(EspeakEngine.VoiceOf("de")).Speak("Guten Morgen").Words); // takes another voice in between
        });
    }

    [SkippableFact]
    public void What_is_remembered_is_bounded()
    {
        NeedsEspeak.OrSkip();
        var phonemizer = new EspeakPhonemizer("en-us", remembered: 10);
        for (var i = 0; i < 100; i++) phonemizer.Phonemes($"word {i}");
        Assert.InRange(phonemizer.Remembered, 10, 20);
        Assert.Same(phonemizer.Clauses("word 99"), phonemizer.Clauses("word 99"));
        phonemizer.Phonemes(new string('a', 5000));
        Assert.InRange(phonemizer.Remembered, 10, 20);
    }
}
