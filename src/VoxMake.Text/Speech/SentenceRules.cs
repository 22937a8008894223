using System.Collections.Frozen;

namespace VoxMake.Text.Speech;

/// <summary>What a full stop may be besides the end of a sentence.</summary>
/// <param name="Ordinals">Whether a number with a full stop is an ordinal (<c>am 3. Mai</c>) and Roman ones are too.</param>
/// <param name="Starters">Words in capitals that are rather a new sentence than what an ordinal counts.</param>
/// <param name="Ends">Marks that end sentences besides those that are known everywhere.</param>
internal sealed record SentenceRules(Abbreviations Abbreviations, bool Ordinals, FrozenSet<string> Starters, string Ends = "")
{
    private static readonly string[] GermanStarters =
    [
        "Aber", "Alle", "Als", "Am", "An", "Auch", "Auf", "Bei", "Da", "Dabei", "Damals", "Damit", "Danach", "Dann", "Das", "Dazu", "Dem", "Den", "Denn", "Der", "Deshalb", "Die", "Dies", "Diese",
        "Dieser", "Dieses",
        "Doch", "Dort", "Du", "Ein", "Eine", "Er", "Es", "Für", "Hier", "Ich", "Ihr", "Ihre", "Im", "In", "Ist", "Jedoch", "Jetzt", "Man", "Mein", "Meine", "Mit", "Nach", "Nachdem", "Noch",
        "Nun", "Nur", "Ob", "Oder", "Sein", "Seine", "Seit",
        "Sie", "So", "Später", "Trotzdem", "Um", "Und", "Unser", "Unter", "Vom", "Von", "Vor", "Während", "Wann", "War", "Warum", "Was", "Wegen", "Weil", "Wenn", "Wer", "Wie", "Wir", "Wo", "Zu",
        "Zum", "Zur", "Zwar", "Zwei",
    ];

    private static readonly string[] EnglishStarters =
    [
        "A", "After", "All", "Although", "And", "As", "At", "Because", "Before", "But", "By", "For", "From", "He", "Her", "Here", "His", "How", "However", "I", "If", "In", "It", "Its", "My",
        "No", "Nobody", "Not", "Now", "On", "Or", "Our",
        "She", "So", "Some", "That", "The", "Their", "Then", "There", "These", "They", "This", "Those", "To", "We", "What", "When", "Where", "Which", "While", "Who", "Why", "With", "Yet", "You",
        "Your",
    ];

    public static SentenceRules German { get; } = new(Abbreviations.German, true, GermanStarters.ToFrozenSet(StringComparer.Ordinal));

    public static SentenceRules English { get; } = new(Abbreviations.English, false, EnglishStarters.ToFrozenSet(StringComparer.Ordinal));

    public static SentenceRules Any { get; } = new(Abbreviations.Any, true, GermanStarters.Concat(EnglishStarters).ToFrozenSet(StringComparer.Ordinal));

    /// <summary>Whether a full stop that belongs to an abbreviation or may make an ordinal ends the sentence as well, by what follows it. In German that is told by words only: all nouns have
    /// capitals.</summary>
    /// <param name="next">As <see cref="NeighbouringWords.After"/> gives it.</param>
    public bool IsEndBefore(ReadOnlySpan<char> next) => next.IsEmpty || char.IsLetter(next[0]) && (Ordinals ? Starters.Contains(next.ToString()) : char.IsUpper(next[0]));
}
