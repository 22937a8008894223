using System.Threading.Channels;

namespace VoxMake.Serving.Speech;

/// <summary>
/// A thread that does one piece of work after the other. Many windows decoded at once would only take each other's processor; and each thread that ever asks libtorch for something gets workers of
/// its own, which stay.
/// </summary>
internal sealed class WorkThread : IDisposable
{
    private readonly Channel<Action> _work = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });

    public WorkThread(string name) => new Thread(Work) { IsBackground = true, Name = name }.Start();

    /// <summary>Does it when its turn has come, unless nobody waits for it any more.</summary>
    public Task<T> Run<T>(Func<T> work, CancellationToken cancel)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var taken = _work.Writer.TryWrite(() =>
        {
            if (cancel.IsCancellationRequested) done.TrySetCanceled(cancel);
            else
                try { done.TrySetResult(work()); }
                catch (Exception error) { done.TrySetException(error); }
        });
        return taken ? done.Task : throw new Engine.EngineException("the server is stopping");
    }

    private void Work()
    {
        while (_work.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            while (_work.Reader.TryRead(out var work)) work();
    }

    public void Dispose() => _work.Writer.TryComplete();
}
