using System.Text;
using FsCheck;
using FsCheck.Fluent;
using VoxMake.Text.Vocabulary;
using VoxMake.Tokenizers.Unicode;

namespace VoxMake.Text.Tests.Vocabulary;

public class VocabularyCleanerTests
{
    private const string German = " abcdefghijklmnopqrstuvwxyzäöüß'-,.!?";

    private static VocabularyCleaner Of(string characters, VocabularySettings? settings = null) => new(characters.EnumerateRunes().Select(rune => rune.ToString()).Prepend("<pad>")
        .Append("<unk>"), settings);

    [Theory]
    [InlineData("„Ja“, sagt’s – und … Schluß!", "'ja', sagt's - und ... schluß!")]
    [InlineData("Das (so): gut; A‑B", "das so , gut, a-b")]
    [InlineData("a\u00A0b\tc\u00ADd\u200E", "a b cd")]
    [InlineData("ｆｕｌｌ！ ﬁn, ﬂott", "full! fin, flott")]
    public void What_has_an_obvious_equivalent_is_replaced(string text, string fitted)
    {
        var result = Of(German).Clean(text);
        Assert.Equal(fitted, result.Text);
        Assert.True(result.IsWhole);
    }

    [Fact]
    public void Letters_digits_and_signs_stay_and_are_counted()
    {
        var result = Of(German).Clean("Café für 5 €, é Ж (x)");
        Assert.Equal("café für 5 €, é ж x", result.Text.ToLowerInvariant());
        Assert.Equal([("5", 1), ("é", 2), ("Ж", 1), ("€", 1)], result.Left.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => (one.Key, one.Value)));
        Assert.Equal([("(", 1), (")", 1)], result.Dropped.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => (one.Key, one.Value)));
        Assert.Equal([("C", 1)], result.Mapped.Select(one => (one.Key, one.Value)));
        Assert.False(result.IsWhole);
    }

    [Theory]
    [InlineData("Straße", " abcdefghijklmnopqrstuvwxyz", "strasse")]
    [InlineData("Straße", " abcdefghijklmnopqrstuvwxyzß", "straße")]
    [InlineData("GROẞ", " abcdefghijklmnopqrstuvwxyzß", "groß")]
    [InlineData("hallo", "|ABCDEFGHIJKLMNOPQRSTUVWXYZ", "HALLO")]
    [InlineData("ein Wort", "|abcdefghijklmnopqrstuvwxyzW", "ein Wort")]
    [InlineData("ẹ́", " e\u0301\u0323", "e\u0323\u0301")]
    public void Letters_are_fitted_only_where_the_vocabulary_lacks_them(string text, string vocabulary, string fitted) => Assert.Equal((fitted, true), (Of(vocabulary).Clean(text).Text,
        Of(vocabulary).Clean(text).IsWhole));

    [Fact]
    public void Marks_of_letters_go_only_where_a_setting_says_so()
    {
        var latin = " abcdefghijklmnopqrstuvwxyz";
        Assert.Equal(("é", false), (Of(latin).Clean("É").Text.ToLowerInvariant(), Of(latin).Clean("É").IsWhole));
        var strip = Of(latin, new(StripDiacritics: true)).Clean("Éøæ Łódź ẹ́ ŋ");
        Assert.Equal(("eoae lodz e n", true), (strip.Text, strip.IsWhole));
        Assert.Equal("Ab", Of(latin, new(FoldCase: false)).Clean("Ab").Text);
        Assert.Equal("(a)", Of(latin, new(DropMarks: false)).Clean("(a)").Text);
        Assert.Equal("ıi", Of(" abcıi", new(Language: "tr-TR")).Clean("Iİ").Text);
        Assert.Equal("i", Of(" abci").Clean("I").Text);
    }

    [Fact]
    public void A_text_is_never_shorter_by_a_letter_without_a_word_of_it()
    {
        var cleaner = Of(German);
        Prop.ForAll((Gen.Elements([.. "aÄßéЖ東5€%\"„–(…\u0301ﬁ\u00A0\n😀"]).Select(c => c.ToString()).Or(Gen.Elements("😀", "ẹ́")).ListOf().Select(string.Concat)).ToArbitrary(), text =>
        {
            var result = cleaner.Clean(text);
            var letters = Nfc.Of(text).EnumerateRunes().Count(rune => Rune.IsLetterOrDigit(rune));
            Assert.True(result.Text.EnumerateRunes().Count(rune => Rune.IsLetterOrDigit(rune)) >= letters);
            foreach (var rune in result.Text.EnumerateRunes()) Assert.True(cleaner.Known.Contains(rune) || result.Left.ContainsKey(rune.ToString()));
            Assert.Equal(result.Text, cleaner.Clean(result.Text).Text);
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [SkippableFact]
    public void A_vocab_json_is_read_and_what_is_none_is_refused()
    {
        Assert.Equal("hallo şêx", VocabularyCleaner.Load(TestFiles.Golden("vits/hf/tokenizer_a/vocab.json")).Clean("Hallo Şêx").Text);
        using var folder = new TemporaryFolder();
        foreach (var (json, message) in new[] { ("5", "expected an object"), ("{", "is no JSON"), ("[1]", "expected an object"), ("{\"<unk>\": 0}", "there is no character") })
        {
            File.WriteAllText(folder.File("vocab.json"), json);
            Assert.Contains(message, Assert.Throws<InvalidDataException>(() => VocabularyCleaner.Load(folder.File("vocab.json"))).Message);
        }
        File.WriteAllText(folder.File("vocab.json"), "[\"a\", \" \"]");
        Assert.Equal(("", true), (VocabularyCleaner.Load(folder.File("vocab.json")).Clean(" \n").Text, VocabularyCleaner.Load(folder.File("vocab.json")).Clean("").IsWhole));
    }

    [Fact]
    public void Form_D_is_what_form_C_was_made_of()
    {
        Assert.Equal("e\u0323\u0301 a\u0308 \u1112\u1161\u11AB abc", Nfc.Decomposed("ẹ́ ä 한 abc"));
        foreach (var text in Enumerable.Range(0xA0, 0x2FF0).Where(code => code is < 0xD800 or > 0xDFFF).Select(code => ((char)code).ToString()))
        {
            Assert.Equal(Nfc.Of(text), Nfc.Of(Nfc.Decomposed(text)));
            Assert.Equal(Nfc.Decomposed(text), Nfc.Decomposed(Nfc.Decomposed(text)));
        }
    }
}
