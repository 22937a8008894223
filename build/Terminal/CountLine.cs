using System.Diagnostics;
using VoxMake.Graph.Running;

namespace VoxMake.Build.Terminal;

/// <summary>One line about work that is counted, with rate and time left: drawn over on a terminal, else told every ten seconds. Safe to call from several threads.</summary>
public sealed class CountLine(Screen screen, string what, string unit) : IDisposable
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private TimeSpan _next = screen.Live ? TimeSpan.Zero : TimeSpan.FromSeconds(10);
    private bool _drawn;

    public void Moved(long done, long total)
    {
        if (_watch.Elapsed < _next) return;
        lock (_lock)
        {
            if (_watch.Elapsed < _next) return;
            _next = _watch.Elapsed + (screen.Live ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(10));
            var line = ProgressLines.Words(what, new StageProgress(done, total, unit, 0, 0, 0), _watch.Elapsed);
            if (!screen.Live) screen.Line(line);
            else screen.Writer.Write("\r\u001b[2K" + line);
            _drawn = screen.Live;
        }
    }

    public void Dispose()
    {
        if (_drawn) screen.Writer.Write("\r\u001b[2K");
    }
}
