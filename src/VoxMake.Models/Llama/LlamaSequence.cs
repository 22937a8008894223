using System.Runtime.InteropServices;
using VoxMake.Models.Generation;

namespace VoxMake.Models.Llama;

/// <summary>Why a text ended.</summary>
public enum FinishReason
{
    /// <summary>The model wrote one of the tokens that end a text.</summary>
    Stop,

    /// <summary>It has as many tokens as were asked for, or as the context holds.</summary>
    Length,
}

/// <summary>A text to be written.</summary>
/// <param name="Prompt">Token ids, at least one.</param>
/// <param name="MaxNewTokens">At least 1; the context may end it sooner.</param>
/// <param name="StopIds">Tokens that end it; the one that does is part of the text.</param>
/// <param name="MinNewTokens">So many are written before one of <paramref name="StopIds"/> may be chosen.</param>
/// <param name="Top">How many of the likeliest tokens to name for each token written; null where scores are not wanted.</param>
/// <param name="PromptTop">The same for the prompt's tokens, from the second on.</param>
/// <param name="Allowed">Says for the n-th token of the text, from 0, and the text so far which tokens may be chosen; null: all.</param>
public sealed record LlamaTask(
    IReadOnlyList<int> Prompt,
    SamplingOptions Sampling,
    int MaxNewTokens,
    IReadOnlySet<int> StopIds,
    int MinNewTokens = 0,
    int? Top = null,
    int? PromptTop = null,
    Func<IReadOnlyList<int>, IEnumerable<Range>>? Allowed = null);

/// <summary>A text that is being written, with what the network remembers of it.</summary>
public sealed class LlamaSequence : IDisposable
{
    private readonly List<int> _tokens;
    private readonly List<TokenScores> _scores = [], _promptScores = [];

    /// <param name="config">Of the network that writes it.</param>
    /// <exception cref="ModelException">The prompt is empty, too long, or holds an id that the network has no row for.</exception>
    public LlamaSequence(LlamaTask task, LlamaConfig config)
    {
        if (task.Prompt.Count == 0) throw new ModelException("the prompt has no tokens");
        if (task.Prompt.Count >= config.MaxPositionEmbeddings) throw new ModelException($"the prompt has {task.Prompt.Count} tokens; with one to write at most {config.MaxPositionEmbeddings} fit the context (max_position_embeddings)");
        foreach (var id in task.Prompt)
            if (id < 0 || id >= config.VocabSize) throw new ModelException($"token id {id} is out of range; the vocabulary has the ids 0 to {config.VocabSize - 1}");
        (Task, Config, Cache) = (task, config, new KvCache(config, (int)Math.Min((long)task.Prompt.Count + task.MaxNewTokens, config.MaxPositionEmbeddings)));
        _tokens = [.. task.Prompt];
    }

    public LlamaTask Task { get; }
    internal LlamaConfig Config { get; }
    internal KvCache Cache { get; }

    /// <summary>Prompt and text.</summary>
    public IReadOnlyList<int> Tokens => _tokens;

    /// <summary>Tokens of the text, the one that ended it included.</summary>
    public int Written => _tokens.Count - Task.Prompt.Count;

    /// <summary>The text's tokens.</summary>
    public IReadOnlyList<int> Text => _tokens.GetRange(Task.Prompt.Count, Written);

    /// <summary>Of each token of the text, where they were asked for.</summary>
    public IReadOnlyList<TokenScores> Scores => _scores;

    /// <summary>Of each token of the prompt but the first, where they were asked for.</summary>
    public IReadOnlyList<TokenScores> PromptScores => _promptScores;

    /// <summary>Null while it goes on.</summary>
    public FinishReason? Finish { get; private set; }

    /// <summary>Tokens that the cache does not hold yet.</summary>
    internal int[] Pending => [.. CollectionsMarshal.AsSpan(_tokens)[Cache.Tokens..]];

    internal bool WantsPromptScores => Task.PromptTop is not null && Written == 0;

    /// <param name="from">Index of the prompt's token that the first row stands behind.</param>
    /// <param name="rows">[tokens, vocab_size]: what the network expects after each.</param>
    internal void ScorePrompt(int from, ReadOnlySpan<float> rows)
    {
        for (var row = 0; row * Config.VocabSize < rows.Length; row++)
            _promptScores.Add(TokenScores.Of(rows.Slice(row * Config.VocabSize, Config.VocabSize), _tokens[from + row + 1], Task.PromptTop!.Value));
    }

    /// <summary>Chooses the next token.</summary>
    /// <param name="logits">[vocab_size]; changed.</param>
    internal void Continue(Span<float> logits)
    {
        var raw = Task.Top is null ? null : logits.ToArray();
        if (Task.Allowed is not null) Keep(logits, Task.Allowed(Text));
        if (Written < Task.MinNewTokens)
            foreach (var stop in Task.StopIds.Where(stop => stop < Config.VocabSize)) logits[stop] = float.NegativeInfinity;
        var token = Sampler.Choose(logits, _tokens, Written, Task.Sampling);
        if (raw is not null) _scores.Add(TokenScores.Of(raw, token, Task.Top!.Value));
        _tokens.Add(token);
        if (Task.StopIds.Contains(token)) Finish = FinishReason.Stop;
        else if (Written >= Task.MaxNewTokens || _tokens.Count >= Config.MaxPositionEmbeddings) Finish = FinishReason.Length;
        if (Finish is not null) Cache.Dispose();
    }

    private static void Keep(Span<float> logits, IEnumerable<Range> allowed)
    {
        var kept = new List<(int At, float Score)>();
        foreach (var range in allowed)
        {
            var (from, length) = range.GetOffsetAndLength(logits.Length);
            for (var token = from; token < from + length; token++) kept.Add((token, logits[token]));
        }
        logits.Fill(float.NegativeInfinity);
        foreach (var (at, score) in kept) logits[at] = score;
    }

    /// <summary>Lets go of what the network remembers, to make room for others. The next step reads prompt and text anew, and the text goes on as it would have, but for the rounding of sums.</summary>
    public void Forget() => Cache.Dispose();

    public void Dispose() => Cache.Dispose();
}
