namespace VoxMake.Speech.Recognition.Whisper;

/// <summary>A word or a mark as tokens make it.</summary>
/// <param name="Text">With the space before it, where there is one.</param>
internal sealed record TokenWord(string Text, IReadOnlyList<int> Tokens);

/// <summary>Cuts tokens into words, as openai-whisper's <c>split_to_word_tokens</c> does.</summary>
internal static class WordSplit
{
    private const char Replacement = '\uFFFD';
    private const string Punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    /// <summary>Languages that put no spaces between words: every whole character that tokens make is a word there.</summary>
    private static readonly HashSet<string> WithoutSpaces = new(StringComparer.Ordinal) { "zh", "ja", "th", "lo", "my", "yue" };

    /// <param name="language">Whisper's code.</param>
    public static List<TokenWord> Split(WhisperTokenizer tokenizer, IReadOnlyList<int> tokens, string? language) =>
        language is not null && WithoutSpaces.Contains(language) ? OnCharacters(tokenizer, tokens) : OnSpaces(tokenizer, tokens);

    /// <summary>Where tokens, put together, are whole characters.</summary>
    private static List<TokenWord> OnCharacters(WhisperTokenizer tokenizer, IReadOnlyList<int> tokens)
    {
        var whole = tokenizer.DecodeWithTimestamps(tokens);
        var (words, current, offset) = (new List<TokenWord>(), new List<int>(), 0);
        foreach (var token in tokens)
        {
            current.Add(token);
            var text = tokenizer.DecodeWithTimestamps(current);
            // A character that is none in the whole text either will not become one.
            var broken = text.IndexOf(Replacement, StringComparison.Ordinal);
            if (broken >= 0 && (offset + broken >= whole.Length || whole[offset + broken] != Replacement)) continue;
            words.Add(new(text, [.. current]));
            current.Clear();
            offset += text.Length;
        }
        if (current.Count > 0) words.Add(new(tokenizer.DecodeWithTimestamps(current), [.. current]));
        return words;
    }

    private static List<TokenWord> OnSpaces(WhisperTokenizer tokenizer, IReadOnlyList<int> tokens)
    {
        var words = new List<TokenWord>();
        foreach (var part in OnCharacters(tokenizer, tokens))
        {
            var begins = words.Count == 0 || part.Tokens[0] >= tokenizer.Eot || part.Text.StartsWith(' ') || Punctuation.Contains(part.Text.Trim(), StringComparison.Ordinal);
            if (begins) words.Add(part);
            else words[^1] = new(words[^1].Text + part.Text, [.. words[^1].Tokens, .. part.Tokens]);
        }
        return words;
    }
}
