using VoxMake.Models;

namespace VoxMake.Speaking.Tests;

public class SpokenTextTests
{
    private static IReadOnlyList<string> Pieces(string text, string? language = "de", TextRules? rules = null) => new SpokenText(text, language, rules ?? new TextRules()).Pieces;

    [Fact]
    public void Numbers_and_abbreviations_become_words_unless_they_are_to_stay()
    {
        Assert.Equal(["Das kostet zum Beispiel zwölf Euro."], Pieces("Das kostet z. B. 12 €."));
        Assert.Equal(["Das kostet z. B. 12 €."], Pieces("Das kostet z. B. 12 €.", rules: new TextRules(Clean: false)));
        Assert.Equal(["It is twelve o'clock."], Pieces("It is 12 o'clock.", "en"));
    }

    [Fact]
    public void Tags_that_the_voice_knows_stay_to_the_letter()
    {
        Assert.Equal(["<laugh> Nur zwölf? <sigh> Nein."], Pieces("<laugh> Nur 12? <sigh> Nein."));
        Assert.Equal(["Gut <räuspert sich 2x> so."], Pieces("Gut <räuspert sich 2x> so.", rules: new TextRules(Tags: ["<räuspert sich 2x>"])));
    }

    [Fact]
    public void No_cut_lies_within_a_tag()
    {
        const string tag = "<lacht, dann. Und weint>";
        var text = string.Concat(Enumerable.Repeat($"Wort{tag}", 20));
        var pieces = Pieces(text, rules: new TextRules(Tags: [tag], SplitAbove: 20));
        Assert.True(pieces.Count > 1);
        Assert.Equal(text, string.Concat(pieces));
        Assert.All(pieces, piece => Assert.Equal(piece.Count(c => c == '<'), piece.Split(tag).Length - 1));

        // characters of one's own use stay what they are
        Assert.Contains("\uE000", string.Concat(Pieces($"\uE000 und {tag} und noch mehr Wörter", rules: new TextRules(Tags: [tag], SplitAbove: 20))));
    }

    [Fact]
    public void A_tag_that_the_voice_does_not_know_is_refused_by_name_left_out_or_spoken()
    {
        var error = Assert.Throws<ModelException>(() => Pieces("Ha <giggle> so was <laugh>."));
        Assert.Contains("the text has <giggle>, which the voice does not know and would read out; it knows <laugh>", error.Message);
        Assert.Equal(["Ha so was <laugh>."], Pieces("Ha <giggle> so was <laugh>.", rules: new TextRules(UnknownTags: OnUnknownTag.Drop)));
        Assert.Equal(["Ha <giggle> so was <laugh>."], Pieces("Ha <giggle> so was <laugh>.", rules: new TextRules(UnknownTags: OnUnknownTag.Speak)));
        Assert.DoesNotContain("<", Pieces("Ha <gig<nested>gle> so.", rules: new TextRules(UnknownTags: OnUnknownTag.Drop))[0]);
        Assert.Contains("is no tag", Assert.Throws<ModelException>(() => Pieces("a", rules: new TextRules(Tags: ["laugh"]))).Message);
    }

    [Fact]
    public void Long_texts_are_cut_at_sentences_and_none_is_lost()
    {
        var sentences = Enumerable.Range(1, 40).Select(i => $"Das ist der Satz mit dem Namen Xa{(char)('a' + i % 26)}o{(char)('a' + i / 2)}.").ToArray();
        var pieces = Pieces(string.Join(" ", sentences));
        Assert.All(pieces, piece => Assert.InRange(piece.Length, 100, 250));
        Assert.Equal(sentences, pieces.SelectMany(piece => piece.Replace(". ", ".\n").Split('\n')));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t")]
    [InlineData("<giggle>")]
    public void A_text_of_nothing_is_refused(string text) =>
        Assert.Contains("nothing to speak", Assert.Throws<ModelException>(() => Pieces(text, rules: new TextRules(UnknownTags: OnUnknownTag.Drop))).Message);

    [Theory]
    [InlineData("Hallo", 24 + 2 * 5)]
    [InlineData("<laugh>", 24 + 24)]
    [InlineData("Ja <laugh> <sigh>", 3 * 24 + 2 * 4)]
    [InlineData("12", 24 + 2 * 12)]
    [InlineData("你好", 24 + 2 * 8)]
    public void The_bound_on_frames_follows_from_what_is_said(string text, int most)
    {
        var spoken = new SpokenText(text, null, new TextRules(Clean: false));
        Assert.Equal(most, spoken.MostFrames(spoken.Pieces[0], new LengthRules()));
        Assert.Equal(7, spoken.MostFrames(spoken.Pieces[0], new LengthRules(MaxFrames: 7)));
    }
}
