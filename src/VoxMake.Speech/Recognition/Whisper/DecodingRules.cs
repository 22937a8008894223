using System.Numerics.Tensors;

namespace VoxMake.Speech.Recognition.Whisper;

/// <summary>Which tokens may come next: openai-whisper's logit filters (no blank text, no marks that nobody says, timestamps in pairs that do not fall).</summary>
internal sealed class DecodingRules
{
    private readonly WhisperTokenizer _tokenizer;
    private readonly int[] _suppressed, _blank;
    private readonly int? _maxInitialTimestamp;

    /// <param name="suppressed">Ids that are never written; -1 stands for <see cref="WhisperTokenizer.NonSpeech"/>.</param>
    /// <param name="maxInitialTimestamp">The latest timestamp that a text may begin with, in steps of 0.02 s; null: any.</param>
    public DecodingRules(WhisperTokenizer tokenizer, IReadOnlyList<int> suppressed, int? maxInitialTimestamp)
    {
        (_tokenizer, _maxInitialTimestamp) = (tokenizer, maxInitialTimestamp);
        var ids = new SortedSet<int>(suppressed.Where(id => id >= 0)) { tokenizer.Transcribe, tokenizer.Translate, tokenizer.Sot, tokenizer.SotPrev, tokenizer.SotLm, tokenizer.NoSpeech };
        if (suppressed.Contains(-1)) ids.UnionWith(tokenizer.NonSpeech);
        _suppressed = [.. ids];
        _blank = [.. tokenizer.Encode(" "), tokenizer.Eot];
    }

    /// <summary>Sets the scores of what may not come to −∞.</summary>
    /// <param name="scores">[vocabulary]</param>
    /// <param name="written">Tokens behind the start sequence.</param>
    public void Apply(Span<float> scores, ReadOnlySpan<int> written)
    {
        if (written.IsEmpty) Suppress(scores, _blank);
        Suppress(scores, _suppressed);
        ApplyTimestamps(scores, written, _tokenizer, _maxInitialTimestamp);
    }

    private static void Suppress(Span<float> scores, int[] ids)
    {
        foreach (var id in ids)
            if (id < scores.Length) scores[id] = float.NegativeInfinity;
    }

    /// <summary>
    /// Radford et al. 2022, section 4.5: timestamps come in pairs but for the last, do not fall, leave no empty segment, the first is early; and where all timestamps together are likelier than
    /// any one text token, a timestamp comes.
    /// </summary>
    internal static void ApplyTimestamps(Span<float> scores, ReadOnlySpan<int> written, WhisperTokenizer tokenizer, int? maxInitialTimestamp)
    {
        var begin = tokenizer.TimestampBegin;
        scores[tokenizer.NoTimestamps] = float.NegativeInfinity;
        var last = written.Length > 0 && written[^1] >= begin;
        var lastButOne = written.Length < 2 || written[^2] >= begin;
        if (last && lastButOne) scores[begin..].Fill(float.NegativeInfinity);
        else if (last) scores[..tokenizer.Eot].Fill(float.NegativeInfinity);
        if (written.LastIndexOfAnyInRange(begin, int.MaxValue) is >= 0 and var at)
        {
            var earliest = written[at] + (last && !lastButOne ? 0 : 1);
            scores[begin..Math.Min(earliest, scores.Length)].Fill(float.NegativeInfinity);
        }
        if (written.IsEmpty)
        {
            scores[..begin].Fill(float.NegativeInfinity);
            if (maxInitialTimestamp is { } latest && begin + latest + 1 < scores.Length) scores[(begin + latest + 1)..].Fill(float.NegativeInfinity);
        }
        if (LogSumExp(scores[begin..]) > TensorPrimitives.Max<float>(scores[..begin])) scores[..begin].Fill(float.NegativeInfinity);
    }

    /// <summary>ln Σ exp: what is taken off a score to make it a log-probability.</summary>
    public static double LogSumExp(ReadOnlySpan<float> scores)
    {
        if (scores.IsEmpty) return double.NegativeInfinity;
        var highest = TensorPrimitives.Max(scores);
        if (float.IsNaN(highest) || float.IsPositiveInfinity(highest))
            throw new RecognitionException("the network's scores are no numbers", "try another precision (float32), or another copy of the model");
        if (float.IsNegativeInfinity(highest)) return double.NegativeInfinity;
        var sum = 0.0;
        Span<float> buffer = stackalloc float[1024];
        while (!scores.IsEmpty)
        {
            var piece = scores[..Math.Min(scores.Length, buffer.Length)];
            var exponents = buffer[..piece.Length];
            TensorPrimitives.Subtract(piece, highest, exponents);
            TensorPrimitives.Exp(exponents, exponents);
            sum += TensorPrimitives.Sum<float>(exponents);
            scores = scores[piece.Length..];
        }
        return highest + Math.Log(sum);
    }
}
