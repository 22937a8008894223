using System.Text;

namespace VoxMake.Text.Speech;

/// <summary>German numbers in words, written as the Duden has it: one word below a million.</summary>
internal static class GermanNumbers
{
    /// <summary>Above all that <see cref="Cardinal"/> reads.</summary>
    public const long Limit = 1_000_000_000_000_000_000;

    private static readonly string[] Small =
    [
        "null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn",
        "neunzehn",
    ];

    private static readonly string[] Tens = ["", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"];

    private static readonly (long Value, string One, string Many)[] Scales =
    [
        (1_000_000_000_000_000, "Billiarde", "Billiarden"), (1_000_000_000_000, "Billion", "Billionen"), (1_000_000_000, "Milliarde", "Milliarden"), (1_000_000, "Million", "Millionen"),
    ];

    /// <summary>A number from 0 to below <see cref="Limit"/>, as one counts: eins, einundzwanzig, eine Million zwei.</summary>
    public static string Cardinal(long number)
    {
        var words = new List<string>();
        foreach (var (value, one, many) in Scales)
        {
            if (number / value is > 0 and var count) words.Add(count == 1 ? $"eine {one}" : $"{BelowThousand((int)count, "eine")} {many}");
            number %= value;
        }
        if (number > 0 || words.Count == 0) words.Add(BelowMillion((int)number, "eins"));
        return string.Join(' ', words);
    }

    /// <summary>A number before what it counts, where that is a masculine or neuter word that does not change: ein Prozent, zwei Prozent.</summary>
    public static string Counting(long number) => number == 1 ? "ein" : Cardinal(number);

    /// <summary>A year: neunzehnhundertneunundachtzig from 1100 to 1999, all others as numbers.</summary>
    public static string Year(int year) => year is >= 1100 and <= 1999 ? BelowThousand(year / 100, "ein") + "hundert" + (year % 100 > 0 ? BelowThousand(year % 100, "eins") : "") : Cardinal(year);

    /// <summary>An ordinal from 1 to 999,999.</summary>
    /// <param name="ending">Such as <c>e</c> or <c>en</c>.</param>
    public static string Ordinal(int number, string ending)
    {
        var rest = number % 100;
        var before = number - rest > 0 ? BelowMillion(number - rest, "") : "";
        return before + rest switch
        {
            0 => "st",
            1 => "erst",
            3 => "dritt",
            7 => "siebt",
            8 => "acht",
            < 20 => Small[rest] + "t",
            _ => BelowThousand(rest, "eins") + "st",
        } + ending;
    }

    /// <summary>Digits one by one.</summary>
    public static string Digits(string digits) => string.Join(' ', digits.Select(digit => Small[digit - '0']));

    private static string BelowMillion(int number, string one)
    {
        if (number == 0) return Small[0];
        var text = new StringBuilder();
        if (number >= 1000) text.Append(BelowThousand(number / 1000, "ein")).Append("tausend");
        if (number % 1000 > 0) text.Append(BelowThousand(number % 1000, one));
        return text.ToString();
    }

    /// <param name="one">How a one at the end is said.</param>
    private static string BelowThousand(int number, string one)
    {
        var text = new StringBuilder();
        if (number >= 100) text.Append(number / 100 == 1 ? "ein" : Small[number / 100]).Append("hundert");
        var rest = number % 100;
        if (rest == 1) text.Append(one);
        else if (rest is > 1 and < 20) text.Append(Small[rest]);
        else if (rest >= 20) text.Append(rest % 10 == 0 ? "" : (rest % 10 == 1 ? "ein" : Small[rest % 10]) + "und").Append(Tens[rest / 10]);
        return text.ToString();
    }
}
