namespace VoxMake.Speech.Recognition.Whisper;

/// <summary>A word with its time; while marks are merged it may be empty.</summary>
/// <param name="start">Seconds from the window's beginning.</param>
internal sealed class SpokenWord(string text, IReadOnlyList<int> tokens, double start, double end, double probability)
{
    public string Text { get; set; } = text;
    public IReadOnlyList<int> Tokens { get; set; } = tokens;
    public double Start { get; set; } = start;
    public double End { get; set; } = end;

    /// <summary>Mean of its tokens', 0 to 1.</summary>
    public double Probability { get; } = probability;
}

/// <summary>Words with times for the segments of a window, as openai-whisper's <c>add_word_timestamps</c>.</summary>
internal static class WordTimes
{
    private const string Prepended = "\"'“¿([{-", Appended = "\"'.。,，!！?？:：”)]}、", SentenceEnds = ".。!！?？";

    /// <summary>Finds the words of a text in its window.</summary>
    /// <param name="start">Start sequence that the network reads before the text.</param>
    /// <param name="text">Text tokens of all segments, without timestamps.</param>
    /// <param name="frames">Frames of 10 ms that the window's sound has.</param>
    public static List<SpokenWord> Find(IHeardWindows heard, int window, WhisperTokenizer tokenizer, IReadOnlyList<int> start, IReadOnlyList<int> text, string? language, int frames, int medianWidth)
    {
        if (text.Count == 0) return [];
        var attention = heard.Attend(window, [.. start, tokenizer.NoTimestamps, .. text, tokenizer.Eot], start.Count + 1, tokenizer.Eot, Math.Max(1, frames / 2));
        var matrix = AttentionTimes.Matrix(attention, medianWidth);
        // The row of <|notimestamps|> stands where the first word begins, that of each token where the next one does.
        var times = AttentionTimes.JumpTimes(matrix, attention.Tokens, attention.Positions, start.Count, 1);
        var (words, at) = (new List<SpokenWord>(), 0);
        foreach (var word in WordSplit.Split(tokenizer, [.. text, tokenizer.Eot], language).SkipLast(1))
        {
            var next = at + word.Tokens.Count;
            words.Add(new SpokenWord(word.Text, word.Tokens, times[at], times[next], attention.Probabilities[at..next].Average(one => (double)one)));
            at = next;
        }
        return words;
    }

    /// <summary>Puts marks to the words that they belong to; the marks remain as empty words.</summary>
    public static void MergePunctuation(IReadOnlyList<SpokenWord> words)
    {
        var following = words.Count - 1;
        for (var i = words.Count - 2; i >= 0; i--)
        {
            if (words[i].Text.StartsWith(' ') && Prepended.Contains(words[i].Text.Trim(), StringComparison.Ordinal)) Move(words[i], words[following], front: true);
            else following = i;
        }
        var previous = 0;
        for (var i = 1; i < words.Count; i++)
        {
            if (!words[previous].Text.EndsWith(' ') && Appended.Contains(words[i].Text, StringComparison.Ordinal)) Move(words[i], words[previous], front: false);
            else previous = i;
        }
    }

    private static void Move(SpokenWord mark, SpokenWord word, bool front)
    {
        word.Text = front ? mark.Text + word.Text : word.Text + mark.Text;
        word.Tokens = front ? [.. mark.Tokens, .. word.Tokens] : [.. word.Tokens, .. mark.Tokens];
        (mark.Text, mark.Tokens) = ("", []);
    }

    /// <summary>How long a word of this window usually is: the median, 0.7 s at most; 0 where no word takes any time.</summary>
    public static double UsualDuration(IReadOnlyList<SpokenWord> words)
    {
        double[] durations = [.. words.Select(word => word.End - word.Start).Where(duration => duration != 0).Order()];
        if (durations.Length == 0) return 0;
        var middle = durations.Length / 2;
        return Math.Min(0.7, durations.Length % 2 == 1 ? durations[middle] : (durations[middle - 1] + durations[middle]) / 2);
    }

    /// <summary>At the end of a sentence a pause is often taken for a part of the mark, or of the word behind it: neither may last longer than twice the usual word. Before marks are merged.</summary>
    public static void ShortenAtSentenceEnds(IReadOnlyList<SpokenWord> words, double usual)
    {
        var longest = 2 * usual;
        for (var i = 1; i < words.Count && usual > 0; i++)
        {
            if (words[i].End - words[i].Start <= longest) continue;
            if (SentenceEnds.Contains(words[i].Text, StringComparison.Ordinal)) words[i].End = words[i].Start + longest;
            else if (SentenceEnds.Contains(words[i - 1].Text, StringComparison.Ordinal)) words[i].Start = words[i].End - longest;
        }
    }

    /// <summary>
    /// The first words behind a pause are often stretched over it: they get at most twice the usual duration each. Then segment and words take the better of each other's ends: the segment's
    /// timestamp where a word reaches half a second beyond it, else the word's.
    /// </summary>
    /// <param name="words">Of the segment, without empty ones; changed. Seconds, on the same clock as the others.</param>
    /// <param name="lastSpeech">Where speech ended before.</param>
    /// <returns>The segment's start and end.</returns>
    public static (double Start, double End) ShortenAtSegmentStart(IReadOnlyList<SpokenWord> words, double start, double end, double lastSpeech, double usual)
    {
        var (longest, first, last) = (2 * usual, words[0], words[^1]);
        var second = words.Count > 1 ? words[1] : null;
        if (first.End - lastSpeech > 4 * usual && (first.End - first.Start > longest || second is not null && second.End - first.Start > 2 * longest))
        {
            if (second is not null && second.End - second.Start > longest) first.End = second.Start = Math.Max(second.End / 2, second.End - longest);
            first.Start = Math.Max(0, first.End - longest);
        }
        if (start < first.End && start - 0.5 > first.Start) first.Start = Math.Max(0, Math.Min(first.End - usual, start));
        else start = first.Start;
        if (end > last.Start && end + 0.5 < last.End) last.End = Math.Max(last.Start + usual, end);
        else end = last.End;
        return (start, end);
    }
}
