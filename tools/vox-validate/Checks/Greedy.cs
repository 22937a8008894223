using System.Text.Json.Nodes;
using VoxMake.Models.Llama;
using VoxMake.Models.Orpheus;
using VoxMake.Torch;
using VoxMake.ValidateTool.Served;

namespace VoxMake.ValidateTool.Checks;

/// <summary>What a server wrote for a noted prompt, taking the likeliest token each time.</summary>
internal sealed record GreedyText(OrpheusSaidText Said, Completion Answer, int Asked);

/// <summary>
/// Whether a server computes the network that its files hold: its likeliest tokens and their logprobs against our own forward pass over the same tokens. Nothing else finds a tensor that the
/// server has /// not loaded: it answers 200 with garbage.
/// </summary>
/// <param name="computedIn">What the server computes in.</param>
internal sealed class Greedy(ScalarType computedIn)
{
    public const string Name = "served.greedy", TrainedName = "served.trained";
    private const string Mend = "compare the server's files with those of Export, digest by digest: a tensor is missing or another, "
        + "or the server reads config.json otherwise (rope, head_dim, tied embeddings)";

    /// <summary>What rounding may change a logprob by: the limits that Export holds merged weights to.</summary>
    public double Limit => LimitOf(computedIn);

    private static double LimitOf(ScalarType type) => LlamaParity.LimitsOf(type).Logprob;

    /// <summary>Asks the server.</summary>
    /// <exception cref="ServedException">It does not answer as it should.</exception>
    public static async Task<IReadOnlyList<GreedyText>> Ask(CompletionsClient client, IReadOnlyList<OrpheusSaidText> texts, int tokens, CancellationToken cancel)
    {
        var answers = new List<GreedyText>();
        foreach (var text in texts)
        {
            var most = Math.Clamp(text.Tokens.Length, 1, tokens);
            answers.Add(new GreedyText(text, await client.Complete(text.Prompt, Fields(most, 2), cancel), most));
        }
        return answers;
    }

    /// <summary>The likeliest token each time, whatever the model's defaults are.</summary>
    public static JsonObject Fields(int tokens, int? logprobs)
    {
        var fields = new JsonObject { ["max_tokens"] = tokens, ["temperature"] = 0, ["repetition_penalty"] = 1 };
        if (logprobs is not { } count) return fields;
        (fields["logprobs"], fields["return_tokens_as_token_ids"]) = (count, true);
        return fields;
    }

    /// <summary>Compares with our own network, loaded of the same files.</summary>
    public CheckResult Check(LlamaModel own, IReadOnlyList<GreedyText> texts, IReadOnlySet<int> stopIds, CancellationToken cancel)
    {
        var (rows, largest, faults) = (new JsonArray(), 0.0, new List<string>());
        foreach (var (said, answer, asked) in texts)
        {
            cancel.ThrowIfCancellationRequested();
            if (Broken(said, answer, asked, stopIds, own.Config.VocabSize) is { } broken)
            {
                faults.Add(broken);
                continue;
            }
            var row = Compare(own, said, answer, out var fault);
            if (fault is not null) faults.Add(fault);
            largest = Math.Max(largest, row["max_logprob_difference"]!.GetValue<double>());
            rows.Add(row);
        }
        var figures = new JsonObject { ["limit"] = Limit, ["served_in"] = computedIn.ToString(), ["own_in"] = own.Type.ToString(), ["max_logprob_difference"] = largest, ["prompts"] = rows };
        return faults.Count > 0
            ? CheckResult.Failed(Name, faults[0] + (faults.Count > 1 ? $" (and {faults.Count - 1} more prompts)" : ""), Mend, figures)
            : CheckResult.Passed(Name,
                FormattableString.Invariant($"over {texts.Count} prompts the server's likeliest tokens are ours, and their logprobs differ by {largest:G3} at most (limit {Limit})"), figures);
    }

    /// <summary>Holds our own network, loaded of the exported files, to what was noted at the end of training.</summary>
    /// <param name="exported">The type of the exported weights: their rounding is between the two.</param>
    public static CheckResult Trained(LlamaModel own, OrpheusSaid said, IReadOnlyList<OrpheusSaidText> texts, ScalarType exported)
    {
        var limit = LimitOf(exported) + LimitOf(said.Type);
        var (worst, at) = (-1.0, (Text: texts[0], Token: 0, Logprob: 0.0));
        foreach (var text in texts.Where(text => text.Tokens.Length > 0))
        {
            using var scope = new TensorScope();
            float[] here = Chosen(LlamaParity.Logprobs(own, text.Prompt, text.Tokens), text.Tokens);
            for (var i = 0; i < here.Length; i++)
                if (!(Math.Abs(here[i] - text.Logprobs[i]) <= worst)) (worst, at) = (Math.Abs(here[i] - text.Logprobs[i]), (text, i, here[i]));
        }
        var figures = new JsonObject { ["limit"] = limit, ["max_logprob_difference"] = Finite(Math.Max(0, worst)) };
        return worst <= limit
            ? CheckResult.Passed(TrainedName,
                FormattableString.Invariant($"the exported network holds what the trained one said as likely as that one did, within {Math.Max(0, worst):G3} (limit {limit})"), figures)
            : CheckResult.Failed(TrainedName,
                FormattableString.Invariant($"the exported network is not the trained one: of prompt {at.Text.N}, token {at.Token} ({at.Text.Tokens[at.Token]}) had the logprob ")
                + FormattableString.Invariant($"{at.Text.Logprobs[at.Token]:0.0000} at the end of training and has {at.Logprob:0.0000} now; at most {limit} is rounding"),
                "export again, and give Train's and Export's results of the same run", figures);
    }

    private static string? Broken(OrpheusSaidText said, Completion answer, int asked, IReadOnlySet<int> stopIds, int vocabulary)
    {
        if (answer.Logprobs.Length == 0 && answer.Tokens.Length > 0) return $"prompt {said.N}: the server names no logprobs, though they were asked for";
        if (answer.Tokens.Length == 0 || answer.Tokens.Length > asked) return $"prompt {said.N}: the server wrote {answer.Tokens.Length} tokens, where {asked} were asked for";
        if (answer.Tokens.FirstOrDefault(id => id < 0 || id >= vocabulary) is not 0 and var id)
            return $"prompt {said.N}: the server wrote the id {id}, which is none of the vocabulary of {vocabulary}";
        if (answer.Tokens.Length < asked && !stopIds.Contains(answer.Tokens[^1]))
            return $"prompt {said.N}: the server stopped after {answer.Tokens.Length} of {asked} tokens, at {answer.Tokens[^1]}, which is no stop id";
        return null;
    }

    private JsonObject Compare(LlamaModel own, OrpheusSaidText said, Completion answer, out string? fault)
    {
        using var scope = new TensorScope();
        var logprobs = LlamaParity.Logprobs(own, said.Prompt, answer.Tokens);
        var (best, likeliest) = logprobs.max(1);
        var (bests, ids, chosen) = (best.ToArray<float>(), likeliest.ToArray<long>(), Chosen(logprobs, answer.Tokens));
        var (largest, first, ties) = (0.0, -1, 0);
        fault = null;
        for (var i = 0; i < chosen.Length; i++)
        {
            var place = $"prompt {said.N} ('{said.Text}'), token {i}";
            var difference = Math.Abs(chosen[i] - answer.Logprobs[i]);
            largest = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, difference);
            if (ids[i] != answer.Tokens[i])
            {
                if (first < 0) first = i;
                if (bests[i] - chosen[i] <= Limit) ties++;
                else fault ??= FormattableString.Invariant($"{place}: the server wrote {answer.Tokens[i]} (logprob there {answer.Logprobs[i]:0.0000}, here {chosen[i]:0.0000}), ")
                    + FormattableString.Invariant($"and our own forward pass takes {ids[i]} ({Of(answer, i, ids[i])}here {bests[i]:0.0000}); a margin of {bests[i] - chosen[i]:0.0000} is no rounding (limit {Limit})");
            }
            if (!(difference <= Limit))
                fault ??= FormattableString.Invariant($"{place} ({answer.Tokens[i]}): its logprob is {answer.Logprobs[i]:0.0000} there and {chosen[i]:0.0000} here; ")
                    + FormattableString.Invariant($"a difference of {difference:0.0000} is no rounding (limit {Limit})");
        }
        return new JsonObject
        {
            ["n"] = said.N, ["tokens"] = chosen.Length, ["max_logprob_difference"] = Finite(largest), ["first_other_token"] = first < 0 ? null : first, ["ties"] = ties,
            ["same_as_trained"] = answer.Tokens.Zip(said.Tokens).TakeWhile(pair => pair.First == pair.Second).Count(),
        };
    }

    private static string Of(Completion answer, int at, long token) =>
        answer.Likeliest[at].Where(one => one.Token == token).Select(one => FormattableString.Invariant($"there {one.Logprob:0.0000}, ")).FirstOrDefault("");

    private static float[] Chosen(Tensor logprobs, IReadOnlyList<int> tokens) =>
        logprobs.gather(1, Tensor.From<long>([.. tokens.Select(id => (long)id)], tokens.Count).unsqueeze(1)).squeeze(1).ToArray<float>();

    /// <summary>JSON has no infinity.</summary>
    private static double Finite(double number) => double.IsFinite(number) ? Math.Round(number, 7) : double.MaxValue;
}
