using System.Collections.Frozen;
using System.Numerics;

namespace VoxMake.Text.Normalizer;

/// <summary>The words that English numbers are made of.</summary>
internal static class EnglishNumberWords
{
    private static readonly string[] Small =
    [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] Large = ["thousand", "million", "billion", "trillion", "quadrillion", "quintillion", "sextillion", "septillion", "octillion", "nonillion", "decillion"];

    public static FrozenSet<string> Zeros { get; } = new[] { "o", "oh", "zero" }.ToFrozenSet();

    /// <summary>1 to 19.</summary>
    public static FrozenDictionary<string, int> Ones { get; } = Small.Index().ToFrozenDictionary(one => one.Item, one => one.Index + 1);

    public static FrozenDictionary<string, int> Tens { get; } =
        new[] { "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety" }.Index().ToFrozenDictionary(ten => ten.Item, ten => 10 * (ten.Index + 2));

    /// <summary>100, and 10³ to 10³³ by thousands.</summary>
    public static FrozenDictionary<string, BigInteger> Multipliers { get; } =
        Large.Index().Select(one => (one.Item, BigInteger.Pow(1000, one.Index + 1))).Append(("hundred", new BigInteger(100))).ToFrozenDictionary(one => one.Item1, one => one.Item2);

    /// <summary>Plurals and ordinals: the number and what is written behind it.</summary>
    public static FrozenDictionary<string, (int Value, string Suffix)> OnesSuffixed { get; } = OnesWithSuffixes().ToFrozenDictionary(one => one.Word, one => (one.Value, one.Suffix));

    public static FrozenDictionary<string, (int Value, string Suffix)> TensSuffixed { get; } =
        Tens.SelectMany(ten => new[] { (ten.Key[..^1] + "ies", ten.Value, "s"), (ten.Key[..^1] + "ieth", ten.Value, "th") }).ToFrozenDictionary(ten => ten.Item1, ten => (ten.Value, ten.Item3));

    public static FrozenDictionary<string, (BigInteger Value, string Suffix)> MultipliersSuffixed { get; } =
        Multipliers.SelectMany(one => new[] { (one.Key + "s", one.Value, "s"), (one.Key + "th", one.Value, "th") }).ToFrozenDictionary(one => one.Item1, one => (one.Value, one.Item3));

    public static FrozenDictionary<string, string> Signs { get; } = new Dictionary<string, string> { ["minus"] = "-", ["negative"] = "-", ["plus"] = "+", ["positive"] = "+" }.ToFrozenDictionary();

    public static FrozenDictionary<string, string> Currencies { get; } = new Dictionary<string, string>
    {
        ["pound"] = "£", ["pounds"] = "£", ["euro"] = "€", ["euros"] = "€", ["dollar"] = "$", ["dollars"] = "$", ["cent"] = "¢", ["cents"] = "¢",
    }.ToFrozenDictionary();

    /// <summary>What may stand before digits.</summary>
    public const string Prefixes = "-+£€$¢";

    /// <summary>Whether a word says a digit or a ten.</summary>
    public static bool IsDecimal(string? word) => word is not null && (Ones.ContainsKey(word) || Tens.ContainsKey(word) || Zeros.Contains(word));

    /// <summary>Whether a word may be a part of a number.</summary>
    public static bool IsPart(string? word) => word is not null && (IsDecimal(word) || OnesSuffixed.ContainsKey(word) || TensSuffixed.ContainsKey(word) || Multipliers.ContainsKey(word)
        || MultipliersSuffixed.ContainsKey(word) || Signs.ContainsKey(word) || Currencies.ContainsKey(word) || word is "per" or "percent" or "and" or "double" or "triple" or "point");

    private static IEnumerable<(string Word, int Value, string Suffix)> OnesWithSuffixes()
    {
        foreach (var (word, value) in Ones) yield return (word == "six" ? "sixes" : word + "s", value, "s");
        yield return ("zeroth", 0, "th");
        yield return ("first", 1, "st");
        yield return ("second", 2, "nd");
        yield return ("third", 3, "rd");
        yield return ("fifth", 5, "th");
        yield return ("twelfth", 12, "th");
        foreach (var (word, value) in Ones)
            if (value > 3 && value != 5 && value != 12) yield return (word + (word.EndsWith('t') ? "h" : "th"), value, "th");
    }
}
