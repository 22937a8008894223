using System.Runtime.CompilerServices;
using VoxMake.Models;
using VoxMake.Models.Llama;
using VoxMake.Models.Orpheus;

namespace VoxMake.Speaking;

/// <summary>Has one piece written by a model, and sees to it that what comes is speech: in its slots, without loops, with an end.</summary>
/// <param name="ends">Ids that end speech.</param>
/// <param name="context">Tokens that prompt and speech may have together.</param>
/// <param name="isSilent">Whether frames sound of nothing.</param>
internal sealed class PieceWriter(
    OrpheusIds ids, IReadOnlySet<int> ends, int context, SpeakRequest request, Func<AudioFrames, bool> isSilent, Func<LlamaTask, CancellationToken, IAsyncEnumerable<int>> driver)
{
    private const double LeastTemperature = 0.6; // the likeliest tokens would be the same loop again

    private readonly LoopGuard _guard = new(request.Loops, isSilent);
    private readonly List<CutLoop> _loops = [];
    private int _tokens, _draws, _misplaced;
    private PieceEnd _end;

    /// <summary>The codes of its frames, as soon as it is clear that they stay.</summary>
    /// <param name="most">Frames that its text can have.</param>
    /// <param name="seed">Of the draws.</param>
    /// <exception cref="ModelException">The prompt fills the context, or a token is in a wrong slot and that is to be refused.</exception>
    public async IAsyncEnumerable<int[]> Frames(int[] prompt, int most, long seed, [EnumeratorCancellation] CancellationToken cancel)
    {
        var fits = (context - prompt.Length - 1) / AudioFrames.Slots;
        if (fits < 1)
            throw new ModelException($"a piece of the text has {prompt.Length} tokens, and the model's context {context}: there is no room for speech; split the text (split_above)");
        most = Math.Min(most, fits);
        for (var again = true; again;)
        {
            again = false;
            var reader = new FrameReader(ids, ends, request.Tokens.OnMisplaced);
            var task = Task(prompt, most - _guard.Frames.Count, seed);
            var left = task.MaxNewTokens;
            _draws++;
            _end = PieceEnd.TooLong;
            await foreach (var id in driver(task, cancel).WithCancellation(cancel))
            {
                cancel.ThrowIfCancellationRequested();
                _tokens++;
                left--;
                var heard = reader.Add(id);
                if (heard is Heard.End or Heard.Misplaced) _end = heard == Heard.End ? PieceEnd.Stopped : PieceEnd.Misplaced;
                if (heard is Heard.End or Heard.Misplaced) break;
                if (heard == Heard.Frame)
                {
                    if (_guard.Frames.Count == most) break;
                    if (_guard.Add(reader.Frame) is { } loop)
                    {
                        _loops.Add(_guard.CutBack(loop));
                        _end = PieceEnd.Looped;
                        again = _draws <= request.Loops.Retries;
                        break;
                    }
                    foreach (var frame in _guard.Release(all: false)) yield return frame;
                }
                if (left == 0) break;
            }
            _misplaced += reader.Misplaced;
            again |= _guard.Frames.Count == 0 && _draws <= request.Loops.Retries; // a piece without any sound is none
        }
        foreach (var frame in _guard.Release(all: true)) yield return frame;
    }

    /// <summary>What came of it.</summary>
    public PieceReport Report(string text) => new(text, _guard.Frames.Count, _tokens, _draws, _loops, _misplaced, _end);

    /// <summary>What the model is asked: the prompt and what stays of the speech so far, in a stream of draws of its own.</summary>
    private LlamaTask Task(int[] prompt, int frames, long seed)
    {
        int[] written = AudioFrames.OfSlots([.. _guard.Frames.SelectMany(codes => codes)]).ToIds(ids);
        var sampling = request.Sampling with { Seed = seed, Stream = _draws };
        if (_draws > 0) sampling = sampling with { Temperature = Math.Max(sampling.Temperature, LeastTemperature) };
        return new LlamaTask([.. prompt, .. written], sampling, checked(Math.Max(frames, 1) * AudioFrames.Slots + 1), ends, Allowed: request.Tokens.Masked ? Allowed : null);
    }

    /// <summary>Tokens that may come: those of the slot whose turn it is, or at a frame's end the end of speech. What was kept of earlier draws is whole frames.</summary>
    private IEnumerable<Range> Allowed(IReadOnlyList<int> text)
    {
        var allowed = ids.AllowedAfter(text.Count, leastFrames: _guard.Frames.Count == 0 ? 1 : 0);
        return allowed.EndOfSpeech ? [allowed.First..(allowed.First + allowed.Count), ids.EndOfSpeech..(ids.EndOfSpeech + 1)] : [allowed.First..(allowed.First + allowed.Count)];
    }
}
