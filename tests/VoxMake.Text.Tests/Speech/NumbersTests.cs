using System.Text.RegularExpressions;
using VoxMake.Text.Speech;

namespace VoxMake.Text.Tests.Speech;

public partial class NumbersTests
{
    [Theory]
    [InlineData(0, "null")]
    [InlineData(1, "eins")]
    [InlineData(16, "sechzehn")]
    [InlineData(17, "siebzehn")]
    [InlineData(21, "einundzwanzig")]
    [InlineData(30, "dreißig")]
    [InlineData(100, "einhundert")]
    [InlineData(101, "einhunderteins")]
    [InlineData(1001, "eintausendeins")]
    [InlineData(21_000, "einundzwanzigtausend")]
    [InlineData(101_000, "einhunderteintausend")]
    [InlineData(987_654, "neunhundertsiebenundachtzigtausendsechshundertvierundfünfzig")]
    [InlineData(1_000_000, "eine Million")]
    [InlineData(2_000_001, "zwei Millionen eins")]
    [InlineData(3_001_000_000, "drei Milliarden eine Million")]
    [InlineData(1_000_000_000_000, "eine Billion")]
    [InlineData(999_000_000_000_000_000, "neunhundertneunundneunzig Billiarden")]
    public void A_german_number_is_said_so(long number, string words) => Assert.Equal(words, GermanNumbers.Cardinal(number));

    [Theory]
    [InlineData(1, "erste")]
    [InlineData(2, "zweite")]
    [InlineData(3, "dritte")]
    [InlineData(7, "siebte")]
    [InlineData(8, "achte")]
    [InlineData(19, "neunzehnte")]
    [InlineData(20, "zwanzigste")]
    [InlineData(21, "einundzwanzigste")]
    [InlineData(100, "einhundertste")]
    [InlineData(101, "einhunderterste")]
    [InlineData(1000, "eintausendste")]
    [InlineData(2003, "zweitausenddritte")]
    public void A_german_ordinal_is_said_so(int number, string words) => Assert.Equal(words, GermanNumbers.Ordinal(number, "e"));

    [Theory]
    [InlineData(1100, "elfhundert", "eleven hundred")]
    [InlineData(1905, "neunzehnhundertfünf", "nineteen oh five")]
    [InlineData(1989, "neunzehnhundertneunundachtzig", "nineteen eighty-nine")]
    [InlineData(2001, "zweitausendeins", "two thousand one")]
    [InlineData(2024, "zweitausendvierundzwanzig", "twenty twenty-four")]
    public void A_year_is_said_so(int year, string german, string english) => Assert.Equal((german, english), (GermanNumbers.Year(year), EnglishNumbers.Year(year)));

    [Theory]
    [InlineData(0, "zero", "zeroth")]
    [InlineData(13, "thirteen", "thirteenth")]
    [InlineData(42, "forty-two", "forty-second")]
    [InlineData(90, "ninety", "ninetieth")]
    [InlineData(112, "one hundred twelve", "one hundred twelfth")]
    [InlineData(1_234_567, "one million two hundred thirty-four thousand five hundred sixty-seven", "one million two hundred thirty-four thousand five hundred sixty-seventh")]
    [InlineData(1_000_000_000_000, "one trillion", "one trillionth")]
    public void An_english_number_is_said_so(long number, string cardinal, string ordinal) => Assert.Equal((cardinal, ordinal), (EnglishNumbers.Cardinal(number), EnglishNumbers.Ordinal(number)));

    /// <summary>An opinion of others: espeak-ng says our words as it says the digits, but for stress, pauses, and sounds that it says otherwise within a long word than alone (t, d and h, f and
    /// v, s and z, two of r, long, short and swallowed vowels).</summary>
    [SkippableTheory]
    [InlineData("de", 2000)]
    [InlineData("en-us", 500)]
    public void Espeak_says_our_words_as_it_says_the_digits(string voice, int count)
    {
        var random = new Random(3);
        List<long> numbers = [.. Enumerable.Range(0, count / 2)];
        foreach (var most in new[] { 1_000_000, 1_000_000_000 }) numbers.AddRange(Enumerable.Range(0, count / 4).Select(_ => random.NextInt64(most)));
        var digits = Plain(voice, numbers.Select(number => number.ToString()));
        var words = Plain(voice, numbers.Select(number => voice == "de" ? GermanNumbers.Cardinal(number) : EnglishNumbers.Cardinal(number)));
        var differ = numbers.Select((number, i) => (number, digits[i], words[i])).Where(pair => pair.Item2 != pair.Item3).ToList();
        Assert.True(differ.Count == 0, $"{differ.Count} of {numbers.Count} differ: {string.Join("; ", differ.Take(12))}");
    }

    private static string[] Plain(string voice, IEnumerable<string> lines) => [.. EspeakProgram.Phonemes(voice, [.. lines]).Select(Plain)];

    private static string Plain(string phonemes) => Apart().Replace(phonemes, "").Replace('R', 'r').Replace('v', 'f').Replace('z', 's').Replace('I', 'i').Replace('O', 'o').Replace('j', 'i');

    [GeneratedRegex(@"[\s',_!|:;#tdhE2@]")]
    private static partial Regex Apart();
}
