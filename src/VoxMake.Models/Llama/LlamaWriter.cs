using VoxMake.Torch;

namespace VoxMake.Models.Llama;

/// <summary>
/// Writes texts with a network, token by token, several at once: each step takes whichever texts run at that time, so that one may join or leave at any step. What a text becomes does not depend on
/// which others run beside it, but for the rounding of sums.
/// </summary>
/// <remarks>Not to be called from two threads at once.</remarks>
public sealed class LlamaWriter(LlamaModel model)
{
    private float[] _logits = [];

    public LlamaModel Model { get; } = model;

    /// <summary>Writes one token of each text; the first time a text is there its prompt is read.</summary>
    /// <param name="texts">None of them finished.</param>
    public void Step(IReadOnlyList<LlamaSequence> texts)
    {
        if (texts.Count == 0) return;
        using var noGrad = Libtorch.NoGrad();
        using var scope = new TensorScope();
        var batch = TokenBatch.Of([.. texts.Select(text => (ReadOnlyMemory<int>)text.Pending)], Model.Device, [.. texts.Select(text => text.Cache.Tokens)]);
        var hidden = Model.Forward(batch, [.. texts.Select(text => text.Cache)]);
        ScorePrompts(texts, batch, hidden);

        var last = batch.Tokens == texts.Count ? hidden : hidden.index_select(0, Tensor.From<long>([.. batch.Last], texts.Count).to(Model.Device));
        var rows = Rows(last);
        var width = Model.Config.VocabSize;
        for (var i = 0; i < texts.Count; i++) texts[i].Continue(rows.Slice(i * width, width));
    }

    /// <summary>Writes one text to its end; its tokens come as they are chosen.</summary>
    /// <exception cref="ModelException">The prompt cannot be read.</exception>
    public IEnumerable<int> Write(LlamaTask task)
    {
        using var text = new LlamaSequence(task, Model.Config);
        while (text.Finish is null)
        {
            Step([text]);
            yield return text.Tokens[^1];
        }
    }

    private void ScorePrompts(IReadOnlyList<LlamaSequence> texts, TokenBatch batch, Tensor hidden)
    {
        const int Piece = 64; // rows of a vocabulary of 150,000 at once: 40 MB
        var at = 0;
        for (var i = 0; i < texts.Count; at += batch.Lengths[i++])
            for (var from = 0; texts[i].WantsPromptScores && from < batch.Lengths[i] - 1; from += Piece)
                texts[i].ScorePrompt(from, Rows(hidden.narrow(0, at + from, Math.Min(Piece, batch.Lengths[i] - 1 - from))));
    }

    /// <summary>Scores in managed memory, which is used again by the next call.</summary>
    private Span<float> Rows(Tensor hidden)
    {
        var logits = Model.Logits(hidden).to(ScalarType.Float);
        var count = checked((int)logits.Count);
        if (_logits.Length < count) _logits = new float[count];
        logits.CopyTo<float>(_logits);
        return _logits.AsSpan(0, count);
    }
}
