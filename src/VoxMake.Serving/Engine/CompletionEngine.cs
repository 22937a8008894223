using VoxMake.Models.Llama;

namespace VoxMake.Serving.Engine;

/// <summary>
/// Writes the texts of all requests with one network: a thread of its own takes one step after the other, each with all texts that run then. Texts join and leave at any step. A text whose reader
/// has fallen behind rests, and gives up its place when others wait for one. That the network fails at a step ends the requests of that step, and no other.
/// </summary>
public sealed class CompletionEngine : IDisposable
{
    private readonly LlamaWriter _writer;
    private readonly EngineLimits _limits;
    private readonly EngineMeters _meters;
    private readonly Action<string> _log;
    private readonly Lock _gate = new();
    private readonly List<RunningText> _waiting = []; // under _gate, the next first
    private readonly List<RunningText> _running = [], _resting = []; // of the engine's thread
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private long _bytes; // of running texts; the engine's thread
    private int _rested; // how many rest, under _gate
    private volatile bool _stopping;

    /// <param name="log">Takes lines for people.</param>
    /// <exception cref="ModelException">The room for keys and values does not hold one text of the longest kind.</exception>
    public CompletionEngine(LlamaModel model, EngineLimits limits, EngineMeters meters, int longest, Action<string> log)
    {
        (_writer, _limits, _meters, _log) = (new LlamaWriter(model), limits, meters, log);
        var needed = KvCache.Bytes(model.Config, longest, model.Type);
        if (needed > limits.KvCacheBytes)
            throw new Models.ModelException(FormattableString.Invariant(
                $"a text of {longest} tokens (--max-model-len) needs {needed / 1e9:0.###} GB for keys and values, ") + FormattableString.Invariant(
                $"and all texts together may have {limits.KvCacheBytes / 1e9:0.###} GB (--kv-cache-gb); raise the one or lower the other"));
        _thread = new Thread(Work) { IsBackground = true, Name = "engine" };
        _thread.Start();
    }

    /// <summary>Takes a request of one text or several on; null where too many texts wait already. To be disposed when nobody reads it any more.</summary>
    /// <exception cref="ModelException">A prompt is empty, too long, or has ids that the network does not know.</exception>
    public Generation? TryStart(IReadOnlyList<LlamaTask> tasks)
    {
        var request = new Generation(tasks, _writer.Model, _limits.Ahead, () => _wake.Set());
        lock (_gate)
        {
            _waiting.RemoveAll(text => text.IsOver);
            if (_stopping || _waiting.Count + _rested + tasks.Count > _limits.Waiting + Free) return null;
            _waiting.AddRange(request.Texts);
        }
        _wake.Set();
        return request;
    }

    /// <summary>The most texts that one request may have.</summary>
    public int MostTexts => _limits.Running + _limits.Waiting;

    private int Free => Math.Max(0, _limits.Running - _meters.Running);

    private void Work()
    {
        while (!_stopping)
        {
            try
            {
                var step = Next();
                if (step.Count == 0) _wake.WaitOne();
                else Take(step);
            }
            catch (Exception error) // the thread must outlive whatever it is given
            {
                _log($"the engine failed: {error}");
                foreach (var text in _running.ToArray()) End(text, "the engine failed");
            }
        }
        foreach (var text in _running.Concat(_resting).ToArray()) End(text, "the server is stopping");
        lock (_gate)
            foreach (var text in _waiting) text.Request.Fail("the server is stopping");
    }

    /// <summary>The texts of the next step: those that are over go, those whose readers are back return, others join as far as there is room.</summary>
    private List<RunningText> Next()
    {
        foreach (var text in _running.Concat(_resting).Where(text => text.IsOver).ToArray()) End(text, null);
        lock (_gate)
        {
            _waiting.RemoveAll(text => text.IsOver);
            Return();
            if (NextToJoin() is { } next && (_running.Count >= _limits.Running || !Fits(next))) GiveWay();
            Join();
            (_meters.Running, _meters.Waiting, _meters.KvCacheShare) = (_running.Count, _waiting.Count + _resting.Count, (double)_bytes / _limits.KvCacheBytes);
        }
        return [.. _running.Where(text => text.Request.HasRoom)];
    }

    /// <summary>
    /// Those that wait run, as long as places, room and a step's share of prompts last: first those of requests of which the fewest texts run, so that one with a hundred texts keeps nobody waiting,
    /// and of equal ones those that came first. One that does not fit keeps others from passing it by, or it would wait for ever.
    /// </summary>
    private void Join()
    {
        for (var prompts = 0; _running.Count < _limits.Running && NextToJoin() is { } text && Fits(text);)
        {
            prompts += text.Sequence.Tokens.Count;
            if (prompts > _limits.PromptTokens && prompts > text.Sequence.Tokens.Count) return;
            _waiting.Remove(text);
            _bytes += text.Bytes;
            _running.Add(text);
        }
    }

    private RunningText? NextToJoin() => _waiting.Where(text => text.Request.HasRoom).MinBy(text => _running.Count(other => other.Request == text.Request));

    private bool Fits(RunningText text) => _running.Count == 0 || _bytes + text.Bytes <= _limits.KvCacheBytes;

    /// <summary>Texts that rest and whose readers are back are the next to run.</summary>
    private void Return()
    {
        var back = _resting.Where(text => text.Request.HasRoom).ToArray();
        _resting.RemoveAll(back.Contains);
        _waiting.InsertRange(0, back);
        _rested = _resting.Count;
    }

    /// <summary>Running texts whose readers have fallen behind let go of their place; what they are is kept, and read anew when they return.</summary>
    private void GiveWay()
    {
        foreach (var text in _running.Where(text => !text.Request.HasRoom).ToArray())
        {
            Leave(text);
            text.Sequence.Forget();
            _resting.Add(text);
        }
        _rested = _resting.Count;
    }

    private void Take(List<RunningText> texts)
    {
        try
        {
            _writer.Step([.. texts.Select(text => text.Sequence)]);
            _meters.Steps.Add(1);
        }
        catch (Exception error)
        {
            _log($"a step of {texts.Count} text{(texts.Count == 1 ? "" : "s")} failed: {error}");
            foreach (var text in texts) End(text, "the network failed at this text; the server's log says how");
            return;
        }
        foreach (var text in texts)
        {
            var sequence = text.Sequence;
            var ended = sequence.Finish is not null;
            if (ended) Leave(text);
            text.Request.Add(new TokenStep(
                text.Index, sequence.Tokens[^1], sequence.Task.Top is null ? null : sequence.Scores[^1], sequence is { Written: 1, Task.PromptTop: not null } ? sequence.PromptScores : null, ended));
            if (ended) sequence.Dispose();
        }
    }

    /// <summary>Takes a text out before its end.</summary>
    /// <param name="fault">What its reader is told; null where nobody reads.</param>
    private void End(RunningText text, string? fault)
    {
        if (!_resting.Remove(text)) Leave(text);
        text.Sequence.Dispose();
        if (fault is not null) text.Request.Fail(fault);
    }

    private void Leave(RunningText text)
    {
        if (_running.Remove(text)) _bytes -= text.Bytes;
        _meters.Running = _running.Count;
    }

    /// <summary>Ends what runs, and the thread after its step.</summary>
    /// <returns>Whether the step was over within a second.</returns>
    public bool Stop()
    {
        lock (_gate) _stopping = true;
        _wake.Set();
        return _thread.Join(TimeSpan.FromSeconds(1));
    }

    public void Dispose() => Stop();
}
