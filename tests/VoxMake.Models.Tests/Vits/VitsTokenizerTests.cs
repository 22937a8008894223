using System.Text;
using FsCheck;
using FsCheck.Fluent;
using VoxMake.Models.Vits;

namespace VoxMake.Models.Tests.Vits;

public class VitsTokenizerTests
{
    private static readonly VitsVocabulary Small = VitsVocabulary.From(VitsTokenizer.CharactersOf("Hallo Welt, Straße! 𝄞"));

    [Fact]
    public void A_vocabulary_from_nothing_has_the_blank_first_and_then_the_characters_by_code_point()
    {
        Assert.Equal(["_", " ", "!", ",", "a", "e", "h", "l", "o", "r", "s", "t", "w", "ß", "𝄞"], Small.Entries.Select(entry => entry.Key));
        Assert.Equal(Enumerable.Range(0, 15), Small.Entries.Select(entry => entry.Value));
        Assert.Equal("_", Small.Blank);
        var tokenizer = VitsTokenizer.New(Small);
        Assert.Equal([0, 6, 0, 4, 0, 14, 0], tokenizer.Encode("Ha𝄞"));
        Assert.Equal(15, tokenizer.UnknownId);
    }

    [Fact]
    public void An_extended_vocabulary_keeps_its_ids_and_moves_the_unknown_token()
    {
        var more = Small.With(["z", "a", "é", "z"]);
        Assert.Equal([.. Small.Entries, new("z", 15), new("é", 16)], more.Entries);
        Assert.Same(Small, Small.With(["a"]));
        Assert.Equal(17, VitsTokenizer.New(Small).With(more).UnknownId);
    }

    [Fact]
    public void What_is_missing_is_named_as_it_would_be_looked_up()
    {
        var tokenizer = VitsTokenizer.New(Small);
        Assert.Equal(["z", "z", "ü", "\u0307", "i"], tokenizer.Missing("Zz Ü İ").OrderBy(c => "zü\u0307i".IndexOf(c, StringComparison.Ordinal)));
        Assert.Empty(tokenizer.Missing("HALLO WELT"));
    }

    [Theory]
    [InlineData(" ", true)]
    [InlineData("é", true)]
    [InlineData("\u0307", true)]
    [InlineData("7", true)]
    [InlineData("„", true)]
    [InlineData("\t", false)]
    [InlineData("\u00AD", false)]
    [InlineData("\u200B", false)]
    [InlineData("\u00A0", false)]
    [InlineData("😀", false)]
    [InlineData("☺", false)]
    [InlineData("\uFE0F", false)]
    [InlineData("°", true)]
    [InlineData("𐌰", true)]
    public void Characters_that_nobody_can_hear_are_worth_no_row(string character, bool heard) => Assert.Equal(heard, VitsVocabulary.CanBeHeard(character));

    [Theory]
    [InlineData("Merhaba, dünya! 42 ʼa ẞ ﬁ", null)]
    [InlineData("Привет", "'П'")]
    [InlineData("ok 日本", "'日'")]
    [InlineData("a\u0301 b", null)]
    public void A_tokenizer_that_wants_uroman_reads_latin_texts_only_and_names_the_character(string text, string? letter)
    {
        var tokenizer = Tokenizer("""{"is_uroman": true, "phonemize": false, "pad_token": "_"}""");
        if (letter is null) Assert.Null(tokenizer.Refusal(text));
        else
        {
            Assert.Contains($"is_uroman is true: texts must be in Latin letters, and {letter} is none", tokenizer.Refusal(text));
            Assert.Throws<ModelException>(() => tokenizer.Encode(text));
        }
    }

    [Fact]
    public void A_tokenizer_that_wants_phonemes_is_refused_by_name() =>
        Assert.Contains("tokenizer_config.json: phonemize is true", Assert.Throws<ModelException>(() => Tokenizer("""{"pad_token": "_"}""").Encode("hallo")).Message);

    [Fact]
    public void Romanian_t_with_a_comma_is_read_as_the_one_with_a_cedilla() =>
        Assert.Equal("ţ", Tokenizer("""{"language": "ron", "phonemize": false, "pad_token": "_"}""", """{"_": 0, "ţ": 1}""").Prepare("ț"));

    [Fact]
    public void A_longer_token_is_taken_whole_before_letters_are_made_small()
    {
        // transformers: "AB" is found and stays in capitals, which the vocabulary then lacks one by one
        Assert.Equal("b", Tokenizer("""{"phonemize": false, "pad_token": "_"}""", """{"_": 0, "AB": 1, "a": 2, "b": 3}""").Prepare("ABB"));
        Assert.Equal("abb", Tokenizer("""{"phonemize": false, "pad_token": "_"}""", """{"_": 0, "a": 2, "b": 3}""").Prepare("ABB"));
    }

    [Fact]
    public void White_space_around_a_special_token_goes_where_the_token_says_so() =>
        Assert.Equal([0, 2, 0, 9, 0, 1, 0, 2, 0], Tokenizer("""{"phonemize": false, "normalize": false, "pad_token": "_", "added_tokens_decoder": {"9": {"content": "<x>", "lstrip": true}}}""", """{"_": 0, " ": 1, "a": 2}""").Encode("a  <x> a"));

    [Theory]
    [InlineData("""{"a": 0, "": 1}""", "empty token")]
    [InlineData("""{"a": -1}""", "'a' is -1")]
    [InlineData("""{"a": 65536}""", "'a' is 65536")]
    [InlineData("""{"a": 99999999999999999999}""", "expected a whole number")]
    [InlineData("""{"a": "0"}""", "expected a whole number")]
    [InlineData("""{"a": null}""", "is null")]
    [InlineData("""{"a": 0, "a": 1}""", "cannot be read")]
    [InlineData("""{"\ud800": 0}""", "cannot be read")]
    [InlineData("""[]""", "not a JSON object")]
    [InlineData("""{}""", "no tokens")]
    [InlineData("""{"a": 1}""", "no token has the id 0")]
    public void A_vocabulary_that_makes_no_sense_is_refused(string vocabulary, string part) =>
        Assert.Contains(part, Assert.Throws<ModelException>(() => Tokenizer("""{"phonemize": false, "pad_token": "a"}""", vocabulary)).Message);

    [Theory]
    [InlineData("""{"tokenizer_class": "BertTokenizer"}""", "BertTokenizer, not VitsTokenizer")]
    [InlineData("""{"normalize": "yes"}""", "normalize is \"yes\"")]
    [InlineData("""{"pad_token": 7}""", "pad_token is 7")]
    [InlineData("""{"pad_token": ""}""", "expected a text")]
    [InlineData("""{"language": []}""", "language")]
    [InlineData("""{"added_tokens_decoder": {"x": {"content": "a"}}}""", "'x'")]
    [InlineData("""{"added_tokens_decoder": {"1": {"content": "a", "single_word": true}}}""", "single_word")]
    [InlineData("""{"added_tokens_decoder": {"1": {}}}""", "added_tokens_decoder.1")]
    public void Settings_that_make_no_sense_are_refused_by_the_fields_name(string settings, string part)
    {
        var message = Assert.Throws<ModelException>(() => Tokenizer(settings)).Message;
        Assert.Contains(part, message);
        Assert.Contains("tokenizer_config.json", message);
    }

    [Fact]
    public void Any_text_becomes_ids_in_range_and_nothing_throws()
    {
        var units = Gen.OneOf(Gen.Choose(0, 0xFFFF), Gen.Choose(0xD7F0, 0xE010), Gen.Elements("Hallo Welt_<unk>ẞİ𝄞".Select(c => (int)c)));
        var texts = Arb.From(units.ListOf().Select(list => new string([.. list.Select(unit => (char)unit)])));
        Prop.ForAll(texts, text =>
        {
            foreach (var normalize in new[] { "true", "false" })
            {
                var tokenizer = Tokenizer($$"""{"phonemize": false, "pad_token": "_", "normalize": {{normalize}}}""");
                var ids = tokenizer.Encode(text);
                Assert.All(ids, id => Assert.InRange(id, 0, normalize == "true" ? Small.Size - 1 : tokenizer.UnknownId));
                Assert.Equal(ids, tokenizer.Encode(normalize == "true" ? tokenizer.Prepare(text) : text));
                foreach (var missing in tokenizer.Missing(text)) Assert.False(Small.Contains(missing));
                Assert.All(tokenizer.Missing(text), missing => Assert.NotEmpty(VitsVocabulary.Quoted(missing)));
            }
        }).QuickCheckThrowOnFailure();
    }

    private static VitsTokenizer Tokenizer(string settings, string? vocabulary = null)
    {
        using var folder = new TemporaryFolder();
        if (vocabulary is null) VitsTokenizerFiles.Write(VitsTokenizer.New(Small), folder.Path);
        else File.WriteAllText(folder.File("vocab.json"), vocabulary, new UTF8Encoding(false));
        File.Delete(folder.File("added_tokens.json"));
        File.Delete(folder.File("special_tokens_map.json"));
        File.WriteAllText(folder.File("tokenizer_config.json"), settings);
        return VitsTokenizerFiles.Read(ModelFiles.InFolder(folder.Path));
    }
}
