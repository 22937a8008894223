namespace VoxMake.Text.Speech;

/// <summary>Roman numbers as rulers and centuries have them: I to XXXIX, in capitals.</summary>
internal static class RomanNumber
{
    private static readonly Dictionary<string, int> Numbers = Enumerable.Range(1, 39).ToDictionary(Write, StringComparer.Ordinal);

    public static int? Read(string text) => Numbers.TryGetValue(text, out var number) ? number : null;

    private static string Write(int number) => new string('X', number / 10) + (number % 10) switch
    {
        9 => "IX",
        4 => "IV",
        var ones => new string('V', ones / 5) + new string('I', ones % 5),
    };
}
