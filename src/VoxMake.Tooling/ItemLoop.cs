using System.Runtime.ExceptionServices;
using VoxMake.Protocol;

namespace VoxMake.Tooling;

/// <summary>Runs the items of an order over the threads that it allows.</summary>
internal static class ItemLoop
{
    public static void Run(LoadedOrder order, Func<IItemWorker> createWorker, bool native, IReporter reporter, CancellationToken cancel)
    {
        using var items = order.Items().GetEnumerator();
        using var first = createWorker(); // on this thread, so that bad settings stop before anything starts
        var output = new OutputFolder(order.Out);
        ExceptionDispatchInfo? stopped = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);

        WorkItem? Next()
        {
            lock (items) return !stop.IsCancellationRequested && items.MoveNext() ? items.Current : null;
        }

        void Work(IItemWorker worker)
        {
            try
            {
                while (Next() is { } item)
                {
                    if (native) reporter.Event(new BeginEvent(item.Id));
                    reporter.Event(Process(order, worker, item, output));
                }
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(ref stopped, ExceptionDispatchInfo.Capture(error), null);
                stop.Cancel();
            }
        }

        var others = new List<Thread>();
        for (var i = 1; i < order.Threads; i++)
        {
            var thread = new Thread(() =>
            {
                using var worker = createWorker();
                Work(worker);
            });
            others.Add(thread);
            thread.Start();
        }
        Work(first);
        foreach (var thread in others) thread.Join();
        stopped?.Throw();
        cancel.ThrowIfCancellationRequested();
    }

    private static ItemEvent Process(LoadedOrder order, IItemWorker worker, WorkItem item, OutputFolder output)
    {
        try
        {
            if (order.Changed(item) is { } changed) return Refused(item, changed);
            var result = worker.Process(item, output);
            return ItemEventOf(item.Id, result);
        }
        catch (UnusableItemException unusable)
        {
            return new ItemEvent(item.Id, Outcome.Rejected, [], Columns.Empty, Reason: unusable.Reason, Message: unusable.Message);
        }
        catch (Exception error) when (error is not (ToolException or OperationCanceledException) && !FullDisk.Caused(error))
        {
            if (ToolProgram.UnderHost) Console.Error.WriteLine($"{item.Id}: {error}"); // into the log
            return new ItemEvent(item.Id, Outcome.Failed, [], Columns.Empty, Reason: "error", Message: error.Message);
        }
    }

    /// <summary>Failed and not rejected: it is no result, and is tried again.</summary>
    private static ItemEvent Refused(WorkItem item, InputFile changed) =>
        new(item.Id, Outcome.Failed, [], Columns.Empty, Reason: "changed", Message: $"{changed.Path}: it is not what it was when the run began (changed, or damaged on the disk)");

    public static ItemEvent ItemEventOf(string id, ItemResult result) =>
        new(id, result.Outcome, result.Outputs, result.Columns, result.Children, result.Reason, result.Message, result.AudioSeconds);
}
