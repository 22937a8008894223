using VoxMake.Report.Page;

namespace VoxMake.Report.Tests;

public class HtmlWriterTests
{
    private static string Written(string text)
    {
        var output = new StringWriter();
        new HtmlWriter(output).Write($"{text}");
        return output.ToString();
    }

    [Theory]
    [InlineData("</script><img src=x onerror='a' title=\"b\">&amp;", "&lt;/script&gt;&lt;img src=x onerror=&#39;a&#39; title=&quot;b&quot;&gt;&amp;amp;")]
    [InlineData("a\u202Eb", "a⟦U+202E⟧b")]
    [InlineData("a\u2066b\u200Fc", "a⟦U+2066⟧b⟦U+200F⟧c")]
    [InlineData("a\0b\u001B[0m", "a⟦U+0000⟧b⟦U+001B⟧[0m")]
    [InlineData("\uFEFF\u200B", "⟦U+FEFF⟧⟦U+200B⟧")]
    [InlineData("می\u200Cخواهم", "می\u200Cخواهم")]
    [InlineData("Grüße, 漢字 שלום 😀 é", "Grüße, 漢字 שלום 😀 é")]
    public void Text_stays_text(string text, string html) => Assert.Equal(html, Written(text));

    [Fact]
    public void Half_a_character_is_replaced() => Assert.Equal("\uFFFD!", Written("\uD83D!")); // no InlineData: it cannot hold one

    [Fact]
    public void Numbers_are_written_the_same_everywhere()
    {
        var output = new StringWriter();
        new HtmlWriter(output).Write($"{1234567:N0} {0.5:0.00}");
        Assert.Equal("1,234,567 0.50", output.ToString());
    }
}
