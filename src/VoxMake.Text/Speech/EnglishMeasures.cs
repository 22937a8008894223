using System.Globalization;

namespace VoxMake.Text.Speech;

/// <summary>English amounts: money, percent, units, millions, fractions.</summary>
internal static class EnglishMeasures
{
    public static readonly Numerals Numerals = new(", ", ".");

    private static readonly Dictionary<string, (string One, string Many, string Cent, string Cents)> Currencies = new(StringComparer.Ordinal)
    {
        ["$"] = ("dollar", "dollars", "cent", "cents"), ["US$"] = ("dollar", "dollars", "cent", "cents"), ["€"] = ("euro", "euros", "cent", "cents"), ["£"] = ("pound", "pounds", "penny", "pence"),
        ["¥"] = ("yen", "yen", "sen", "sen"), ["JPY"] = ("yen", "yen", "sen", "sen"), ["CHF"] = ("franc", "francs", "centime", "centimes"), ["USD"] = ("dollar", "dollars", "cent", "cents"),
        ["EUR"] = ("euro", "euros", "cent", "cents"), ["GBP"] = ("pound", "pounds", "penny", "pence"), ["₺"] = ("lira", "lira", "kurush", "kurush"),
    };

    private static readonly Dictionary<string, (string One, string Many)> Units = new(StringComparer.Ordinal)
    {
        ["km/h"] = ("kilometer per hour", "kilometers per hour"), ["mph"] = ("mile per hour", "miles per hour"), ["m/s"] = ("meter per second", "meters per second"),
        ["km²"] = ("square kilometer", "square kilometers"), ["m²"] = ("square meter", "square meters"), ["m³"] = ("cubic meter", "cubic meters"),
        ["km"] = ("kilometer", "kilometers"), ["m"] = ("meter", "meters"), ["cm"] = ("centimeter", "centimeters"), ["mm"] = ("millimeter", "millimeters"), ["ft"] = ("foot", "feet"),
        ["yd"] = ("yard", "yards"), ["mi"] = ("mile", "miles"), ["kg"] = ("kilogram", "kilograms"), ["g"] = ("gram", "grams"), ["mg"] = ("milligram", "milligrams"),
        ["lb"] = ("pound", "pounds"), ["lbs"] = ("pound", "pounds"), ["oz"] = ("ounce", "ounces"), ["l"] = ("liter", "liters"), ["ml"] = ("milliliter", "milliliters"),
        ["min"] = ("minute", "minutes"), ["ms"] = ("millisecond", "milliseconds"), ["kW"] = ("kilowatt", "kilowatts"), ["kWh"] = ("kilowatt-hour", "kilowatt-hours"),
        ["Hz"] = ("hertz", "hertz"), ["kHz"] = ("kilohertz", "kilohertz"), ["MHz"] = ("megahertz", "megahertz"), ["GHz"] = ("gigahertz", "gigahertz"), ["MB"] = ("megabyte", "megabytes"),
        ["GB"] = ("gigabyte", "gigabytes"), ["TB"] = ("terabyte", "terabytes"), ["dB"] = ("decibel", "decibels"),
        ["°C"] = ("degree Celsius", "degrees Celsius"), ["°F"] = ("degree Fahrenheit", "degrees Fahrenheit"), ["°"] = ("degree", "degrees"), ["%"] = ("percent", "percent"),
        ["m/s²"] = ("meter per second squared", "meters per second squared"), ["cm²"] = ("square centimeter", "square centimeters"), ["cm³"] = ("cubic centimeter", "cubic centimeters"),
        ["µm"] = ("micrometer", "micrometers"), ["μm"] = ("micrometer", "micrometers"), ["nm"] = ("nanometer", "nanometers"), ["µg"] = ("microgram", "micrograms"),
        ["μg"] = ("microgram", "micrograms"),
        ["h"] = ("hour", "hours"), ["V"] = ("volt", "volts"), ["kV"] = ("kilovolt", "kilovolts"), ["mA"] = ("milliampere", "milliamperes"),
        ["W"] = ("watt", "watts"), ["MW"] = ("megawatt", "megawatts"), ["GW"] = ("gigawatt", "gigawatts"), ["Wh"] = ("watt-hour", "watt-hours"), ["hp"] = ("horsepower", "horsepower"),
        ["kcal"] = ("kilocalorie", "kilocalories"), ["kJ"] = ("kilojoule", "kilojoules"), ["hPa"] = ("hectopascal", "hectopascals"), ["kPa"] = ("kilopascal", "kilopascals"),
        ["psi"] = ("pound per square inch", "pounds per square inch"), ["kB"] = ("kilobyte", "kilobytes"), ["KB"] = ("kilobyte", "kilobytes"),
        ["Mbps"] = ("megabit per second", "megabits per second"), ["Gbps"] = ("gigabit per second", "gigabits per second"), ["MB/s"] = ("megabyte per second", "megabytes per second"),
        ["fps"] = ("frame per second", "frames per second"), ["rpm"] = ("revolution per minute", "revolutions per minute"), ["¢"] = ("cent", "cents"), ["gal"] = ("gallon", "gallons"),
        ["‰"] = ("per mille", "per mille"),
    };

    private static readonly Dictionary<char, (string Alone, string Behind)> Fractions = new()
    {
        ['½'] = ("one half", "a half"), ['¼'] = ("one quarter", "a quarter"), ['¾'] = ("three quarters", "three quarters"), ['⅓'] = ("one third", "a third"), ['⅔'] = ("two thirds", "two thirds"),
        ['⅛'] = ("one eighth", "an eighth"),
    };

    private const string Spelled = @"(?<scale> (?:thousand|million|billion|trillion)\b)";

    private static readonly Dictionary<string, string> Scales = new(StringComparer.Ordinal)
    {
        ["k"] = "thousand", ["K"] = "thousand", ["m"] = "million", ["M"] = "million", ["mn"] = "million", ["b"] = "billion", ["B"] = "billion", ["bn"] = "billion", ["tn"] = "trillion",
    };

    public static IReadOnlyList<SpeechRule> Rules { get; } =
    [
        new($@"(?<![\p{{L}}\p{{N}}€$£¥])(?<minus>(?<![^\s(])[\-−])?(?<what>US\$|[€$£]) ?{Numerals.Pattern}(?<short>{SpeechRule.OneOf(Scales.Keys)}){SpeechRule.End}", match =>
        {
            var amount = Numerals.Read(match);
            var minus = match.Groups["minus"].Success || amount.IsNegative ? "minus " : "";
            return $"{minus}{EnglishReading.Say(amount with { IsNegative = false })} {Scales[match.Groups["short"].Value]} {Currencies[match.Groups["what"].Value].Many}";
        }),
        new($@"(?<![\p{{L}}\p{{N}}€$£¥])(?<minus>(?<![^\s(])[\-−])?(?<what>US\$|[€$£¥]|USD|EUR|GBP|CHF|JPY) ?{Numerals.Pattern}{SpeechRule.End}{Spelled}?", match =>
        {
            var (amount, (one, many, cent, cents)) = (Numerals.Read(match), Currencies[match.Groups["what"].Value]);
            var minus = match.Groups["minus"].Success || amount.IsNegative ? "minus " : "";
            if (match.Groups["scale"].Success) return $"{minus}{EnglishReading.Say(amount with { IsNegative = false })}{match.Groups["scale"].Value} {many}";
            if (amount.Fraction.Length is not (0 or 2)) return $"{minus}{EnglishReading.Say(amount with { IsNegative = false })} {many}";
            var part = amount.IsWhole ? 0 : int.Parse(amount.Fraction, CultureInfo.InvariantCulture);
            var small = $"{EnglishNumbers.Cardinal(part)} {(part == 1 ? cent : cents)}";
            var whole = $"{EnglishNumbers.Cardinal(amount.Whole)} {(amount.Whole == 1 ? one : many)}";
            return minus + (part == 0 ? whole : amount.Whole == 0 ? small : $"{whole} and {small}");
        }),
        new($@"{SpeechRule.Begin}{Numerals.Pattern} ?(?<what>[€£₺]|USD|EUR|GBP|CHF|JPY)(?![\p{{L}}\p{{N}}])", match =>
        {
            var (amount, (one, many, _, _)) = (Numerals.Read(match), Currencies[match.Groups["what"].Value]);
            return $"{EnglishReading.Say(amount)} {(amount.IsOne ? one : many)}";
        }),
        new($@"{SpeechRule.Begin}{Numerals.Pattern} ?(?<what>{SpeechRule.OneOf(Units.Keys)})(?![\p{{L}}\p{{N}}²³/])", match =>
        {
            var (number, (one, many)) = (Numerals.Read(match), Units[match.Groups["what"].Value]);
            return $"{EnglishReading.Say(number)} {(number.IsOne ? one : many)}";
        }),
        new($@"{SpeechRule.Begin}(?<whole>[1-9]\d{{0,2}}) ?(?<part>[½¼¾⅓⅔⅛])(?![\p{{L}}\p{{N}}])", match =>
            $"{EnglishNumbers.Cardinal(int.Parse(match.Groups["whole"].ValueSpan, CultureInfo.InvariantCulture))} and {Fractions[match.Groups["part"].Value[0]].Behind}"),
        new(@"(?<![\p{L}\p{N}/])(?<part>[½¼¾⅓⅔⅛])(?![\p{L}\p{N}])", match => Fractions[match.Value[0]].Alone),
    ];
}
