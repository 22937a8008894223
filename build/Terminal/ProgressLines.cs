using System.Diagnostics;
using System.Globalization;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;
using VoxMake.Protocol;

namespace VoxMake.Build.Terminal;

/// <summary>
/// Shows what runs, a line for each stage and one for the run: on a terminal drawn over ten times a second; elsewhere a line when a stage begins, and a heartbeat every ten seconds.
/// </summary>
public sealed class ProgressLines : IRunObserver, IDisposable
{
    private static readonly TimeSpan LiveEvery = TimeSpan.FromMilliseconds(100), HeartbeatEvery = TimeSpan.FromSeconds(10);
    private readonly Screen _screen;
    private readonly Lock _lock = new();
    private readonly Timer _timer;
    private readonly List<StageLine> _stages = []; // in the order in which they began
    private readonly TimeLeft _left = new();
    private Func<Stage, long, TimeSpan?> _expected = (_, _) => null;
    private long _expectedItems, _begun;
    private int _drawn;

    public ProgressLines(Screen screen)
    {
        _screen = screen;
        _timer = new Timer(_ => Tick(), null, screen.Live ? LiveEvery : HeartbeatEvery, screen.Live ? LiveEvery : HeartbeatEvery);
    }

    /// <summary>What the run is expected to take, once its first stage is known.</summary>
    /// <param name="expected">What a number of items of a stage will take; null if nothing tells.</param>
    public void Expect(Forecast.Outlook forecast, Func<Stage, long, TimeSpan?> expected)
    {
        lock (_lock)
        {
            (_expected, _expectedItems, _begun) = (expected, forecast.Items, Stopwatch.GetTimestamp());
            foreach (var stage in forecast.Stages) _left.Expect(stage.Stage, stage.Time);
        }
    }

    public void StageStarted(StagePlan plan)
    {
        lock (_lock)
        {
            if (plan.ToRun == 0) return; // it is only put together from what is known
            Erase();
            var line = _stages.Find(line => line.Stage == plan.Stage);
            if (line is null) _stages.Add(line = new StageLine(plan.Stage));
            line.Begins(plan.ToRun);
            _left.Expect(plan.Stage.Name, _expected(plan.Stage, line.Total));
            if (!_screen.Live) _screen.Line($"{plan.Stage.Name}: {Amount(plan)}{plan.InShort}");
            else if (plan.GoesOn is { } from) _screen.Line($"{plan.Stage.Name}: {from}");
        }
    }

    private static string Amount(StagePlan plan) =>
        plan.Stage.Kind != StageKind.Collect ? $"{plan.ToRun} of {plan.ItemCount} items: " : plan.Stage.Items.Count > 0 ? $"over {plan.ItemCount} items: " : "";

    public void StageEnded(StageReport report)
    {
        lock (_lock)
        {
            Erase();
            if (_stages.Find(line => line.Stage.Name == report.Stage) is { } line)
            {
                Tell(line);
                _stages.Remove(line);
            }
            _left.Ended(report.Stage, report.Ran > 0);
        }
    }

    public void Moved(StagePlan plan, StageProgress progress)
    {
        lock (_lock)
        {
            if (_stages.Find(line => line.Stage == plan.Stage) is not { } line)
            {
                _stages.Add(line = new StageLine(plan.Stage)); // ahead of its plan, on what the stage before it has made
                line.Begins(_expectedItems);
            }
            line.Moved(progress);
        }
    }

    public void Metric(StagePlan plan, string name, Value value, long step)
    {
        lock (_lock) _stages.Find(line => line.Stage == plan.Stage)?.Measured(name, value);
    }

    /// <summary>Reading files to see whether they have changed.</summary>
    public void Reading(int done, int total)
    {
        if (!_screen.Live) return;
        lock (_lock)
        {
            Erase();
            _screen.Writer.Write($"looking at files  {done:n0}/{total:n0}");
            _drawn = 1;
        }
    }

    public void Warning(Stage stage, string message) => Line($"warning  {stage.Name}: {message}");

    public void Note(Stage stage, string message) => Line($"  {message}");

    private void Line(string line)
    {
        lock (_lock)
        {
            Erase();
            _screen.Line(line);
        }
    }

    /// <summary>Takes the lines away, before something else is printed.</summary>
    public void Erase()
    {
        lock (_lock)
        {
            if (_drawn == 0) return;
            _screen.Writer.Write("\r\u001b[2K");
            for (; _drawn > 1; _drawn--) _screen.Writer.Write("\u001b[1A\u001b[2K");
            _drawn = 0;
        }
    }

    private void Tick()
    {
        lock (_lock)
        {
            if (_stages.Count == 0) return;
            if (!_screen.Live)
            {
                foreach (var stage in Words()) _screen.Line(stage);
                return;
            }
            Erase();
            var width = Math.Max(20, Console.WindowWidth - 1);
            var lines = Words().Select(line => line.Length > width ? line[..width] : line).ToList();
            _screen.Writer.Write(string.Join('\n', lines));
            _drawn = lines.Count;
        }
    }

    private IEnumerable<string> Words()
    {
        var lines = _stages.Select(stage => stage.Words());
        if (_begun == 0) return lines;
        foreach (var stage in _stages) Tell(stage);
        var elapsed = Stopwatch.GetElapsedTime(_begun);
        var (left, unknown) = _left.After(elapsed);
        return left is null || (unknown.Count == 0 && _stages.Count == 1 && _left.Stages == 1) ? lines : lines.Append(RunWords(elapsed, left.Value, unknown));
    }

    /// <summary>Tells how far a stage is: when somebody looks, not for every item.</summary>
    private void Tell(StageLine line) => _left.Moved(line.Stage.Name, line.Share, Stopwatch.GetElapsedTime(line.Began));

    /// <summary>The line about the whole run: how long it is at work, what is left, and what cannot be known yet.</summary>
    public static string RunWords(TimeSpan elapsed, TimeSpan left, IReadOnlyList<string> unknown)
    {
        const int named = 3;
        var time = left > TimeSpan.Zero || unknown.Count == 0 ? $"about {Duration(left)} left" : "";
        var names = string.Join(", ", unknown.Take(named)) + (unknown.Count > named ? $" and {unknown.Count - named} more" : "");
        return $"run  {Duration(elapsed)} so far  {time}{(time != "" && names != "" ? ", and " : "")}{(names != "" ? $"{names}, of which nothing is known yet" : "")}";
    }

    /// <summary>A stage that runs.</summary>
    private sealed class StageLine(Stage stage)
    {
        private readonly List<(string Name, Value Value)> _metrics = []; // in the order in which they were first reported
        private StageProgress _progress, _first;
        private long _firstAt;

        public Stage Stage => stage;
        public long Began { get; } = Stopwatch.GetTimestamp();

        /// <summary>That it has to work on in this run, with those that it has worked on.</summary>
        public long Total => _progress.Total;

        /// <summary>What is done of what this run has to do, 0 to 1; of steps, those before it was taken up again count for nothing.</summary>
        public double Share => _progress.Unit == "items"
            ? _progress.Done / (double)Math.Max(1, Math.Max(Total, _progress.Done))
            : (_progress.Done - _first.Done) / (double)Math.Max(1, Total - _first.Done);

        /// <summary>It is known, or expected, how many items are left to be worked on.</summary>
        public void Begins(long items) => _progress = _progress with { Total = _progress.Done + items, Unit = _progress.Unit ?? "items" };

        public void Moved(StageProgress progress)
        {
            _progress = progress.Unit == "items" ? progress with { Total = Math.Max(progress.Total, Total) } : progress;
            if (_firstAt == 0) (_first, _firstAt) = (progress, Stopwatch.GetTimestamp());
        }

        public void Measured(string name, Value value)
        {
            var known = _metrics.FindIndex(metric => metric.Name == name);
            if (known >= 0) _metrics[known] = (name, value);
            else _metrics.Add((name, value));
        }

        public string Words() => _progress.Unit == "steps"
            ? StepWords(stage.Name, _progress, _metrics, _progress.Done - _first.Done, Stopwatch.GetElapsedTime(_firstAt))
            : ProgressLines.Words(stage.Name, _progress, Stopwatch.GetElapsedTime(Began));
    }

    /// <summary>One line about a stage under way: items, share, rate, audio, losses, time left.</summary>
    public static string Words(string stage, StageProgress progress, TimeSpan elapsed)
    {
        var culture = CultureInfo.InvariantCulture;
        var seconds = Math.Max(elapsed.TotalSeconds, 0.001);
        var rate = progress.Done / seconds;
        var parts = new List<string>
        {
            $"{stage}  {progress.Done.ToString("n0", culture)}/{progress.Total.ToString("n0", culture)} {progress.Unit}",
            progress.Total > 0 ? $"{100 * progress.Done / progress.Total} %" : "",
            rate >= 0.05 ? $"{rate.ToString(rate < 10 ? "0.0" : "n0", culture)}/s" : "",
            progress.AudioSeconds > 0 ? $"{(progress.AudioSeconds / seconds).ToString("n0", culture)} × real time" : "",
            progress.Rejected > 0 ? $"{progress.Rejected} rejected" : "",
            progress.Failed > 0 ? $"{progress.Failed} failed" : "",
            rate > 0 && progress.Done < progress.Total ? $"{Duration(TimeSpan.FromSeconds((progress.Total - progress.Done) / rate))} left" : "",
            progress.Done == 0 ? $"running for {Duration(elapsed)}" : "",
        };
        return string.Join("  ", parts.Where(part => part != ""));
    }

    /// <summary>One line about a stage that learns: step, what it measures, rate, time left.</summary>
    /// <param name="metrics">The first of them are shown.</param>
    /// <param name="done">Steps that were done in <paramref name="elapsed"/>: those before a run was stopped say nothing of how fast this one is.</param>
    public static string StepWords(string stage, StageProgress progress, IReadOnlyList<(string Name, Value Value)> metrics, long done, TimeSpan elapsed)
    {
        const int shown = 3;
        var culture = CultureInfo.InvariantCulture;
        var rate = done / Math.Max(elapsed.TotalSeconds, 0.001);
        var parts = new List<string> { $"{stage}  step {progress.Done.ToString("n0", culture)} of {progress.Total.ToString("n0", culture)}" };
        foreach (var (name, value) in metrics.Take(shown)) parts.Add($"{name} {(value.Kind == ValueKind.Real ? value.AsReal!.Value.ToString("G4", culture) : value.ToString())}");
        if (rate > 0) parts.Add(rate >= 0.1 ? $"{rate.ToString("0.0", culture)} steps/s" : $"{Duration(TimeSpan.FromSeconds(1 / rate))} a step");
        if (rate > 0 && progress.Done < progress.Total) parts.Add($"{Duration(TimeSpan.FromSeconds((progress.Total - progress.Done) / rate))} left");
        return string.Join(" · ", parts);
    }

    /// <summary>A time as people say it: 0.4 s, 12 s, 3 min 05 s, 2 h 07 min.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 10 } => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
        { TotalMinutes: < 1 } => $"{(int)time.TotalSeconds} s",
        { TotalHours: < 1 } => $"{(int)time.TotalMinutes} min {time.Seconds:00} s",
        _ => $"{(int)time.TotalHours} h {time.Minutes:00} min",
    };

    public void Dispose()
    {
        _timer.Dispose();
        Erase();
    }
}
