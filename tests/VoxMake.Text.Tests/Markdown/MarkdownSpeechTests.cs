using FsCheck;
using FsCheck.Fluent;
using VoxMake.Text.Markdown;

namespace VoxMake.Text.Tests.Markdown;

public class MarkdownSpeechTests
{
    private static readonly MarkdownSettings German = new(Language: "de");

    [Theory]
    [InlineData("", "")]
    [InlineData(" \n\n", "")]
    [InlineData("# Ein Titel\n\nEin Absatz,\nder weitergeht.", "Ein Titel.\nEin Absatz, der weitergeht.")]
    [InlineData("Titel\n=====\nText", "Titel.\nText")]
    [InlineData("## Warum? ##\ntext", "Warum?\ntext")]
    [InlineData("*kursiv* **fett** ***beides*** ==hell== ++neu++ _a_ __b__", "kursiv fett beides hell neu a b")]
    [InlineData("- eins\n- zwei\n  - innen\n* drei!", "eins.\nzwei.\ninnen.\ndrei!")]
    [InlineData("3. drei\n4. vier", "3: drei.\n4: vier.")]
    [InlineData("- [x] getan\n- [ ] offen", "getan.\noffen.")]
    [InlineData("ein [Verweis](https://a.de \"Titel\") und [zwei][z]\n\n[z]: https://b.de", "ein Verweis und zwei")]
    [InlineData("<https://a.de> und <a@b.de>", "https://a.de und a@b.de")]
    [InlineData("vor ![ein *Bild*](x.png) nach ![](y.png)", "vor ein Bild nach")]
    [InlineData("ruf `Main()` auf", "ruf Main() auf")]
    [InlineData("vor\n\n```csharp\nvar x = 1;\n```\n\n    eingerückt\n\nnach", "vor\nnach")]
    [InlineData("> Zitat\n> weiter", "Zitat weiter")]
    [InlineData("> [!NOTE]\n> Achtung", "Achtung")]
    [InlineData("alt ~~weg~~ neu", "alt neu")]
    [InlineData("Zeile  \nnächste\\\ndritte", "Zeile\nnächste\ndritte")]
    [InlineData("a\\*b\\_c \\# \\[x\\] &amp; &auml; &#8364; &nbsp;z", "a*b_c # [x] & ä € z")]
    [InlineData("gut :smile: so :+1:", "gut so")]
    [InlineData("---\ntitle: x\n---\nText", "Text")]
    [InlineData("Wort[^1].\n\n[^1]: Die Note.", "Wort.")]
    [InlineData("<b>fett</b> x<br>y <span class=\"a\">z</span><!-- still -->", "fett x\ny z")]
    [InlineData("<div>\n<h2>Titel</h2>\n<ul><li>eins</li><li>zwei</li></ul>\n&auml; <del>weg</del></div>", "Titel.\neins.\nzwei.\nä")]
    [InlineData("<img src=\"a\" alt=\"ein Bild\"> da", "ein Bild da")]
    [InlineData("<pre>code</pre>\n\ntext", "text")]
    [InlineData("a < b und 3 > 2, 5 $ und 6 $, $5 und $6", "a < b und 3 > 2, 5 $ und 6 $, $5 und $6")]
    [InlineData("a [b *c* [d ![e (f", "a [b c [d ![e (f")]
    [InlineData("2 * 3 * 4 und snake_case_name", "2 * 3 * 4 und snake_case_name")]
    public void Each_construct_is_spoken_by_its_rule(string markdown, string spoken) => Assert.Equal(spoken, MarkdownSpeech.Read(markdown, German).Text);

    [Fact]
    public void A_table_is_read_row_by_row_with_its_headers()
    {
        const string table = "| Tag | Wetter |\n|---|:--:|\n| Mo | **Regen** |\n| Di | |\n\nEnde";
        Assert.Equal("Tag: Mo, Wetter: Regen.\nTag: Di.\nEnde", MarkdownSpeech.Read(table).Text);
        Assert.Equal("Tag, Wetter.\nMo, Regen.\nDi.\nEnde", MarkdownSpeech.Read(table, new(Tables: TableReading.Rows)).Text);
        Assert.Equal("Ende", MarkdownSpeech.Read(table, new(Tables: TableReading.Omit)).Text);
    }

    [Theory]
    [InlineData("1. a\n2. b", "a.\nb.")]
    [InlineData("- [x] a\n- [ ] b", "Erledigt: a.\nOffen: b.")]
    [InlineData("![Haus](x)", "Bild: Haus")]
    [InlineData("ruf `x` auf", "ruf auf")]
    [InlineData("```\nx\n```", "Ein Codeblock.")]
    [InlineData("<pre>x</pre>", "Ein Codeblock.")]
    [InlineData("> a", "Zitat: a")]
    [InlineData("~~a~~ <s>b</s>", "a b")]
    [InlineData("x[^1]\n\n[^1]: Die Note.", "x\nDie Note.")]
    [InlineData("ja :thumbs_up: :smile:", "ja :thumbs_up: smile")]
    [InlineData("<laugh> ha", "<laugh> ha")]
    public void A_setting_changes_a_rule(string markdown, string spoken)
    {
        var all = new MarkdownSettings("de-DE", ListNumbers: false, Tasks: true, Images: Read.Announce, CodeSpans: Read.Omit, CodeBlocks: Read.Announce, Quotes: Read.Announce, Struck: Read.Text,
            Footnotes: FootnoteReading.AtEnd, Emoji: EmojiReading.Name, Tags: ["<laugh>"]);
        Assert.Equal(spoken, MarkdownSpeech.Read(markdown, all).Text);
    }

    [Fact]
    public void Other_settings()
    {
        Assert.Equal("var x = 1;\nvar y;", MarkdownSpeech.Read("```\nvar x = 1;\nvar y;\n```", new(CodeBlocks: Read.Text)).Text);
        Assert.Equal("😄", MarkdownSpeech.Read(":smile:", new(Emoji: EmojiReading.Emoji)).Text);
        Assert.Equal("", MarkdownSpeech.Read("> a", new(Quotes: Read.Omit)).Text);
        Assert.Equal("", MarkdownSpeech.Read("![a](b) <img alt='x'>", new(Images: Read.Omit)).Text);
        Assert.Throws<ArgumentOutOfRangeException>(() => MarkdownSpeech.Read("a", new(RulePause: 11)));
        Assert.Throws<ArgumentOutOfRangeException>(() => MarkdownSpeech.Read("a", new(RulePause: -1)));
    }

    [Fact]
    public void Pauses_are_marked_and_none_is_longer_than_ten_seconds()
    {
        var text = MarkdownSpeech.Read("eins <break time=\"500ms\"/> zwei <break time='1.5s' />\n\n<break time=\"3600s\"/>\n\n***\n\ndrei");
        Assert.Equal([("eins", 0), (null, 0.5), ("zwei", 0), (null, 1.5), (null, 10), (null, 1), ("drei", 0)], text.Parts.Select(part => (part.Text, part.Pause)));
        Assert.Equal("eins\nzwei\ndrei", text.Text);
        Assert.Equal([new SpokenPart("a\nb", 0)], MarkdownSpeech.Read("a\n\n---\n\nb", new(RulePause: 0)).Parts);
    }

    [Theory]
    [InlineData("ok\n\nein <prosody rate=\"slow\">Wort</prosody>", 3, 5, "<prosody>", "ok\nein Wort")]
    [InlineData("<speak>\nx\n</speak>", 1, 1, "<speak>", "x")]
    [InlineData("a <Blink>b</Blink>", 1, 3, "<blink>", "a b")]
    [InlineData("a <script>alert(1)</script> b", 1, 3, "<script>", "a b")]
    [InlineData("<script>\nalert(1)\n</script>\n\nb", 1, 1, "<script>", "b")]
    [InlineData("<style>\nx{}\n</style>\nb", 1, 1, "<style>", "b")]
    [InlineData("a\nsei $x^2$ so", 2, 5, "a formula", "a sei so")]
    [InlineData("a\n\n$$\nx\n$$\n", 3, 1, "a formula", "a")]
    [InlineData("ein \\begin{align} x", 1, 5, "the LaTeX command \\begin", "ein x")]
    [InlineData("Hallo {{name}}!", 1, 7, "a template {{…}}", "Hallo !")]
    [InlineData("{% if x %} a", 1, 1, "a template {%…%}", "a")]
    [InlineData("siehe [[Seite]] da", 1, 7, "a wiki link [[…]]", "siehe da")]
    [InlineData("Wort[^9] da", 1, 5, "the footnote [^9], which has no text,", "Wort da")]
    [InlineData("::: warning\nText\n:::", 1, 1, "the container '::: warning'", "Text")]
    [InlineData("a <break strength=\"weak\"/> b", 1, 3, "<break>", "a b")]
    [InlineData("a <break time=\"-1s\"/> b", 1, 3, "<break>", "a b")]
    [InlineData("a <laugh> b", 1, 3, "<laugh>", "a b")]
    public void Unknown_mark_up_is_refused_by_name_and_place_or_stripped(string markdown, int line, int column, string name, string stripped)
    {
        var fault = Assert.Throws<MarkdownException>(() => MarkdownSpeech.Read(markdown, German)).Faults[0];
        Assert.Equal((line, column, name), (fault.Line, fault.Column, fault.Name));
        Assert.Equal(stripped, MarkdownSpeech.Read(markdown, German with { Unknown = UnknownMarkup.Strip }).Text);
    }

    [Fact]
    public void What_is_too_long_or_nested_too_deep_is_refused()
    {
        Assert.Throws<MarkdownException>(() => MarkdownSpeech.Read(new string('a', MarkdownSpeech.MostCharacters + 1)));
        Assert.Contains("nested too deep", Assert.Throws<MarkdownException>(() => MarkdownSpeech.Read(string.Concat(Enumerable.Repeat("> ", 500)) + "a")).Message);
    }

    [Fact]
    public void No_mark_up_is_left_to_be_read_out_and_nothing_crashes()
    {
        var part = Gen.Elements("# ", "*", "**", "_", "~~", "[", "[a](b)", "![a](b)", "| a | b |\n|---|---|\n", "> ", "- ", "1. ", "\n", "\n\n", "    ", "<b>", "</b>", "<x>", "<!--", "-->", "$",
            "$$", "&amp;", ":smile:",
            "[^1]", "[^1]: n", "---\n", "word", " ", "{{", "}}", "[[", "]]", ":::", "<br>", "<break time=\"1s\"/>", "é", "😀", "\t");
        Prop.ForAll(part.ListOf().Select(string.Concat).ToArbitrary(), markdown =>
        {
            try { Check(MarkdownSpeech.Read(markdown)); }
            catch (MarkdownException error) { Assert.All(error.Faults, fault => Assert.True(fault.Line >= 1 && fault.Column >= 1)); }
            Check(MarkdownSpeech.Read(markdown, new(Unknown: UnknownMarkup.Strip)));
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2000));

        static void Check(MarkdownText text)
        {
            foreach (var mark in new[] { "</b>", "<br>", "<x>", "<break" })
                Assert.DoesNotContain(mark, text.Text);
        }
    }

    [Fact]
    public void A_long_hostile_text_takes_no_longer_than_others()
    {
        foreach (var part in new[] { "*", "_a", "[", "![", "<", "<a", "`", "> ", "- ", "|", "$", "{{", "[[", "\\", ":", "<!--", "&", "~", "[^1]", "<break " })
        {
            try { MarkdownSpeech.Read(string.Concat(Enumerable.Repeat(part, 4_000)), new(Unknown: UnknownMarkup.Strip)); }
            catch (MarkdownException) { } // nested too deep
        }
    }
}
