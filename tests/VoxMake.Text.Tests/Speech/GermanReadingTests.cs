using VoxMake.Text.Speech;

namespace VoxMake.Text.Tests.Speech;

public class GermanReadingTests
{
    [Theory]
    [InlineData("Es kamen 1234 Leute.", "Es kamen eintausendzweihundertvierunddreißig Leute.")]
    [InlineData("Es sind 5.", "Es sind fünf.")]
    [InlineData("Zwischen -5 und 20 liegt 3,14.", "Zwischen minus fünf und zwanzig liegt drei Komma eins vier.")]
    [InlineData("1.234.567 und 10 000 und 2.500", "eine Million zweihundertvierunddreißigtausendfünfhundertsiebenundsechzig und zehntausend und zweitausendfünfhundert")]
    [InlineData("1.000.000.000.000 Sterne", "eine Billion Sterne")]
    [InlineData("Version 2.5 läuft.", "Version zwei Punkt fünf läuft.")]
    [InlineData("Agent 007 kommt.", "Agent null null sieben kommt.")]
    public void Numbers(string text, string spoken) => AssertSpoken(text, spoken);

    [Theory]
    [InlineData("am 3. Mai", "am dritten Mai")]
    [InlineData("Der 3. Mai war es.", "Der dritte Mai war es.")]
    [InlineData("vom 3. bis 5. Mai", "vom dritten bis fünften Mai")]
    [InlineData("im 19. Jahrhundert", "im neunzehnten Jahrhundert")]
    [InlineData("im 19. Jh. vor uns", "im neunzehnten Jahrhundert vor uns")]
    [InlineData("in der 3. Klasse, die 2. Frage, das 100. Tor", "in der dritten Klasse, die zweite Frage, das einhundertste Tor")]
    [InlineData("zum 80. Geburtstag", "zum achtzigsten Geburtstag")]
    [InlineData("am 3. und 4. Mai", "am dritten und vierten Mai")]
    [InlineData("3. Mai", "dritter Mai")]
    [InlineData("jeder 3. Mensch", "jeder dritte Mensch")]
    [InlineData("Ludwig XIV. regierte unter Papst Pius VI. und", "Ludwig der Vierzehnte regierte unter Papst Pius dem Sechsten und")]
    [InlineData("Papst Johannes Paul II. starb. Heinrich VIII. lebte.", "Papst Johannes Paul der Zweite starb. Heinrich der Achte lebte.")]
    [InlineData("Kapitel IV beginnt.", "Kapitel vier beginnt.")]
    public void Ordinals_have_the_ending_that_their_article_asks_for(string text, string spoken) => AssertSpoken(text, spoken);

    [Theory]
    [InlineData("Am 3.5.2024 ging es los.", "Am dritten Mai zweitausendvierundzwanzig ging es los.")]
    [InlineData("Der 9. 11. 1989 war ein Donnerstag.", "Der neunte November neunzehnhundertneunundachtzig war ein Donnerstag.")]
    [InlineData("2024-02-29", "neunundzwanzigster Februar zweitausendvierundzwanzig")]
    [InlineData("Vom 1.2. bis zum 3.4. war zu.", "Vom ersten Februar bis zum dritten April war zu.")]
    [InlineData("Im Jahr 1789 und 1848.", "Im Jahr siebzehnhundertneunundachtzig und achtzehnhundertachtundvierzig.")]
    [InlineData("1914–1918 war Krieg, 1989 nicht.", "neunzehnhundertvierzehn bis neunzehnhundertachtzehn war Krieg, neunzehnhundertneunundachtzig nicht.")]
    [InlineData("Um 14:30 Uhr, um 8:05, um 1 Uhr und um 9.00 Uhr.", "Um vierzehn Uhr dreißig, um acht Uhr fünf, um ein Uhr und um neun Uhr.")]
    public void Dates_years_and_times(string text, string spoken) => AssertSpoken(text, spoken);

    [Theory]
    [InlineData("Das kostet 5,99 €.", "Das kostet fünf Euro neunundneunzig.")]
    [InlineData("1 €, 0,99 €, 5,- €, 1.200,50 Euro", "ein Euro, neunundneunzig Cent, fünf Euro, eintausendzweihundert Euro fünfzig")]
    [InlineData("$20 oder £3,50", "zwanzig Dollar oder drei Pfund fünfzig")]
    [InlineData("3,5 Mio. € und 2 Mrd. Euro", "drei Komma fünf Millionen Euro und zwei Milliarden Euro")]
    [InlineData("Er hat 3 Mio. Das reicht.", "Er hat drei Millionen. Das reicht.")]
    [InlineData("5 %, 2,5%, 1 %", "fünf Prozent, zwei Komma fünf Prozent, ein Prozent")]
    [InlineData("-5 °C, 20°, 3 km, 1 km, 5–7 kg, 120 km/h, 10 m²",
        "minus fünf Grad Celsius, zwanzig Grad, drei Kilometer, ein Kilometer, fünf bis sieben Kilogramm, einhundertzwanzig Kilometer pro Stunde, zehn Quadratmeter")]
    [InlineData("½ und 2½ und ¾", "ein halb und zweieinhalb und drei Viertel")]
    [InlineData("5-7 Tage", "fünf bis sieben Tage")]
    public void Amounts(string text, string spoken) => AssertSpoken(text, spoken);

    [Theory]
    [InlineData("Z. B. hier, d.h. dort, usw.", "Zum Beispiel hier, das heißt dort, und so weiter.")]
    [InlineData("Äpfel usw. Dann Birnen usw. und so.", "Äpfel und so weiter. Dann Birnen und so weiter und so.")]
    [InlineData("Dr. Meier wohnt in St. Gallen, Hauptstr. 5, Nr. 7.", "Doktor Meier wohnt in Sankt Gallen, Hauptstraße fünf, Nummer sieben.")]
    [InlineData("Müller & Söhne, 2 + 3 = 5, § 5, §§ 3, #7", "Müller und Söhne, zwei plus drei gleich fünf, Paragraf fünf, Paragrafen drei, Nummer sieben")]
    [InlineData("Tel. 030 1234567 oder +49 171 234-567", "Telefon null drei null, eins zwei drei vier fünf sechs sieben oder plus vier neun, eins sieben eins, zwei drei vier, fünf sechs sieben")]
    [InlineData("PLZ 10115, a\u0308", "PLZ eins null eins eins fünf, ä")]
    [InlineData("max.muster@example.com", "max Punkt muster ät example Punkt com")]
    [InlineData("500 v. Chr. war das.", "fünfhundert vor Christus war das.")]
    public void Abbreviations_and_signs(string text, string spoken) => AssertSpoken(text, spoken);

    [Theory]
    [InlineData("1 Apfel")]
    [InlineData("der Beginn der 3. Klasse")]
    [InlineData("ein 3. Mann")]
    [InlineData("die 5–7. Klasse")]
    [InlineData("A4, 3D, MP3, COVID-19, B2B, 95er, 5-fach")]
    [InlineData("192.168.0.1 und 1.2.3 und 30.2.2024")]
    [InlineData("Es steht 2:1, und 21:19 im Handball")]
    [InlineData("unter Friedrich II. Kaiser")]
    [InlineData("AT&T, a+b, C#, 25:70 Uhr")]
    [InlineData("3/4 und 12345678901234567890")]
    public void What_it_cannot_read_for_certain_stays(string text) => AssertSpoken(text, text);

    private static void AssertSpoken(string text, string spoken)
    {
        var cleaner = new TextCleaner("de-DE");
        Assert.Equal(spoken, cleaner.Clean(text));
        Assert.Equal(spoken, cleaner.Clean(spoken));
    }
}
