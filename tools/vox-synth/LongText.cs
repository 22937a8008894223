namespace VoxMake.SynthTool;

/// <summary>
/// Cuts long texts into pieces. VITS has no limit of its own, but its attention costs the square of the length, and networks have only heard sentences: a page in one breath is slow and unclear.
/// Cuts lie at the ends of sentences, within longer sentences at commas or spaces, and in what has neither anywhere.
/// </summary>
internal static class LongText
{
    private const string SentenceEnds = ".!?…。！？।؟\n", Closing = "\"'”’»«)]」』", Breaks = ",;:–—、，；";

    /// <summary>Pieces of at most <paramref name="limit"/> characters, as long as they can be; texts that are not longer stay whole.</summary>
    public static IReadOnlyList<string> Pieces(string text, int limit)
    {
        if (text.Length <= limit) return [text];
        var pieces = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = text.Length - start <= limit ? text.Length : CutIn(text, start, start + limit);
            if (text[start..end].Trim() is { Length: > 0 } piece) pieces.Add(piece);
            start = end;
        }
        return pieces;
    }

    /// <summary>The best place to cut after <paramref name="start"/>, at most <paramref name="most"/>.</summary>
    private static int CutIn(string text, int start, int most)
    {
        for (var at = most; at > start; at--)
            if (EndsSentence(text, start, at)) return at;
        for (var at = most; at > start; at--)
            if (Breaks.Contains(text[at - 1]) && char.IsWhiteSpace(text[at])) return at;
        for (var at = most; at > start; at--)
            if (char.IsWhiteSpace(text[at])) return at;
        return char.IsLowSurrogate(text[most]) ? most - 1 : most;
    }

    /// <summary>Behind a mark that ends a sentence, and quotes and brackets that close after it, where white space follows; scripts without spaces need none.</summary>
    private static bool EndsSentence(string text, int start, int at)
    {
        var mark = at - 1;
        while (mark > start && Closing.Contains(text[mark])) mark--;
        return SentenceEnds.Contains(text[mark]) && (text[mark] == '\n' || char.IsWhiteSpace(text[at]) || text[mark] >= 0x3000 && !Closing.Contains(text[at]));
    }
}
