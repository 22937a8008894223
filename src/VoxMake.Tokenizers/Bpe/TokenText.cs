using System.Text;

namespace VoxMake.Tokenizers.Bpe;

/// <summary>Tokens as messages show them, and the spaces that Hugging Face's older tokenizers took out of decoded texts.</summary>
public static class TokenText
{
    private const int LongestShown = 60;

    private static readonly (string Spaced, string Clean)[] Spaces =
        [(" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re")];

    /// <summary>
    /// A decoded text as transformers 4 gives it where <c>clean_up_tokenization_spaces</c> is true (as in Llama 3's tokenizer_config.json): the space before marks and English contractions goes.
    /// transformers 5 does not do so for byte-level vocabularies. Nothing here calls it: it is for those who compare with servers that run transformers 4.
    /// </summary>
    public static string CleanUpSpaces(string decoded) => Spaces.Aggregate(decoded, (text, pair) => text.Replace(pair.Spaced, pair.Clean, StringComparison.Ordinal));

    /// <summary>A token for a message: short, and without control characters.</summary>
    internal static string Quoted(string token, bool quotes = true, int most = LongestShown)
    {
        var shown = new StringBuilder();
        foreach (var c in token.AsSpan(0, Math.Min(token.Length, most)))
        {
            if (char.IsControl(c) || char.IsSurrogate(c) && token.Length > most) shown.Append($"\\u{(int)c:x4}");
            else shown.Append(c);
        }
        if (token.Length > most) shown.Append('…');
        return quotes ? $"'{shown}'" : shown.ToString();
    }
}
