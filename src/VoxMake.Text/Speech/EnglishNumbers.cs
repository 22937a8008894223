namespace VoxMake.Text.Speech;

/// <summary>English numbers in words, as Americans write them: one hundred twenty-three.</summary>
internal static class EnglishNumbers
{
    private static readonly string[] Small =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] Tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    private static readonly (long Value, string Name)[] Scales =
        [(1_000_000_000_000_000, "quadrillion"), (1_000_000_000_000, "trillion"), (1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand")];

    /// <summary>A number from 0 to below <see cref="GermanNumbers.Limit"/>.</summary>
    public static string Cardinal(long number)
    {
        var words = new List<string>();
        foreach (var (value, name) in Scales)
        {
            if (number / value is > 0 and var count) words.Add($"{BelowThousand((int)count)} {name}");
            number %= value;
        }
        if (number > 0 || words.Count == 0) words.Add(BelowThousand((int)number));
        return string.Join(' ', words);
    }

    /// <summary>A year: nineteen eighty-nine, nineteen oh five, twenty twenty-four; two thousand to two thousand nine, and what is no year of four digits, as numbers.</summary>
    public static string Year(int year)
    {
        if (year is < 1100 or > 2099 or >= 2000 and < 2010) return Cardinal(year);
        var (century, rest) = (BelowThousand(year / 100), year % 100);
        return rest switch
        {
            0 => $"{century} hundred",
            < 10 => $"{century} oh {Small[rest]}",
            _ => $"{century} {BelowThousand(rest)}",
        };
    }

    /// <summary>An ordinal from 1: twenty-first.</summary>
    public static string Ordinal(long number)
    {
        var words = Cardinal(number);
        var start = words.LastIndexOfAny([' ', '-']) + 1;
        return words[..start] + words[start..] switch
        {
            "one" => "first",
            "two" => "second",
            "three" => "third",
            "five" => "fifth",
            "eight" => "eighth",
            "nine" => "ninth",
            "twelve" => "twelfth",
            var last when last.EndsWith('y') => last[..^1] + "ieth",
            var last => last + "th",
        };
    }

    /// <summary>Digits one by one.</summary>
    public static string Digits(string digits) => string.Join(' ', digits.Select(digit => Small[digit - '0']));

    private static string BelowThousand(int number)
    {
        var words = new List<string>();
        if (number >= 100) words.Add(Small[number / 100] + " hundred");
        var rest = number % 100;
        if (rest >= 20) words.Add(Tens[rest / 10] + (rest % 10 > 0 ? "-" + Small[rest % 10] : ""));
        else if (rest > 0 || number == 0) words.Add(Small[rest]);
        return string.Join(' ', words);
    }
}
