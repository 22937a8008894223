namespace VoxMake.Models.Vits;

/// <summary>
/// The likeliest way through a text that gives each frame a token, each token at least one frame, and never goes back (Kim et al. 2020, Glow-TTS, section 3.2: monotonic alignment search).
/// </summary>
public static class MonotonicAlignment
{
    private const float Never = -1e9f;

    /// <summary>Finds the path with the greatest sum of scores for each item of a batch. Of equally good paths it takes the one that, seen from the end, stays on a token as long as it can.</summary>
    /// <param name="scores">[batch, frames, tokens] row by row; holds sums of partial paths afterwards.</param>
    /// <param name="frames">Of each item, at most the width of the batch.</param>
    /// <param name="tokens">Of each item, at least 1 and at most its frames.</param>
    /// <param name="frameWidth">Frames of the batch.</param>
    /// <param name="tokenWidth">Tokens of the batch.</param>
    /// <returns>[batch, frames]: the token of each frame, −1 beyond an item's own frames.</returns>
    /// <exception cref="ArgumentException">A length is out of range, or the scores are not as many as the widths say.</exception>
    public static long[] Search(Memory<float> scores, IReadOnlyList<long> frames, IReadOnlyList<long> tokens, int frameWidth, int tokenWidth)
    {
        var items = frames.Count;
        if (tokens.Count != items || scores.Length != (long)items * frameWidth * tokenWidth) throw new ArgumentException($"{scores.Length} scores for {items} items of {frameWidth} frames and {tokenWidth} tokens", nameof(scores));
        for (var i = 0; i < items; i++)
            if (tokens[i] < 1 || tokens[i] > tokenWidth || frames[i] < tokens[i] || frames[i] > frameWidth) throw new ArgumentException($"item {i} has {frames[i]} frames and {tokens[i]} tokens; expected 1 to {tokenWidth} tokens and no fewer frames than tokens, at most {frameWidth}", nameof(tokens));

        var path = new long[items * frameWidth];
        Parallel.For(0, items, item =>
        {
            var own = scores.Span.Slice(item * frameWidth * tokenWidth, frameWidth * tokenWidth);
            One(own, path.AsSpan(item * frameWidth, frameWidth), (int)frames[item], (int)tokens[item], tokenWidth);
        });
        return path;
    }

    private static void One(Span<float> scores, Span<long> path, int frames, int tokens, int width)
    {
        // Forward: the best sum of a path that ends here, of those cells that lie on any whole path
        for (var frame = 1; frame < frames; frame++)
        {
            var row = scores.Slice(frame * width, tokens);
            var before = scores.Slice((frame - 1) * width, tokens);
            var (first, last) = (Math.Max(0, tokens + frame - frames), Math.Min(tokens - 1, frame));
            for (var token = first; token <= last; token++)
            {
                var stay = token == frame ? Never : before[token];
                var advance = token == 0 ? Never : before[token - 1];
                row[token] += Math.Max(advance, stay);
            }
        }

        // Backward from the last token
        path[frames..].Fill(-1);
        var at = tokens - 1;
        for (var frame = frames - 1; frame >= 0; frame--)
        {
            path[frame] = at;
            if (at != 0 && (at == frame || scores[(frame - 1) * width + at] < scores[(frame - 1) * width + at - 1])) at--;
        }
    }
}
