using VoxMake.Text.Romanization;

namespace VoxMake.Text.Tests.Romanization;

public class RomanizerTests
{
    public RomanizerTests() => Skip.IfNot(Romanizer.IsInstalled, "ICU is not on this machine");

    [SkippableTheory]
    [InlineData("Привет, мир!", "Privet, mir!", "Privet, mir!")]
    [InlineData("Ελληνικά", "Ellēniká", "Ellenika")]
    [InlineData("北京 5", "běi jīng 5", "bei jing 5")]
    [InlineData("ひらがな", "hiragana", "hiragana")]
    [InlineData("한국", "hangug", "hangug")]
    [InlineData("Käse, şêx", "Käse, şêx", "Kase, sex")]
    [InlineData("😀 a\u0301", "😀 a\u0301", "😀 a")]
    [InlineData("", "", "")]
    public void Letters_of_any_script_become_latin_ones(string text, string latin, string ascii)
    {
        using var marked = new Romanizer();
        using var plain = new Romanizer(Romanizer.Ascii);
        Assert.Equal((latin, ascii), (marked.Romanize(text), plain.Romanize(text)));
    }

    [SkippableFact]
    public void A_text_that_grows_and_half_a_character_are_no_danger()
    {
        using var romanizer = new Romanizer();
        Assert.Equal(20_000 * "chuáng ".Length - 1, romanizer.Romanize(new string('床', 20_000)).Length);
        Assert.Equal("a\uD83D", romanizer.Romanize("a\uD83D"));
    }

    [SkippableFact]
    public void Threads_may_share_one()
    {
        using var romanizer = new Romanizer(Romanizer.Ascii);
        Parallel.For(0, 400, i => Assert.Equal($"Privet {i}", romanizer.Romanize($"Привет {i}")));
    }

    [SkippableFact]
    public void An_unknown_transliterator_is_named()
    {
        var error = Assert.Throws<RomanizerException>(() => new Romanizer("Any-Klingon"));
        Assert.Contains("has no transliterator 'Any-Klingon'", error.Message);
        Assert.Contains("Any-Latin; Latin-ASCII", error.Try);
        Assert.Matches(@"^\d+\.\d+$", Romanizer.Version);
        var gone = new Romanizer();
        gone.Dispose();
        gone.Dispose();
        Assert.Throws<ObjectDisposedException>(() => gone.Romanize("a"));
    }
}
