namespace VoxMake.Text.Speech;

/// <summary>A word that is written short.</summary>
/// <param name="Written">With its full stops, and a space where both ways of writing it are meant: <c>z. B.</c> is <c>z.B.</c> too.</param>
/// <param name="Spoken">In full; null where that hangs on what is meant, and it is left as it is.</param>
/// <param name="MayEnd">Whether it may be a sentence's last word; its full stop is the sentence's as well then.</param>
/// <param name="BeforeNumber">Whether it is one only where a digit follows: <c>No. 5</c>, but <c>No. Not now.</c></param>
internal sealed record Abbreviation(string Written, string? Spoken, bool MayEnd = false, bool BeforeNumber = false)
{
    /// <summary>Without white space, in small letters: how it is looked up.</summary>
    public string Key { get; } = Written.Replace(" ", "").ToLowerInvariant();

    /// <summary>Whether a word of this key is it: <c>Jan.</c> is not <c>jan.</c>, but <c>Z. B.</c> may begin a sentence.</summary>
    /// <param name="first">The word's first character.</param>
    /// <param name="next">What follows behind white space; nothing at the end.</param>
    public bool Is(char first, ReadOnlySpan<char> next) => (char.IsLower(Written[0]) || char.IsUpper(first)) && (!BeforeNumber || next.Length > 0 && char.IsAsciiDigit(next[0]));
}
