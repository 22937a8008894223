namespace VoxMake.Text.Speech;

/// <summary>Roman numbers in capitals.</summary>
internal static class RomanNumber
{
    private static readonly (int Value, string Sign)[] Signs =
        [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];

    private static readonly Dictionary<string, int> Numbers = Enumerable.Range(1, 39).ToDictionary(Write, StringComparer.Ordinal);

    /// <summary>As rulers and centuries have them, I to XXXIX: greater ones are words and abbreviations too (MIX, CD).</summary>
    public static int? Read(string text) => Numbers.TryGetValue(text, out var number) ? number : null;

    /// <summary>I to MMMCMXCIX, for places where nothing else is meant.</summary>
    public static int? ReadAny(string text)
    {
        int number = 0, at = 0;
        foreach (var (value, sign) in Signs)
            for (; string.CompareOrdinal(text, at, sign, 0, sign.Length) == 0; at += sign.Length) number += value;
        return number is > 0 and < 4000 && at == text.Length && Write(number) == text ? number : null;
    }

    private static string Write(int number)
    {
        var text = "";
        foreach (var (value, sign) in Signs)
            for (; number >= value; number -= value) text += sign;
        return text;
    }
}
