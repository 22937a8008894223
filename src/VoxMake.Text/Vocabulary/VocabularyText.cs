namespace VoxMake.Text.Vocabulary;

/// <summary>A text for a model, and what was done to it.</summary>
/// <param name="Text">What the model gets; it still has what is in <paramref name="Left"/>.</param>
/// <param name="Mapped">How often a character was replaced, by the character.</param>
/// <param name="Dropped">How often a mark became a space.</param>
/// <param name="Left">How often a character stands in <paramref name="Text"/> that the vocabulary does not have: letters, digits and signs. A model would pass over them in silence.</param>
public sealed record VocabularyText(string Text, IReadOnlyDictionary<string, int> Mapped, IReadOnlyDictionary<string, int> Dropped, IReadOnlyDictionary<string, int> Left)
{
    /// <summary>Whether the model knows all of it.</summary>
    public bool IsWhole => Left.Count == 0;
}
