using VoxMake.Text.Speech;

namespace VoxMake.Text.Tests.Speech;

/// <summary>Every kind of thing that is to be read, in both languages side by side.</summary>
public class ReadingTableTests
{
    [Theory]
    [InlineData("0, 7, 12, 45, 100, 101, 1.001, 999.999", "null, sieben, zwölf, fünfundvierzig, einhundert, einhunderteins, eintausendeins, neunhundertneunundneunzigtausendneunhundertneunundneunzig")]
    [InlineData("999.999.999.999.999 Sterne",
        "neunhundertneunundneunzig Billionen neunhundertneunundneunzig Milliarden neunhundertneunundneunzig Millionen neunhundertneunundneunzigtausendneunhundertneunundneunzig Sterne")]
    [InlineData("−3,05 und 0,5 und 12.345,67", "minus drei Komma null fünf und null Komma fünf und zwölftausenddreihundertfünfundvierzig Komma sechs sieben")]
    [InlineData("Die 90er waren laut, die 1980er-Jahre auch.", "Die neunziger waren laut, die neunzehnhundertachtziger Jahre auch.")]
    [InlineData("in den 50ern und 1920ern", "in den fünfzigern und neunzehnhundertzwanzigern")]
    public void German_numbers(string text, string spoken) => AssertSpoken("de", text, spoken);

    [Theory]
    [InlineData("0, 7, 12, 45, 100, 101, 1,001, 999,999",
        "zero, seven, twelve, forty-five, one hundred, one hundred one, one thousand one, nine hundred ninety-nine thousand nine hundred ninety-nine")]
    [InlineData("−3.05 and 0.5 and 12,345.67", "minus three point zero five and zero point five and twelve thousand three hundred forty-five point six seven")]
    [InlineData("The 90s were loud, the 1980s too, and the late '60s.", "The nineties were loud, the nineteen eighties too, and the late sixties.")]
    [InlineData("the 1900s and the 2000s", "the nineteen hundreds and the two thousands")]
    public void English_numbers(string text, string spoken) => AssertSpoken("en", text, spoken);

    [Theory]
    [InlineData("der 2., zum 11. Mal, die 21. Etage, das 3. Kind", "der 2., zum elften Mal, die einundzwanzigste Etage, das dritte Kind")]
    [InlineData("Der I. Weltkrieg, im II. Weltkrieg", "Der erste Weltkrieg, im zweiten Weltkrieg")]
    [InlineData("Kapitel XLII, Band IX, Teil III", "Kapitel zweiundvierzig, Band neun, Teil drei")]
    [InlineData("Ludwig XIV. regierte, wie unter Karl V. und", "Ludwig der Vierzehnte regierte, wie unter Karl dem Fünften und")]
    public void German_ordinals_and_roman_numerals(string text, string spoken) => AssertSpoken("de", text, spoken);

    [Theory]
    [InlineData("the 1st, 2nd, 3rd, 4th, 11th, 12th, 13th, 21st, 100th and 1,000th", "the first, second, third, fourth, eleventh, twelfth, thirteenth, twenty-first, one hundredth and one thousandth")]
    [InlineData("Chapter XLII, Part IX, Act III", "Chapter Forty-two, Part Nine, Act Three")]
    [InlineData("Henry VIII, Pope John Paul II and Elizabeth II's reign", "Henry the Eighth, Pope John Paul the Second and Elizabeth the Second's reign")]
    public void English_ordinals_and_roman_numerals(string text, string spoken) => AssertSpoken("en", text, spoken);

    [Theory]
    [InlineData("Am Mo., 03.05.2024, um 9 Uhr.", "Am Montag, dritter Mai zweitausendvierundzwanzig, um neun Uhr.")]
    [InlineData("am 3. Jan. 2024 und am 12. Dez.", "am dritten Januar zweitausendvierundzwanzig und am zwölften Dezember.")]
    [InlineData("seit Sept. 2019", "seit September zweitausendneunzehn")]
    [InlineData("vom 1. bis 3. Mai 1848", "vom ersten bis dritten Mai achtzehnhundertachtundvierzig")]
    [InlineData("von 1939 bis 1945", "von neunzehnhundertneununddreißig bis neunzehnhundertfünfundvierzig")]
    [InlineData("Um 0:05 Uhr, 23:59:30 Uhr und 12.00 Uhr", "Um null Uhr fünf, dreiundzwanzig Uhr neunundfünfzig und dreißig Sekunden und zwölf Uhr")]
    [InlineData("von 8–10 Uhr, 8:30–9:15 Uhr", "von acht bis zehn Uhr, acht Uhr dreißig bis neun Uhr fünfzehn")]
    public void German_dates_years_and_times(string text, string spoken) => AssertSpoken("de", text, spoken);

    [Theory]
    [InlineData("on Jan. 5, 2024 and Sept. 3", "on January fifth, twenty twenty-four and September third")]
    [InlineData("Mon., Dec. 24", "Monday, December twenty-fourth")]
    [InlineData("in 1066, in 1805, by 2030", "in one thousand sixty-six, in eighteen oh five, by twenty thirty")]
    [InlineData("at 12:00, at 0:30 and at 11:59:30 pm", "at twelve o'clock, at zero thirty and at eleven fifty-nine and thirty seconds pm")]
    [InlineData("from 8:30–9:15 am", "from eight thirty to nine fifteen am")]
    public void English_dates_years_and_times(string text, string spoken) => AssertSpoken("en", text, spoken);

    [Theory]
    [InlineData("EUR 5,99, CHF 20,50, 3 CHF, 100 ¥, 50 ct, 1 ct", "fünf Euro neunundneunzig, zwanzig Franken fünfzig, drei Franken, einhundert Yen, fünfzig Cent, ein Cent")]
    [InlineData("5,99€ und US$ 3 und 20 ₺", "fünf Euro neunundneunzig und drei US-Dollar und zwanzig Lira")]
    [InlineData("−5 € und 1,5 Mrd. $", "minus fünf Euro und eins Komma fünf Milliarden Dollar")]
    public void German_money(string text, string spoken) => AssertSpoken("de", text, spoken);

    [Theory]
    [InlineData("$5bn, £3m, $20k and USD 5.50", "five billion dollars, three million pounds, twenty thousand dollars and five dollars and fifty cents")]
    [InlineData("CHF 20, ¥500, 50¢, 1¢ and $0.05", "twenty francs, five hundred yen, fifty cents, one cent and five cents")]
    public void English_money(string text, string spoken) => AssertSpoken("en", text, spoken);

    [Theory]
    [InlineData("5 µm, 3 nm, 20 cm³, 2 dl, 5 cl, 3 hl", "fünf Mikrometer, drei Nanometer, zwanzig Kubikzentimeter, zwei Deziliter, fünf Zentiliter, drei Hektoliter")]
    [InlineData("230 V, 16 Mbit/s, 5 kB, 300 kcal, 75 PS, 3 bar, 1013 hPa",
        "zweihundertdreißig Volt, sechzehn Megabit pro Sekunde, fünf Kilobyte, dreihundert Kilokalorien, fünfundsiebzig PS, drei Bar, eintausenddreizehn Hektopascal")]
    [InlineData("9,81 m/s², 80 km/h, 5 €/kg", "neun Komma acht eins Meter pro Sekunde zum Quadrat, achtzig Kilometer pro Stunde, fünf Euro pro Kilogramm")]
    [InlineData("1 h, 2 h, 1 t, 90 min", "eine Stunde, zwei Stunden, eine Tonne, neunzig Minuten")]
    public void German_units(string text, string spoken) => AssertSpoken("de", text, spoken);

    [Theory]
    [InlineData("230 V, 60 W, 16 Mbps, 5 kB, 300 kcal, 75 hp, 1013 hPa",
        "two hundred thirty volts, sixty watts, sixteen megabits per second, five kilobytes, three hundred kilocalories, seventy-five horsepower, one thousand thirteen hectopascals")]
    [InlineData("3 µm, 2 nm, 1 h, 2 h", "three micrometers, two nanometers, one hour, two hours")]
    [InlineData("9.81 m/s², 1 ft, 6 ft, 1 mi", "nine point eight one meters per second squared, one foot, six feet, one mile")]
    public void English_units(string text, string spoken) => AssertSpoken("en", text, spoken);

    [Theory]
    [InlineData("o. g. Punkte, i. A., max. 5, mind. 3, lt. Plan, S. 12 ff.", "o. g. Punkte, im Auftrag, maximal fünf, mindestens drei, laut Plan, Seite zwölf fortfolgende.")]
    [InlineData("inkl. MwSt., u. v. m. und ehem. Chef", "inklusive Mehrwertsteuer, und vieles mehr und ehem. Chef")]
    [InlineData("Bsp.: Tel.-Nr. 5, 20 Tsd. Leute", "Beispiel: Telefonnummer fünf, zwanzigtausend Leute")]
    [InlineData("Prof. Dr. med. Meier, Dipl.-Ing. Kurz, z.Hd. Frau Lang", "Professor Doktor med. Meier, Diplomingenieur Kurz, zu Händen Frau Lang")]
    public void German_abbreviations(string text, string spoken) => AssertSpoken("de", text, spoken);

    [Theory]
    [InlineData("Dept. of Health, est. 1905, max. 5, min. 3, p. 12", "Department of Health, established nineteen oh five, maximum five, minimum three, page twelve")]
    [InlineData("Messrs. Smith, Hon. Jones, a.k.a. Bob, w/o sugar, Sen. Lee", "Messieurs Smith, Honorable Jones, also known as Bob, without sugar, Senator Lee")]
    public void English_abbreviations(string text, string spoken) => AssertSpoken("en", text, spoken);

    [Theory]
    [InlineData("anna.b@web.de", "anna Punkt b ät web Punkt de")]
    [InlineData("Schreib an max_muster-7+x@mail.example.co.uk.", "Schreib an max Unterstrich muster Minus sieben plus x ät mail Punkt example Punkt co Punkt uk.")]
    [InlineData("mailto:info@müller.de!", "info ät müller Punkt de!")]
    [InlineData("https://example.org/a-b?x=1", "example Punkt org Schrägstrich a Minus b Fragezeichen x gleich eins")]
    [InlineData("Siehe www.spiegel.de/, (https://de.wikipedia.org/wiki/K%C3%B6ln_(Stadt)).",
        "Siehe w w w Punkt spiegel Punkt de, (de Punkt wikipedia Punkt org Schrägstrich wiki Schrägstrich Köln Unterstrich Klammer auf Stadt Klammer zu).")]
    [InlineData("http://192.168.0.1:8080/x_y#z&100%25",
        "eins neun zwei Punkt eins sechs acht Punkt null Punkt eins Doppelpunkt acht null acht null Schrägstrich x Unterstrich y Raute z und eins null null Prozent zwei fünf")]
    [InlineData("Auf spiegel.de steht: Node.js und ASP.NET.", "Auf spiegel Punkt de steht: Node.js und ASP.NET.")]
    public void German_addresses(string text, string spoken) => AssertSpoken("de", text, spoken);

    [Theory]
    [InlineData("anna.b@web.de", "anna dot b at web dot de")]
    [InlineData("Write to max_muster-7@mail.example.co.uk.", "Write to max underscore muster dash seven at mail dot example dot co dot uk.")]
    [InlineData("https://example.org/a-b?x=1&y=~2", "example dot org slash a dash b question mark x equals one and y equals tilde two")]
    [InlineData("See https://github.com/a/b.git, then https://x.com!", "See github dot com slash a slash b dot git, then x dot com!")]
    [InlineData("it is on example.com.", "it is on example dot com.")]
    public void English_addresses(string text, string spoken) => AssertSpoken("en", text, spoken);

    [Theory]
    [InlineData("de", LinkReading.Read, "Siehe web Punkt de Schrägstrich a, ja.")]
    [InlineData("de", LinkReading.Host, "Siehe web Punkt de, ja.")]
    [InlineData("de", LinkReading.Omit, "Siehe, ja.")]
    [InlineData("de", LinkReading.Keep, "Siehe https://me:pw@web.de:81/a, ja.")]
    [InlineData("fr", LinkReading.Read, "Siehe https://me:pw@web.de:81/a, ja.")]
    [InlineData("fr", LinkReading.Host, "Siehe web.de, ja.")]
    [InlineData("fr", LinkReading.Omit, "Siehe, ja.")]
    public void A_setting_says_what_becomes_of_links(string language, LinkReading links, string spoken)
    {
        var cleaner = new TextCleaner(language, links: links);
        var text = links == LinkReading.Read && language == "de" ? "Siehe https://web.de/a, ja." : "Siehe https://me:pw@web.de:81/a, ja.";
        Assert.Equal(spoken, cleaner.Clean(text));
        Assert.Equal(spoken, cleaner.Clean(spoken));
    }

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    [InlineData("fr")]
    public void An_empty_text_stays_empty(string language)
    {
        var cleaner = new TextCleaner(language);
        foreach (var empty in new[] { "", " ", "\n\r\n", "\u200B\u00AD", "\t\u00A0" }) Assert.Equal("", cleaner.Clean(empty));
        Assert.Empty(cleaner.UnknownTags(""));
        Assert.Empty(SentenceSplitter.Of(language).Sentences(" \n"));
    }

    private static void AssertSpoken(string language, string text, string spoken)
    {
        var cleaner = new TextCleaner(language);
        Assert.Equal(spoken, cleaner.Clean(text));
        Assert.Equal(spoken, cleaner.Clean(spoken));
    }
}
