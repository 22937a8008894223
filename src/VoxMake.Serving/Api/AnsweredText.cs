using System.Text.Json.Nodes;
using VoxMake.Models.Generation;
using VoxMake.Serving.Engine;

namespace VoxMake.Serving.Api;

/// <summary>One text of a request on the side of the answer: what the engine has written of it, and how that is shown.</summary>
internal sealed class AnsweredText
{
    private readonly CompletionPlan _plan;
    private readonly int _index;
    private readonly ServedModel _model;
    private readonly WrittenText _text;
    private readonly List<int> _tokens = [];
    private readonly List<TokenScores> _scores = [];
    private readonly LogprobWriter? _logprobs;
    private IReadOnlyList<TokenScores>? _promptScores;

    public AnsweredText(CompletionPlan plan, int index, ServedModel model)
    {
        (_plan, _index, _model, Prompt) = (plan, index, model, plan.PromptOf(index));
        _text = new WrittenText(model.Tokenizer, Prompt.Ids, plan.Request);
        if (plan.Top is { } top) _logprobs = new LogprobWriter(model.Tokenizer, plan.Request.TokensAsIds, top);
    }

    public PromptTokens Prompt { get; }

    /// <summary>Written so far, the token that ended it included.</summary>
    public IReadOnlyList<int> Tokens => _tokens;

    /// <summary>When the last of them came, by <see cref="Environment.TickCount64"/>.</summary>
    public long LastTick { get; set; }

    /// <summary>Null while it goes on.</summary>
    public string? FinishReason { get; private set; }

    private JsonValue? StopReason { get; set; }

    /// <summary>Takes a token.</summary>
    public void Add(TokenStep step)
    {
        _promptScores ??= step.PromptScores;
        if (_plan.EchoOnly)
        {
            FinishReason = "length";
            return;
        }
        var task = _plan.Tasks[_index];
        var stopped = step.IsLast && task.StopIds.Contains(step.Token);
        _tokens.Add(step.Token);
        if (step.Scores is { } scores) _scores.Add(scores);
        _text.Add(step.Token, silent: stopped && !_plan.Request.IncludeStopText);
        if (stopped) (FinishReason, StopReason) = ("stop", _plan.StopReason(step.Token, _model) is { } id ? JsonValue.Create(id) : null);
        else if (_text.Stop is { } stop) (FinishReason, StopReason) = ("stop", JsonValue.Create(stop));
        else if (step.IsLast) FinishReason = "length";
    }

    /// <summary>The whole, at its end.</summary>
    public CompletionChoice Choice()
    {
        var request = _plan.Request;
        var before = request.Echo && _logprobs is not null ? _logprobs.Prompt(Prompt.Ids, _promptScores ?? []) : null;
        return new CompletionChoice(
            _index,
            Echoed + _text.Whole,
            _logprobs?.Text(_scores, before),
            FinishReason!,
            StopReason,
            request.ReturnTokenIds ? _tokens : null,
            _promptScores is null ? null : LogprobWriter.OfPrompt(_model.Tokenizer, Prompt.Ids, _promptScores),
            request.ReturnTokenIds ? Prompt.Ids : null);
    }

    /// <summary>What the last token adds, as an event of a stream shows it.</summary>
    public ChunkChoice Chunk()
    {
        var request = _plan.Request;
        var first = _tokens.Count <= 1;
        LogprobLists? logprobs = null;
        if (_logprobs is not null)
        {
            logprobs = first && request.Echo ? _logprobs.Prompt(Prompt.Ids, _promptScores ?? []) : null;
            logprobs = _logprobs.Text(_scores, logprobs);
            _scores.Clear();
        }
        var text = (first ? Echoed : "") + _text.Take(FinishReason is not null);
        return new ChunkChoice(_index, text, logprobs, FinishReason, StopReason, first && request.ReturnTokenIds ? Prompt.Ids : null, request.ReturnTokenIds ? _tokens.TakeLast(1).ToArray() : null);
    }

    /// <summary>A prompt of ids has no text to be given back.</summary>
    private string Echoed => _plan.Request.Echo ? Prompt.Text ?? "" : "";
}
