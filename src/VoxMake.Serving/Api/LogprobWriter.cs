using VoxMake.Models.Generation;
using VoxMake.Tokenizers.Bpe;

namespace VoxMake.Serving.Api;

/// <summary>How likely tokens were, in the shape of OpenAI's completions: four lists, an entry for each token.</summary>
internal sealed record LogprobLists(List<int> TextOffset, List<double?> TokenLogprobs, List<string> Tokens, List<Dictionary<string, double>?> TopLogprobs);

/// <summary>One token of vLLM's <c>prompt_logprobs</c>.</summary>
internal sealed record PromptLogprob(double Logprob, int Rank, string DecodedToken);

/// <summary>Scores of one text in the shapes that answers give them; offsets go on from one call to the next.</summary>
/// <param name="asIds">Tokens are written <c>token_id:5</c>.</param>
/// <param name="top">How many of the likeliest are named.</param>
internal sealed class LogprobWriter(BpeTokenizer tokenizer, bool asIds, int top)
{
    private const double Least = -9999; // JSON has no −∞

    private readonly List<int> _before = [];
    private int _offset;

    /// <summary>The prompt's lists, its first token without a score.</summary>
    public LogprobLists Prompt(IReadOnlyList<int> prompt, IReadOnlyList<TokenScores> scores)
    {
        var lists = new LogprobLists([], [], [], []);
        Append(lists, prompt[0], null);
        foreach (var score in scores) Append(lists, score.Token, score);
        _before.Clear();
        return lists;
    }

    /// <summary>The lists of tokens of the text.</summary>
    public LogprobLists Text(IEnumerable<TokenScores> scores, LogprobLists? behind = null)
    {
        var lists = behind ?? new LogprobLists([], [], [], []);
        foreach (var score in scores) Append(lists, score.Token, score);
        return lists;
    }

    /// <summary>vLLM's <c>prompt_logprobs</c>: null for the first token, then the token and the likeliest by their ids.</summary>
    public static List<Dictionary<string, PromptLogprob>?> OfPrompt(BpeTokenizer tokenizer, IReadOnlyList<int> prompt, IReadOnlyList<TokenScores> scores)
    {
        var all = new List<Dictionary<string, PromptLogprob>?> { null };
        var before = new List<int> { prompt[0] };
        foreach (var score in scores)
        {
            var entries = new Dictionary<string, PromptLogprob> { [$"{score.Token}"] = new(Shown(score.Logprob), score.Rank, TokenWords.Of(tokenizer, score.Token, before)) };
            foreach (var (rank, (token, logprob)) in score.Top.Index()) entries.TryAdd($"{token}", new(Shown(logprob), rank + 1, TokenWords.Of(tokenizer, token, before)));
            all.Add(entries);
            before.Add(score.Token);
        }
        return all;
    }

    private void Append(LogprobLists lists, int token, TokenScores? score)
    {
        var word = Word(token);
        lists.TextOffset.Add(_offset);
        lists.Tokens.Add(word);
        lists.TokenLogprobs.Add(score is null ? null : Shown(score.Logprob));
        lists.TopLogprobs.Add(score is null ? null : Likeliest(score));
        _offset += word.EnumerateRunes().Count();
        _before.Add(token);
    }

    /// <summary>By the tokens' texts, so that tokens of one text fall together, as they do there: the token itself, then the likeliest.</summary>
    private Dictionary<string, double> Likeliest(TokenScores score)
    {
        var entries = new Dictionary<string, double> { [Word(score.Token)] = Shown(score.Logprob) };
        foreach (var (token, logprob) in score.Top.Where(entry => entry.Token != score.Token).Take(top)) entries[Word(token)] = Shown(logprob);
        return entries;
    }

    private string Word(int token) => asIds ? $"token_id:{token}" : TokenWords.Of(tokenizer, token, _before);

    private static double Shown(double logprob) => logprob >= Least ? logprob : Least; // NaN too
}

/// <summary>The text of one token by itself.</summary>
internal static class TokenWords
{
    private const int Context = 4; // tokens: a character has at most four bytes

    /// <summary>
    /// A token's own text; where it is a part of a character, what it adds to the tokens before it, which is nothing while the character is not whole. As in vLLM's logprobs.
    /// </summary>
    public static string Of(BpeTokenizer tokenizer, int token, IReadOnlyList<int> before)
    {
        var alone = tokenizer.Decode([token], skipSpecialTokens: false);
        if (!alone.EndsWith('\uFFFD')) return alone;
        for (var count = 1; count <= Math.Min(Context, before.Count); count++)
        {
            var context = before.Skip(before.Count - count).ToList();
            var all = tokenizer.Decode([.. context, token], skipSpecialTokens: false);
            if (all.EndsWith('\uFFFD')) continue;
            while (context.Count > 0 && tokenizer.Decode([context[^1]], skipSpecialTokens: false).EndsWith('\uFFFD')) context.RemoveAt(context.Count - 1);
            var clean = tokenizer.Decode(context, skipSpecialTokens: false);
            return all.StartsWith(clean, StringComparison.Ordinal) ? all[clean.Length..] : all;
        }
        return "";
    }
}
