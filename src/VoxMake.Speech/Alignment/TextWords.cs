using VoxMake.Text.Espeak;
using VoxMake.Text.Speech;

namespace VoxMake.Speech.Alignment;

/// <summary>A word as a text writes it.</summary>
/// <param name="Text">With the marks that hang on it.</param>
/// <param name="At">In UTF-16 units of the whole text.</param>
/// <param name="Sentence">Index of its sentence.</param>
internal sealed record WrittenWord(string Text, int At, int Sentence);

/// <summary>A text cut into sentences and words: what white space separates, without what is only marks.</summary>
/// <param name="Sentences">Text and place of each; one without words is not among them.</param>
/// <param name="Words">All words in order.</param>
internal sealed record TextWords(IReadOnlyList<(string Text, int At)> Sentences, IReadOnlyList<WrittenWord> Words)
{
    public static TextWords Of(string text, string? language)
    {
        var (sentences, words) = (new List<(string, int)>(), new List<WrittenWord>());
        var from = 0;
        foreach (var sentence in SentenceSplitter.Of(language).Sentences(text))
        {
            var at = text.IndexOf(sentence, from, StringComparison.Ordinal);
            from = at + sentence.Length;
            var before = words.Count;
            for (var i = 0; i < sentence.Length; i++)
            {
                if (char.IsWhiteSpace(sentence[i])) continue;
                var end = i + 1;
                while (end < sentence.Length && !char.IsWhiteSpace(sentence[end])) end++;
                if (!Marks.IsNothingElse(sentence.AsSpan(i, end - i))) words.Add(new WrittenWord(sentence[i..end], at + i, sentences.Count));
                i = end;
            }
            if (words.Count > before) sentences.Add((sentence, at));
        }
        return new TextWords(sentences, words);
    }
}
