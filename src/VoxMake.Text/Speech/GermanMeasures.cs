using System.Globalization;

namespace VoxMake.Text.Speech;

/// <summary>German amounts: money, percent, units, millions, fractions.</summary>
internal static class GermanMeasures
{
    public static readonly Numerals Numerals = new(".’' ", ",.");

    private static readonly Dictionary<string, (string Name, string Cent)> Currencies = new(StringComparer.Ordinal)
    {
        ["€"] = ("Euro", "Cent"), ["EUR"] = ("Euro", "Cent"), ["Euro"] = ("Euro", "Cent"), ["$"] = ("Dollar", "Cent"), ["USD"] = ("Dollar", "Cent"), ["Dollar"] = ("Dollar", "Cent"),
        ["£"] = ("Pfund", "Pence"), ["GBP"] = ("Pfund", "Pence"), ["US$"] = ("US-Dollar", "Cent"), ["US-Dollar"] = ("US-Dollar", "Cent"), ["CHF"] = ("Franken", "Rappen"),
        ["Franken"] = ("Franken", "Rappen"), ["¥"] = ("Yen", "Sen"), ["JPY"] = ("Yen", "Sen"), ["₺"] = ("Lira", "Kuruş"), ["TRY"] = ("Lira", "Kuruş"),
    };

    private static readonly Dictionary<string, (string One, string Many)> Units = new(StringComparer.Ordinal)
    {
        ["km/h"] = ("ein Kilometer pro Stunde", "Kilometer pro Stunde"), ["m/s"] = ("ein Meter pro Sekunde", "Meter pro Sekunde"), ["km²"] = ("ein Quadratkilometer", "Quadratkilometer"),
        ["m²"] = ("ein Quadratmeter", "Quadratmeter"), ["cm²"] = ("ein Quadratzentimeter", "Quadratzentimeter"),
        ["m³"] = ("ein Kubikmeter", "Kubikmeter"), ["km"] = ("ein Kilometer", "Kilometer"), ["m"] = ("ein Meter", "Meter"), ["cm"] = ("ein Zentimeter", "Zentimeter"),
        ["mm"] = ("ein Millimeter", "Millimeter"), ["kg"] = ("ein Kilogramm", "Kilogramm"), ["g"] = ("ein Gramm", "Gramm"), ["mg"] = ("ein Milligramm", "Milligramm"),
        ["t"] = ("eine Tonne", "Tonnen"), ["l"] = ("ein Liter", "Liter"), ["ml"] = ("ein Milliliter", "Milliliter"), ["h"] = ("eine Stunde", "Stunden"), ["Std."] = ("eine Stunde", "Stunden"),
        ["min"] = ("eine Minute", "Minuten"), ["Min."] = ("eine Minute", "Minuten"), ["s"] = ("eine Sekunde", "Sekunden"),
        ["Sek."] = ("eine Sekunde", "Sekunden"), ["ms"] = ("eine Millisekunde", "Millisekunden"), ["kW"] = ("ein Kilowatt", "Kilowatt"), ["kWh"] = ("eine Kilowattstunde", "Kilowattstunden"),
        ["MW"] = ("ein Megawatt", "Megawatt"), ["W"] = ("ein Watt", "Watt"), ["Hz"] = ("ein Hertz", "Hertz"), ["kHz"] = ("ein Kilohertz", "Kilohertz"),
        ["MHz"] = ("ein Megahertz", "Megahertz"), ["GHz"] = ("ein Gigahertz", "Gigahertz"), ["MB"] = ("ein Megabyte", "Megabyte"), ["GB"] = ("ein Gigabyte", "Gigabyte"),
        ["TB"] = ("ein Terabyte", "Terabyte"), ["ha"] = ("ein Hektar", "Hektar"), ["dB"] = ("ein Dezibel", "Dezibel"),
        ["°C"] = ("ein Grad Celsius", "Grad Celsius"), ["°F"] = ("ein Grad Fahrenheit", "Grad Fahrenheit"), ["°"] = ("ein Grad", "Grad"), ["%"] = ("ein Prozent", "Prozent"),
        ["cm³"] = ("ein Kubikzentimeter", "Kubikzentimeter"), ["dm³"] = ("ein Kubikdezimeter", "Kubikdezimeter"), ["mm²"] = ("ein Quadratmillimeter", "Quadratmillimeter"),
        ["µm"] = ("ein Mikrometer", "Mikrometer"), ["μm"] = ("ein Mikrometer", "Mikrometer"), ["nm"] = ("ein Nanometer", "Nanometer"), ["dm"] = ("ein Dezimeter", "Dezimeter"),
        ["µg"] = ("ein Mikrogramm", "Mikrogramm"), ["μg"] = ("ein Mikrogramm", "Mikrogramm"), ["cl"] = ("ein Zentiliter", "Zentiliter"), ["dl"] = ("ein Deziliter", "Deziliter"),
        ["hl"] = ("ein Hektoliter", "Hektoliter"), ["V"] = ("ein Volt", "Volt"), ["kV"] = ("ein Kilovolt", "Kilovolt"), ["mV"] = ("ein Millivolt", "Millivolt"),
        ["mA"] = ("ein Milliampere", "Milliampere"), ["mAh"] = ("eine Milliamperestunde", "Milliamperestunden"), ["Wh"] = ("eine Wattstunde", "Wattstunden"),
        ["MWh"] = ("eine Megawattstunde", "Megawattstunden"), ["GW"] = ("ein Gigawatt", "Gigawatt"), ["PS"] = ("ein PS", "PS"), ["Nm"] = ("ein Newtonmeter", "Newtonmeter"),
        ["bar"] = ("ein Bar", "Bar"), ["mbar"] = ("ein Millibar", "Millibar"), ["hPa"] = ("ein Hektopascal", "Hektopascal"), ["kPa"] = ("ein Kilopascal", "Kilopascal"),
        ["kJ"] = ("ein Kilojoule", "Kilojoule"), ["kcal"] = ("eine Kilokalorie", "Kilokalorien"), ["kB"] = ("ein Kilobyte", "Kilobyte"), ["KB"] = ("ein Kilobyte", "Kilobyte"),
        ["kbit/s"] = ("ein Kilobit pro Sekunde", "Kilobit pro Sekunde"), ["Mbit/s"] = ("ein Megabit pro Sekunde", "Megabit pro Sekunde"),
        ["Gbit/s"] = ("ein Gigabit pro Sekunde", "Gigabit pro Sekunde"), ["MB/s"] = ("ein Megabyte pro Sekunde", "Megabyte pro Sekunde"),
        ["m/s²"] = ("ein Meter pro Sekunde zum Quadrat", "Meter pro Sekunde zum Quadrat"), ["ct"] = ("ein Cent", "Cent"), ["Ct."] = ("ein Cent", "Cent"),
        ["‰"] = ("ein Promille", "Promille"), ["Prozent"] = ("ein Prozent", "Prozent"),
        ["Mio."] = ("eine Million", "Millionen"), ["Mrd."] = ("eine Milliarde", "Milliarden"), ["Millionen"] = ("eine Million", "Millionen"), ["Milliarden"] = ("eine Milliarde", "Milliarden"),
    };

    private static readonly Dictionary<char, (string Alone, string Behind)> Fractions = new()
    {
        ['½'] = ("ein halb", "einhalb"), ['¼'] = ("ein Viertel", "einviertel"), ['¾'] = ("drei Viertel", "dreiviertel"), ['⅓'] = ("ein Drittel", "eindrittel"),
        ['⅔'] = ("zwei Drittel", "zweidrittel"), ['⅛'] = ("ein Achtel", "einachtel"),
    };

    private static readonly string PerUnit = SpeechRule.OneOf(Units.Keys.Where(unit => char.IsLetter(unit[0])));

    public static IReadOnlyList<SpeechRule> Rules { get; } =
    [
        new($@"{SpeechRule.Begin}{Numerals.Pattern}(?:,[-–—]+)? ?(?<what>{SpeechRule.OneOf(Currencies.Keys)})(?![\p{{L}}\p{{N}}])", (match, text) =>
            Money(Numerals.Read(match), match.Groups["what"].Value)),
        new($@"(?<![\p{{L}}\p{{N}}€$£¥])(?<what>US\$|[€$£¥]|EUR|CHF|USD|GBP) ?{Numerals.Pattern}(?:,[-–—]+)?{SpeechRule.End}(?! ?(?:Mio|Mrd)\.)",
            (match, text) => Money(Numerals.Read(match), match.Groups["what"].Value)),
        new($@"{SpeechRule.Begin}{Numerals.Pattern} ?(?<what>{SpeechRule.OneOf(Units.Keys)})(?![\p{{L}}\p{{N}}²³/])", (match, text) =>
        {
            var (one, many) = Units[match.Groups["what"].Value];
            var number = Numerals.Read(match);
            var words = number.IsOne ? one : $"{GermanReading.Say(number)} {many}";
            var ends = match.Groups["what"].Value.EndsWith('.') && SentenceRules.German.IsEndBefore(NeighbouringWords.After(text, match.Index + match.Length));
            return ends ? words + "." : words;
        }),
        new($@"{SpeechRule.Begin}(?<number>[1-9]\d{{0,2}}) ?(?:Tsd\.|Tsd(?![\p{{L}}.]))", (match, text) =>
            GermanNumbers.Cardinal(1000 * long.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture))
            + (match.Value[^1] == '.' && SentenceRules.German.IsEndBefore(NeighbouringWords.After(text, match.Index + match.Length)) ? "." : "")),
        new($@"(?<=\b{SpeechRule.OneOf(Currencies.Values.SelectMany(one => new[] { one.Name, one.Cent }).Distinct())}(?: \p{{Ll}}{{3,40}})?) ?/ ?(?<what>{PerUnit})(?![\p{{L}}\p{{N}}²³/])",
            match => " pro " + Units[match.Groups["what"].Value].One.Split(' ', 2)[1]),
        new(@"(?<=\p{L}(?:en|arde|ion) )(?<what>[€$£])(?![\p{L}\p{N}])", match => Currencies[match.Value].Name), // zwei Millionen €
        new($@"{SpeechRule.Begin}(?<whole>[1-9]\d{{0,2}}) ?(?<part>[½¼¾⅓⅔⅛])(?![\p{{L}}\p{{N}}])", match =>
            GermanNumbers.Counting(int.Parse(match.Groups["whole"].ValueSpan, CultureInfo.InvariantCulture)) + Fractions[match.Groups["part"].Value[0]].Behind),
        new(@"(?<![\p{L}\p{N}/])(?<part>[½¼¾⅓⅔⅛])(?![\p{L}\p{N}])", (match, text) => Fractions[match.Value[0]].Alone),
    ];

    private static string Money(Numeral amount, string currency)
    {
        var (name, cent) = Currencies[currency];
        return amount.Fraction.Length is 0 or 2 ? Cents(amount, name, cent) : $"{GermanReading.Say(amount)} {name}";
    }

    private static string Cents(Numeral amount, string name, string cent)
    {
        var cents = amount.Fraction.Length == 0 ? 0 : int.Parse(amount.Fraction, CultureInfo.InvariantCulture);
        var minus = amount.IsNegative ? "minus " : "";
        if (amount.Whole == 0 && cents > 0) return $"{minus}{(cents == 1 ? cent == "Cent" ? "ein Cent" : "ein Penny" : $"{GermanNumbers.Cardinal(cents)} {cent}")}";
        var whole = $"{minus}{GermanNumbers.Counting(amount.Whole)} {name}";
        return cents == 0 ? whole : $"{whole} {GermanNumbers.Cardinal(cents)}";
    }
}
