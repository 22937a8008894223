using System.Diagnostics;
using System.Text.Json.Nodes;
using VoxMake.ValidateTool.Served;

namespace VoxMake.ValidateTool.Checks;

/// <summary>Whether a stream is the same text, and how fast the server writes, for one and for several at once.</summary>
/// <param name="limit">A difference of logprobs that rounding makes: where two tokens are nearer than that, either may be chosen.</param>
internal sealed class Streaming(CompletionsClient client, double limit)
{
    private const int LeastTokens = 32;

    /// <exception cref="ServedException">The server does not answer as it should.</exception>
    public async Task<CheckResult> Same(GreedyText text, CancellationToken cancel)
    {
        const string name = "served.stream", mend = "update the server: streamed and whole answers to one greedy request are to be one text";
        var streamed = await client.Stream(text.Said.Prompt, Greedy.Fields(text.Asked, null), cancel);
        var whole = text.Answer.Tokens;
        var common = whole.Zip(streamed.Tokens).TakeWhile(pair => pair.First == pair.Second).Count();
        var figures = new JsonObject { ["tokens"] = streamed.Tokens.Length, ["common"] = common };
        if (common == whole.Length && common == streamed.Tokens.Length) return CheckResult.Passed(name, $"the stream of prompt {text.Said.N} has the {common} tokens of the whole answer", figures);
        if (common < Math.Min(whole.Length, streamed.Tokens.Length) && text.Answer.MarginAt(common) <= limit)
            return CheckResult.Passed(name, $"the stream of prompt {text.Said.N} has the tokens of the whole answer, up to token {common}, where two are as likely but for rounding", figures);
        return CheckResult.Failed(name, common < Math.Min(whole.Length, streamed.Tokens.Length)
            ? $"prompt {text.Said.N}: token {common} is {streamed.Tokens[common]} in the stream and {whole[common]} in the whole answer"
            : $"prompt {text.Said.N}: the stream has {streamed.Tokens.Length} tokens, the whole answer {whole.Length}", mend, figures);
    }

    /// <summary>Figures only: how fast is fast enough depends on the machine. That all are answered is checked.</summary>
    /// <exception cref="ServedException">The server does not answer as it should.</exception>
    public async Task<CheckResult> Speed(IReadOnlyList<GreedyText> texts, int tokens, int concurrent, int maxModelLen, CancellationToken cancel)
    {
        const string name = "served.speed";
        tokens = Math.Max(LeastTokens, tokens);
        var (alone, aloneSeconds) = await Together(1);
        var (several, seconds) = await Together(concurrent);
        var figures = new JsonObject
        {
            ["first_token_s"] = Rounded(alone[0].FirstToken), ["tokens_per_s"] = Rounded(alone[0].Tokens.Length / aloneSeconds), ["concurrent"] = concurrent,
            ["concurrent_first_token_s"] = Rounded(several.Max(text => text.FirstToken)), ["concurrent_tokens_per_s"] = Rounded(several.Sum(text => text.Tokens.Length) / seconds),
        };
        return several.Any(text => text.Tokens.Length == 0)
            ? CheckResult.Failed(name, $"of {concurrent} requests at once some were answered with no token", "serve fewer at once (--max-num-seqs), or give the server more memory", figures)
            : CheckResult.Passed(name,
                $"the first token after {figures["first_token_s"]} s, {figures["tokens_per_s"]} tokens a second for one, {figures["concurrent_tokens_per_s"]} for {concurrent} at once", figures);

        async Task<(StreamedText[] Texts, double Seconds)> Together(int count)
        {
            var watch = Stopwatch.StartNew();
            var written = await Task.WhenAll(Enumerable.Range(0, count).Select(i => One(texts[i % texts.Count].Said.Prompt)));
            return (written, watch.Elapsed.TotalSeconds);
        }

        Task<StreamedText> One(int[] prompt)
        {
            var fields = Greedy.Fields(Math.Max(1, Math.Min(tokens, maxModelLen - prompt.Length)), null);
            fields["ignore_eos"] = true; // all are to be as long
            return client.Stream(prompt, fields, cancel);
        }
    }

    private static double Rounded(double number) => Math.Round(number, 3);
}
