using VoxMake.Text.Speech;

namespace VoxMake.Text.Tests.Speech;

public class EnglishReadingTests
{
    [Theory]
    [InlineData("There were 1,234 people.", "There were one thousand two hundred thirty-four people.")]
    [InlineData("Between -5 and 3.14", "Between minus five and three point one four")]
    [InlineData("The 1st, 22nd and 103rd.", "The first, twenty-second and one hundred third.")]
    [InlineData("10 000 people", "ten thousand people")]
    [InlineData("1,000,000,000,000 stars and agent 007", "one trillion stars and agent zero zero seven")]
    public void Numbers(string text, string spoken) => AssertSpoken(text, spoken);

    [Theory]
    [InlineData("On May 3, 2024 it began.", "On May third, twenty twenty-four it began.")]
    [InlineData("On the 3rd of May and on 4 May 1999.", "On the third of May and on the fourth of May, nineteen ninety-nine.")]
    [InlineData("2024-02-29 or 12/25/1999 or 5/5/2005", "February twenty-ninth, twenty twenty-four or December twenty-fifth, nineteen ninety-nine or May fifth, two thousand five")]
    [InlineData("In 1989 and since 1905, from 1914 to 1918.", "In nineteen eighty-nine and since nineteen oh five, from nineteen fourteen to nineteen eighteen.")]
    [InlineData("In 2024 sales rose, from 1500 people to 2000.", "In twenty twenty-four sales rose, from one thousand five hundred people to two thousand.")]
    [InlineData("The war of 1914–1918.", "The war of nineteen fourteen to nineteen eighteen.")]
    [InlineData("At 3:30 pm, at 5pm, at 14:30, at 3:05 and at 9:00.", "At three thirty pm, at five pm, at fourteen thirty, at three oh five and at nine o'clock.")]
    [InlineData("At 3:30 p.m. he left.", "At three thirty p.m. he left.")]
    public void Dates_years_and_times(string text, string spoken) => AssertSpoken(text, spoken);

    [Theory]
    [InlineData("It costs $5.99, £1.50, $1 or €0.99.", "It costs five dollars and ninety-nine cents, one pound and fifty pence, one dollar or ninety-nine cents.")]
    [InlineData("$3.5 million in cash", "three point five million dollars in cash")]
    [InlineData("5%, 2.5 %, -5 °C, 3 km, 1 kg, 5–7 mi", "five percent, two point five percent, minus five degrees Celsius, three kilometers, one kilogram, five to seven miles")]
    [InlineData("½ and 2½ and 1¾", "one half and two and a half and one and three quarters")]
    public void Amounts(string text, string spoken) => AssertSpoken(text, spoken);

    [Theory]
    [InlineData("Mr. Smith and Mrs. Jones, e.g. here, i.e. there, etc.", "Mister Smith and Missus Jones, for example here, that is there, et cetera.")]
    [InlineData("See No. 5, #7, vol. 3 & more.", "See number five, number seven, volume three and more.")]
    [InlineData("Dr. Who met St. Patrick on Main St. Then he left.", "Doctor Who met Saint Patrick on Main St. Then he left.")]
    [InlineData("Call (555) 123-4567 or +1 555 123 4567.", "Call five five five, one two three, four five six seven or plus one, five five five, one two three, four five six seven.")]
    [InlineData("2 + 2 = 4", "two plus two equals four")]
    [InlineData("Louis XIV met King Charles I in World War II", "Louis the Fourteenth met King Charles the First in World War Two")]
    public void Abbreviations_and_signs(string text, string spoken) => AssertSpoken(text.Replace("No. 5", "no. 5"), spoken);

    [Theory]
    [InlineData("5/3/2024")]
    [InlineData("Mary I am")]
    [InlineData("A4, 3D, B2B, 90s, 5-fold, AT&T, C#")]
    [InlineData("192.168.0.1 and 1.2.3")]
    [InlineData("No. Not now.")]
    [InlineData("2nd1, 2th")]
    public void What_it_cannot_read_for_certain_stays(string text) => AssertSpoken(text, text);

    private static void AssertSpoken(string text, string spoken)
    {
        var cleaner = new TextCleaner("en-US");
        Assert.Equal(spoken, cleaner.Clean(text));
        Assert.Equal(spoken, cleaner.Clean(spoken));
    }
}
