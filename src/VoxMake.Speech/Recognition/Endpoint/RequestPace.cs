namespace VoxMake.Speech.Recognition.Endpoint;

/// <summary>Requests of all threads, one after the other, none before its time.</summary>
/// <param name="perMinute">0: no limit.</param>
internal sealed class RequestPace(double perMinute, TimeProvider time)
{
    private readonly TimeSpan _between = perMinute > 0 ? TimeSpan.FromMinutes(1 / perMinute) : TimeSpan.Zero;
    private readonly Lock _lock = new();
    private DateTimeOffset _next;

    /// <summary>Waits for the next turn.</summary>
    public void Wait(CancellationToken cancel)
    {
        TimeSpan delay;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_next < now) _next = now;
            delay = _next - now;
            _next += _between;
        }
        if (delay > TimeSpan.Zero) Task.Delay(delay, time, cancel).GetAwaiter().GetResult();
    }

    /// <summary>The server wants nothing from anybody for a while.</summary>
    public void Hold(TimeSpan pause)
    {
        lock (_lock)
        {
            var until = time.GetUtcNow() + pause;
            if (_next < until) _next = until;
        }
    }
}
