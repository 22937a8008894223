namespace VoxMake.Text.Vocabulary;

/// <summary>What may be done to a text so that a model can read it.</summary>
/// <param name="FoldCase">Whether a letter is put in the other case where the vocabulary has only that.</param>
/// <param name="StripDiacritics">Whether a letter that the vocabulary lacks loses its marks (<c>é</c> becomes <c>e</c>), and letters such as <c>ø</c> become their nearest. It changes words:
/// off.</param>
/// <param name="DropMarks">Whether punctuation that the vocabulary lacks becomes a space. Letters, digits and signs such as <c>€</c> are never dropped.</param>
/// <param name="Language">Whose rules for capitals hold (<c>tr</c>, <c>az</c>: I and ı, İ and i).</param>
public sealed record VocabularySettings(bool FoldCase = true, bool StripDiacritics = false, bool DropMarks = true, string? Language = null);
