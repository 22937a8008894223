using System.Collections.Concurrent;

namespace VoxMake.Serving.Speech;

/// <summary>
/// Runs tasks, and what goes on in them after each wait, on one thread. Many windows of sound decoded at once would only take each other's processor; and each thread that ever asks libtorch for
/// something gets workers of its own, which stay.
/// </summary>
internal sealed class OneThread : TaskScheduler, IDisposable
{
    private readonly BlockingCollection<Task> _tasks = [];
    private readonly Thread _thread;

    public OneThread(string name)
    {
        _thread = new Thread(Work) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Runs an asynchronous piece of work here.</summary>
    public Task Run(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    protected override void QueueTask(Task task)
    {
        try { _tasks.Add(task); }
        catch (InvalidOperationException) { ThreadPool.UnsafeQueueUserWorkItem(_ => TryExecuteTask(task), null); } // it is disposed, and who waits for the end must see it
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => Thread.CurrentThread == _thread && !taskWasPreviouslyQueued && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => _tasks;

    private void Work()
    {
        foreach (var task in _tasks.GetConsumingEnumerable()) TryExecuteTask(task);
    }

    /// <summary>Takes nothing on any more; the thread ends.</summary>
    public void Dispose() => _tasks.CompleteAdding();
}
