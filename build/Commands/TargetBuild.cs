using System.Globalization;
using VoxMake.Build.Targets;
using VoxMake.Build.Terminal;
using VoxMake.Graph;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Build.Commands;

/// <summary>Brings a target up to date.</summary>
internal sealed class TargetBuild(Session session)
{
    /// <summary>Fewer steps than these from random weights make no voice; published ones took hundreds of thousands.</summary>
    private const long FewSteps = 50_000;

    private static readonly TimeSpan WorthSaying = TimeSpan.FromSeconds(30);

    private readonly Workspace _space = session.Space;
    private readonly Screen _screen = session.Screen;
    private readonly Request _request = session.Request;

    public int Run()
    {
        var target = session.Target;
        var planner = session.NewPlanner();
        using var progress = new ProgressLines(_screen);
        _space.Trees.Reading = progress.Reading;
        _space.Trees.Skipped = message =>
        {
            progress.Erase();
            _screen.Line($"warning  {message}");
        };
        var id = DateTimeOffset.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture) + "-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var options = new RunOptions(id, Machine.This(session.Threads), session.Exact(_request.Adopt), _request.KeepGoing, session.CommandFor(target));
        using var guard = session.Guard(session.CommandFor(target));
        new View(_space).Prune(session.Tasks.Select(task => task.Name).ToHashSet());
        var run = new BuildRun(_space, planner, new ProcessExecutor(), progress, session.Lock, options, _request.Locked, first => BeforeFirst(target, first, progress));
        if (_request.Exclusive) foreach (var needed in target.Stage.Needs) run.UsePresent(needed);
        try
        {
            session.Walk(run, target, _request.Exclusive);
        }
        finally
        {
            progress.Dispose();
            session.SaveSeen();
        }
        var reports = run.Reports;
        var failed = reports.Where(report => report.Outcome == StageOutcome.Failed).ToList();
        if (!_request.Locked) session.SaveLock();
        guard.Dispose(); // what is removed from the cache is removed while nobody works
        if (session.Config.Config.Cache.MaxGb is { } limit && reports.Any(report => report.Outcome == StageOutcome.Ran)) new CacheBudget(_space).Sweep((long)(limit * 1e9));
        if (_request.Json) Json.Write(reports, session.Watch.Elapsed);
        Say(reports, failed);
        return failed.Count == 0 ? ExitCode.Done : failed.Exists(report => report.Failure?.ExitCode == ExitCode.BadInput) ? ExitCode.BadInput : ExitCode.Failed;
    }

    /// <summary>Once something is known to run: every tool that may be needed, the disk, and what training begins from.</summary>
    private void BeforeFirst(StageTask target, StagePlan first, ProgressLines progress)
    {
        void Say(string line)
        {
            lock (_screen)
            {
                progress.Erase();
                _screen.Line(line);
            }
        }
        var below = Below(target.Stage);
        var needed = session.Tasks.Where(task => task == target || below.Contains(task.Name)).ToList();
        var source = session.Tasks.OfType<FetchTask>().First();
        var past = new Forecast(_space, [.. needed.Select(task => task.Stage)]);
        var forecast = past.From(first);
        Preflight.CheckKeys(session.Config, needed.Where(task => forecast.Stages.Any(stage => stage.Stage == task.Name)));
        Preflight.CheckMachine(_space, forecast, needed.Select(task => (session.Tools.Find(task.Stage.Tool), task.Stage.Verb)), _space.ChangesSince(LastSeen(source, source.Tree), source.Tree), Say);
        if (needed.OfType<TrainTask>().FirstOrDefault() is { BaseModel: { } model } train && _space.ChangesSince(LastSeen(train, model), model).Count > 0)
            Preflight.CheckBaseModel(session.Config, session.Tools.Find(train.Stage.Tool), Say);
        progress.Expect(forecast, past.Of);
        if (forecast.Time > WorthSaying) Say($"this will take about {ProgressLines.Duration(forecast.Time)} and {Preflight.Size(forecast.Bytes)}, judged by earlier runs{(forecast.Unknown.Count > 0 ? $"; {string.Join(", ", forecast.Unknown)} never ran here" : "")}");
    }

    /// <summary>The listing of a folder that a target was last made of.</summary>
    private Digest? LastSeen(StageTask task, FileTree tree) =>
        _space.Log.Present(task.Name) is { } line && _space.TryReadMade(line.Made) is { } made && made.Inputs.TryGetValue(tree.Name, out var listing) ? listing : null;

    /// <summary>The names of all stages that a stage is made of.</summary>
    private static HashSet<string> Below(Stage stage)
    {
        var found = new HashSet<string>();
        var left = new Stack<Stage>(stage.Needs);
        while (left.TryPop(out var next))
            if (found.Add(next.Name)) foreach (var needed in next.Needs) left.Push(needed);
        return found;
    }

    private void Say(IReadOnlyList<StageReport> reports, List<StageReport> failed)
    {
        var ran = reports.Any(report => report.Outcome != StageOutcome.Fresh) || _request.Adopt.Count > 0;
        if (!ran && failed.Count == 0 && !_request.Verbose)
        {
            _screen.Line($"all {reports.Count} targets of {session.Config.Name} are up to date ({ProgressLines.Duration(session.Watch.Elapsed)})");
            Results();
            return;
        }
        _screen.Line();
        Tables.End(_screen, reports, _request.Verbose);
        foreach (var report in failed)
            if (report.Failure is { } failure) Tables.Failure(_screen, failure);
        _screen.Line();
        if (failed.Count > 0) return;
        Results();
        _screen.Line($"done in {ProgressLines.Duration(session.Watch.Elapsed)}");
    }

    /// <summary>What there is to open, and an honest word on it.</summary>
    private void Results()
    {
        var current = Directory.GetCurrentDirectory();
        var speech = Path.Combine(_space.Out, "Synthesize", "speech");
        var spoken = Directory.Exists(speech) ? Directory.EnumerateFiles(speech, "*.wav", SearchOption.AllDirectories).Min(StringComparer.Ordinal) : null;
        foreach (var (what, path) in new[] { ("report", "Report/report.html"), ("speech", spoken), ("voice", "Export"), ("dataset", "Dataset") })
            if (path is not null && Path.Exists(Path.Combine(_space.Out, path))) _screen.Line($"{what,-8} {Path.GetRelativePath(current, Path.Combine(_space.Out, path))}");
        if (session.Config.Config.Training is { BaseModel: null } && _space.Log.Present("Train") is { } line && _space.TryRead(line.Result) is { } trained && trained.Columns["steps"] is { Kind: ValueKind.Integer } steps && steps.AsInteger < FewSteps)
            _screen.Line($"{steps} steps from random weights: this shows the machine at work, it is not a good voice. To fine-tune a published one instead:\n"
                + $"         {session.CommandFor(session.Tasks[^1])} --set training.base_model=FOLDER --set audio.sample_rate=16000   # README.md, Fine-tuning MMS");
    }
}
