namespace VoxMake.Text.Speech;

/// <summary>How the signs of electronic addresses are said.</summary>
/// <param name="Signs">The word of each sign, such as <c>.</c> and <c>@</c>.</param>
/// <param name="Digits">Of digits the words, one by one.</param>
internal sealed record AddressWords(IReadOnlyDictionary<char, string> Signs, Func<string, string> Digits)
{
    public static AddressWords German { get; } = new(Table("Punkt", "ät", "Minus", "Unterstrich", "Schrägstrich", "Doppelpunkt", "Fragezeichen", "gleich", "und", "Raute", "Prozent", "plus", "Tilde",
        "Komma", "Semikolon", "Ausrufezeichen", "Stern", "Klammer auf", "Klammer zu", "Dollar", "Apostroph"), GermanNumbers.Digits);

    public static AddressWords English { get; } = new(Table("dot", "at", "dash", "underscore", "slash", "colon", "question mark", "equals", "and", "hash", "percent", "plus", "tilde",
        "comma", "semicolon", "exclamation mark", "star", "open parenthesis", "close parenthesis", "dollar", "apostrophe"), EnglishNumbers.Digits);

    /// <summary>The signs that have words, in the order of <see cref="Table"/>.</summary>
    public const string All = ".@-_/:?=&#%+~,;!*()$'";

    private static Dictionary<char, string> Table(params string[] words) => All.Zip(words).ToDictionary();
}
