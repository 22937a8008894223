using System.Runtime.CompilerServices;
using System.Threading.Channels;
using VoxMake.Models.Llama;

namespace VoxMake.Serving.Engine;

/// <summary>
/// The texts of one request, on their way. Tokens are read here as they are written; whoever does not read makes his own texts rest and nothing else. Disposing ends what still runs.
/// </summary>
public sealed class Generation : IDisposable
{
    private readonly Channel<TokenStep> _steps = Channel.CreateUnbounded<TokenStep>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly Action _wake;
    private readonly int _ahead;
    private int _unread, _ended;

    /// <exception cref="Models.ModelException">A prompt cannot be read.</exception>
    internal Generation(IReadOnlyList<LlamaTask> tasks, LlamaModel model, int ahead, Action wake)
    {
        (_wake, _ahead) = (wake, checked(ahead * tasks.Count));
        Texts = [.. tasks.Select((task, index) => new RunningText(this, index, new LlamaSequence(task, model.Config),
            KvCache.Bytes(model.Config, (long)task.Prompt.Count + task.MaxNewTokens, model.Type)))];
        Left = Texts.Count;
    }

    /// <summary>When it came, by <see cref="Environment.TickCount64"/>.</summary>
    public long Start { get; } = Environment.TickCount64;

    internal IReadOnlyList<RunningText> Texts { get; }

    /// <summary>Texts that are not at their end; the engine's own.</summary>
    internal int Left { get; set; }

    /// <summary>Nobody reads any more.</summary>
    internal bool IsOver => Volatile.Read(ref _ended) != 0;

    /// <summary>A step may write as many tokens as there are texts before this is asked again.</summary>
    internal bool HasRoom => Volatile.Read(ref _unread) < _ahead;

    /// <summary>Tokens of all texts in the order in which they are written.</summary>
    /// <exception cref="EngineException">The engine cannot go on with it.</exception>
    /// <exception cref="OperationCanceledException">As the token says.</exception>
    public async IAsyncEnumerable<TokenStep> Read([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var step in _steps.Reader.ReadAllAsync(cancel))
        {
            var unread = Interlocked.Decrement(ref _unread);
            if (unread == _ahead / 2) _wake();
            yield return step;
        }
    }

    /// <summary>No more is wanted of one of the texts; the others go on.</summary>
    public void Leave(int text)
    {
        Texts[text].Leave();
        _wake();
    }

    internal void Add(TokenStep step)
    {
        Interlocked.Increment(ref _unread);
        _steps.Writer.TryWrite(step);
        if (step.IsLast && --Left == 0) _steps.Writer.TryComplete();
    }

    internal void Fail(string message)
    {
        Interlocked.Exchange(ref _ended, 1);
        _steps.Writer.TryComplete(new EngineException(message));
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0) _wake();
    }
}

/// <summary>One text of a request, as the engine sees it; but for <see cref="IsOver"/> of the engine's thread, once it was taken on.</summary>
/// <param name="index">Which of the request's texts.</param>
/// <param name="bytes">Of keys and values that it may come to.</param>
internal sealed class RunningText(Generation request, int index, LlamaSequence sequence, long bytes)
{
    private volatile bool _left;

    public Generation Request { get; } = request;
    public int Index { get; } = index;
    public LlamaSequence Sequence { get; } = sequence;
    public long Bytes { get; } = bytes;

    /// <summary>Nobody wants more of it.</summary>
    public bool IsOver => _left || Request.IsOver;

    public void Leave() => _left = true;
}
