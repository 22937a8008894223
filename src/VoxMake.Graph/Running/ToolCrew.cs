using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>
/// The tools that run, each waited for by a thread of its own. What they say is heard by one thread only, that of the run: so nothing else in the graph needs to know that there are others.
/// </summary>
internal sealed class ToolCrew : IDisposable
{
    private const int Unheard = 4096; // events that may wait before tools have to
    private readonly IExecutor _executor;
    private readonly CancellationTokenSource _stop;
    private bool _deaf;
    private readonly BlockingCollection<Action> _events = new(Unheard);

    /// <param name="cancel">Asks all tools to end; what they still say is heard.</param>
    public ToolCrew(IExecutor executor, CancellationToken cancel) => (_executor, _stop) = (executor, CancellationTokenSource.CreateLinkedTokenSource(cancel));

    /// <summary>How many run.</summary>
    public int Running { get; private set; }

    /// <summary>Starts a tool.</summary>
    /// <param name="ended">Told how it ended; null where the run cannot go on.</param>
    public void Start(ToolStart start, Action<ToolEvent> heard, Action<ToolEnd?> ended)
    {
        Running++;
        new Thread(() =>
        {
            ToolEnd? end = null;
            Exception? fault = null;
            try { end = _executor.Run(start, happened => _events.Add(() =>
            {
                if (!_deaf) heard(happened);
            }), _stop.Token); }
            catch (Exception error) { fault = error; }
            _events.Add(() =>
            {
                Running--;
                ended(_deaf || fault is not null ? null : end);
                if (fault is not null && !_deaf) ExceptionDispatchInfo.Throw(fault);
            });
        }) { IsBackground = true, Name = start.Tool.Name }.Start();
    }

    /// <summary>Waits for the next thing that a tool says, or that one ends, and deals with it.</summary>
    public void HearNext() => _events.Take()();

    /// <summary>Stops those that still run, because the run cannot go on, and waits until they are gone. What they say is no longer heard: whoever missed one event must not believe the next.</summary>
    public void Dispose()
    {
        _deaf = true;
        _stop.Cancel();
        while (Running > 0) HearNext();
        _stop.Dispose();
        _events.Dispose();
    }
}
