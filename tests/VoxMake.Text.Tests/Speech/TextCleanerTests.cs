using FsCheck;
using FsCheck.Fluent;
using VoxMake.Text.Speech;
using VoxMake.Tokenizers;

namespace VoxMake.Text.Tests.Speech;

public class TextCleanerTests
{
    private static readonly Gen<string> AnyText =
        from parts in Gen.OneOf(
            Gen.Elements([.. "0123456789 .,:;-–+/()%€$£°§#&@=<>½\"'\n"]).Select(c => c.ToString()),
            Gen.Elements(" ", "1", "12", "1989", "2024", ".", ", ", "3. ", "am ", "der ", "Mai", " May", "Uhr", " km", "z. B.", "usw.", "e.g.", "No. ", "Dr. ", "St. ", "Mio. ", "<laugh>",
                "<foo>", "Ludwig XIV. ", "in ", "14:30", "\u00A0", "\u00AD", "\u200B", "ä", "a\u0308", "😀", "Hauptstr. ",
                "bis ", "und ", "0", "00", "Haus", "x", "\r\n", "\u0338", "pm", "p.m.", "the ", "I", "Nr.", "http://a/1")).ListOf()
        from times in Gen.Frequency((3, Gen.Constant(1)), (1, Gen.Choose(2, 60))) // what is read only once its neighbour is would take a pass each
        select string.Concat(Enumerable.Repeat(string.Concat(parts), times));

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    [InlineData("fr")]
    public void What_is_clean_stays_as_it_is(string language)
    {
        var cleaner = new TextCleaner(language);
        Prop.ForAll(AnyText.ToArbitrary(), text =>
        {
            var clean = cleaner.Clean(text);
            Assert.Equal(clean, cleaner.Clean(clean));
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public void Every_tag_is_kept_in_its_place(string language)
    {
        var cleaner = new TextCleaner(language);
        Prop.ForAll(AnyText.ToArbitrary(), text =>
        {
            var clean = cleaner.Clean(text);
            foreach (var tag in EmotionTags.Orpheus.Known) Assert.True(Count(clean, tag) >= Count(text, tag), $"'{text}' became '{clean}'");
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    [Theory]
    [InlineData("<laugh>", "<laugh>")]
    [InlineData("Das<laugh>sind 5<sigh>, ja?", "Das<laugh>sind fünf<sigh>, ja?")]
    [InlineData("Nein! <chuckle> 3 km <gasp>!", "Nein! <chuckle> drei Kilometer <gasp>!")]
    [InlineData("a < b und 5 > 3", "a < b und fünf > drei")]
    [InlineData("(<cough>) „<yawn>“", "(<cough>) „<yawn>“")]
    [InlineData("<foo 3>5</foo 3>", "<foo 3>fünf</foo 3>")]
    public void Tags_stay_to_the_letter(string text, string spoken) => Assert.Equal(spoken, new TextCleaner("de").Clean(text));

    [Fact]
    public void Unknown_tags_are_listed_once_each()
    {
        var text = "<laugh> <giggle> 3 < 4 <Laugh> <giggle> </b> <slow 2x>x<y";
        Assert.Equal(["<giggle>", "<Laugh>", "</b>", "<slow 2x>"], new TextCleaner("en").UnknownTags(text));
        var own = new TextCleaner("en", new EmotionTags(["<slow 2x>", "<giggle>"]));
        Assert.Equal(["<laugh>", "<Laugh>", "</b>"], own.UnknownTags(text));
        Assert.Equal("<slow 2x>two", own.Clean("<slow 2x>2"));
        foreach (var wrong in new[] { "laugh", "<>", "<a<b>", "" }) Assert.Contains("is no tag", Assert.Throws<ArgumentException>(() => new EmotionTags([wrong])).Message);
    }

    [Theory]
    [InlineData("  Il y a 5 €\u00A0: 3. \r\n\r\n Oui.\u00AD\u200B ", "Il y a 5 € : 3.\nOui.")]
    [InlineData("a\u200Db\u0000c", "a\u200Dbc")]
    public void Other_languages_are_left_alone_but_for_white_space_and_hidden_characters(string text, string spoken) => Assert.Equal(spoken, new TextCleaner("fr").Clean(text));

    [Fact]
    public void A_long_text_of_one_kind_takes_no_longer_than_others()
    {
        foreach (var part in new[] { "1", "1.", "1,", "1 ", "0", "+1 ", "1-", "a.", "a@", "<", "<a", "€", "§ ", "am 3. ", "–1", " ", "I", "((", "1:" })
            foreach (var language in new[] { "de", "en" })
            {
                var cleaner = new TextCleaner(language);
                var clean = cleaner.Clean(string.Concat(Enumerable.Repeat(part, 20_000)));
                Assert.Equal(clean, cleaner.Clean(clean));
            }
    }
}
