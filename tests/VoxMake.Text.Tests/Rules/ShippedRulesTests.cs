using VoxMake.Text.Rules;
using VoxMake.Text.Speech;

namespace VoxMake.Text.Tests.Rules;

public class ShippedRulesTests
{
    [Theory]
    [InlineData(0, "sifir")]
    [InlineData(12, "dazdeh")]
    [InlineData(21, "bîst û yek")]
    [InlineData(100, "sed")]
    [InlineData(101, "sed û yek")]
    [InlineData(123, "sed û bîst û sê")]
    [InlineData(300, "sêsed")]
    [InlineData(1000, "hezar")]
    [InlineData(1234, "hezar û dused û sî û çar")]
    [InlineData(2010, "du hezar û deh")]
    [InlineData(100_000, "sed hezar")]
    [InlineData(1_000_001, "milyon û yek")]
    [InlineData(999_999_999_999_999, "nehsed û nod û neh trilyon û nehsed û nod û neh milyar û nehsed û nod û neh milyon û nehsed û nod û neh hezar û nehsed û nod û neh")]
    public void A_kurmanji_number_is_said_so(long number, string words) => Assert.Equal(words, TextRules.For("kmr")!.Cardinal(number));

    [Theory]
    [InlineData("Di sala 1984an de 1.234 kes hatin.", "Di sala hezar û nehsed û heştê û çaran de hezar û dused û sî û çar kes hatin.")]
    [InlineData("1em, 2yem, 3emîn, 10em, 50em", "yekem, duyem, sêyemîn, dehem, pênciyem")]
    [InlineData("21ê Adara 2024an, 30'yan, salên 1980yan, 2'yê", "bîst û yekê Adara du hezar û bîst û çaran, siyan, salên hezar û nehsed û heştêyan, duyê")]
    [InlineData("21.03.2024 û 2024-11-02", "bîst û yekê adara du hezar û bîst û çaran û duyê mijdara du hezar û bîst û çaran")]
    [InlineData("Saet 9:30, 14:05an û 8:00an.", "Saet neh û sî, çardeh û pêncan û heştan.")]
    [InlineData("%5, 5%, -3 °C, 2,5 km, 80 km/h", "ji sedî pênc, ji sedî pênc, kêm sê derece, du bêhnok pênc kîlometre, heştê kîlometre di saetê de")]
    [InlineData("12,50 €, €3, 0,99 €, 100 $", "dazdeh ewro û pêncî sent, sê ewro, nod û neh sent, sed dolar")]
    [InlineData("sedsala XXan", "sedsala bîstan")]
    [InlineData("Dr. Azad, bnr. r. 12, hwd. Ew hat.", "Doktor Azad, binêre rûpel dazdeh, her wekî din. Ew hat.")]
    [InlineData("azad@ku.org, 0090 12, 007", "azad et ku xal org, sifir sifir neh sifir, yek du, sifir sifir heft")]
    [InlineData("15–20 roj", "pazdeh heta bîst roj")]
    public void A_kurmanji_text_is_read_so(string text, string spoken) => AssertSpoken("kmr", text, spoken);

    [Theory]
    [InlineData(0, "sıfır", "sıfırıncı")]
    [InlineData(4, "dört", "dördüncü")]
    [InlineData(19, "on dokuz", "on dokuzuncu")]
    [InlineData(100, "yüz", "yüzüncü")]
    [InlineData(1923, "bin dokuz yüz yirmi üç", "bin dokuz yüz yirmi üçüncü")]
    [InlineData(1_000_000, "bir milyon", "bir milyonuncu")]
    [InlineData(2_000_000_040_000, "iki trilyon kırk bin", "iki trilyon kırk bininci")]
    public void A_turkish_number_is_said_so(long number, string cardinal, string ordinal) => Assert.Equal((cardinal, ordinal), (TextRules.For("tr-TR")!.Cardinal(number),
        TextRules.For("tr")!.Ordinal(number)));

    [Theory]
    [InlineData("1923'te, 4'üncü, 4'te, 5'inci, 2’nin", "bin dokuz yüz yirmi üçte, dördüncü, dörtte, beşinci, ikinin")]
    [InlineData("23.04.1920 günü saat 14:30'da", "yirmi üç Nisan bin dokuz yüz yirmi günü saat on dört otuzda")]
    [InlineData("Evin 5. katında, II. Mehmet'in 3. kızı.", "Evin beşinci katında, ikinci Mehmet'in üçüncü kızı.")]
    [InlineData("Sayı 5. Bu kadar. Yıl 1923. Cumhuriyet kuruldu.", "Sayı beş. Bu kadar. Yıl bin dokuz yüz yirmi üç. Cumhuriyet kuruldu.")]
    [InlineData("%20, 3,14 ve 2,05; 12,50 TL; 5 kg", "yüzde yirmi, üç virgül on dört ve iki virgül sıfır beş; on iki lira elli kuruş; beş kilogram")]
    [InlineData("ali@posta.com.tr, bkz. s. 12 vb. şeyler", "ali et posta nokta com nokta tr, bakınız sayfa on iki ve benzeri şeyler")]
    [InlineData("Ankara 5. Cadde", "Ankara 5. Cadde")]
    public void A_turkish_text_is_read_so(string text, string spoken) => AssertSpoken("tr", text, spoken);

    [Fact]
    public void Sentences_are_cut_by_the_languages_own_abbreviations()
    {
        Assert.Equal(["Dr. Ali 5. katta oturur.", "Elma, armut vb. yer."], SentenceSplitter.Of("tr").Sentences("Dr. Ali 5. katta oturur. Elma, armut vb. yer."));
        Assert.Equal(["Elma, armut vb.", "Sonra gitti."], SentenceSplitter.Of("tr").Sentences("Elma, armut vb. Sonra gitti."));
        Assert.Equal(["Bnr. r. 5.", "Ew hat."], SentenceSplitter.Of("kmr").Sentences("Bnr. r. 5. Ew hat."));
    }

    [Fact]
    public void Letters_that_a_language_does_not_have_are_named()
    {
        Assert.Equal(["ğ", "ä"], TextRules.For("ku")!.ForeignLetters("Dağ, äğ, ÊŞ"));
        Assert.Empty(TextRules.For("kmr")!.ForeignLetters("Ev çi ye? 5 ₺"));
        Assert.Null(TextRules.For("xx"));
        Assert.Null(TextRules.For(null));
        Assert.Contains("kmr", TextRules.Shipped);
    }

    private static void AssertSpoken(string language, string text, string spoken)
    {
        var cleaner = new TextCleaner(language);
        Assert.Equal(spoken, cleaner.Clean(text));
        Assert.Equal(spoken, cleaner.Clean(spoken));
    }
}
