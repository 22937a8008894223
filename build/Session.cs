using System.Diagnostics;
using System.Globalization;
using VoxMake.Build.Frosting;
using VoxMake.Build.Targets;
using VoxMake.Build.Terminal;
using VoxMake.Config;
using VoxMake.Graph;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Build;

/// <summary>One call of the host over one configuration.</summary>
internal sealed class Session
{
    private readonly Request _request;
    private readonly Screen _screen;
    private readonly CancellationToken _cancel;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly LoadedConfig _config;
    private readonly IReadOnlyList<StageTask> _tasks;
    private readonly Workspace _space;
    private readonly VoxLock _lock;
    private readonly AssemblyMemory _assemblies;
    private readonly FolderToolBox _tools;
    private readonly int _threads;

    /// <summary>Fewer steps than these from random weights make no voice; published ones took hundreds of thousands.</summary>
    private const long FewSteps = 50_000;

    public Session(Request request, Screen screen, CancellationToken cancel)
    {
        (_request, _screen, _cancel) = (request, screen, cancel);
        _threads = request.Jobs > 0 ? request.Jobs : Environment.ProcessorCount;
        var file = Path.GetFullPath(request.Config ?? "configs/quickstart.yaml");
        if (request.Config is null && !File.Exists(file)) throw new VoxException("there is no configs/quickstart.yaml here") { Try = "name the voice: --config my-voice.yaml" };
        _config = ConfigReader.Read(file, request.Set);
        foreach (var note in _config.Notes) screen.Line($"note  {note}");
        Preflight.Check(_config);
        _tasks = Pipeline.Targets(_config);

        var disk = new LocalDisk();
        _space = new Workspace(disk, Directory.GetCurrentDirectory(), _config.Name, _threads);
        foreach (var tree in _tasks.SelectMany(task => task.Stage.Items).Select(query => query.Driving.Tree).OfType<FileTree>()) _space.Register(tree);
        _lock = VoxLock.Read(disk, Path.Combine(_config.Folder, "vox.lock"), _config.Name);
        _assemblies = new AssemblyMemory(disk, Path.Combine(_space.State, "assemblies"));
        _tools = new FolderToolBox(request.Bin ?? AppContext.BaseDirectory.TrimEnd('/'), _space.Seen, _assemblies);
    }

    public int Run()
    {
        if (string.Equals(_request.Target, "Clean", StringComparison.OrdinalIgnoreCase)) return Clean();
        if (_request.Mode == RunMode.Checkout) return Checkout();
        var target = TargetOf(_request.Target ?? _tasks[^1].Name);
        foreach (var name in _request.Force.Concat(_request.Adopt)) TargetOf(name);
        switch (_request.Mode)
        {
            case RunMode.Tree:
                Tables.Tree(_screen, _tasks);
                return ExitCode.Done;
            case RunMode.Description:
                foreach (var task in _tasks) _screen.Line($"{task.Name,-12} {task.Description}");
                _screen.Line($"{"Clean",-12} {new CleanTask().Description}\n{"Test",-12} {new TestTask().Description}");
                return ExitCode.Done;
            case RunMode.Build:
                return Build(target);
            default:
                return Look(target);
        }
    }

    private int Build(StageTask target)
    {
        var planner = NewPlanner();
        using var progress = new ProgressLines(_screen);
        _space.Trees.Reading = progress.Reading;
        _space.Trees.Skipped = message =>
        {
            progress.Erase();
            _screen.Line($"warning  {message}");
        };
        var id = DateTimeOffset.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture) + "-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var options = new RunOptions(id, Machine.This(_threads), Exact(_request.Adopt), _request.KeepGoing, Resume(target));
        _space.Create();
        using var guard = RunGuard.Take(_space, _space.Clock, Resume(target), _lock.File, orphan => _screen.Line($"stopping process {orphan.Pid} ({orphan.Tool} for {orphan.Stage}), left over from a run that was killed"));
        new View(_space).Prune(_tasks.Select(task => task.Name).ToHashSet());
        var run = new BuildRun(_space, planner, new ProcessExecutor(), progress, _lock, options, _request.Locked, _ => BeforeFirst(target, progress));
        var context = new BuildContext(_request, _space, run, _cancel);
        if (_request.Exclusive) foreach (var needed in target.Stage.Needs) run.UsePresent(needed);
        try
        {
            Walk(context, target);
            run.Run(_cancel);
        }
        finally
        {
            progress.Dispose();
            _space.Seen.Save();
            _assemblies.Save();
        }
        var reports = run.Reports;
        var failed = reports.Where(report => report.Outcome == StageOutcome.Failed).ToList();
        if (!_request.Locked) _lock.Save([.. _tasks.Select(task => task.Name)], Path.Combine(_space.Cache, "vox.lock.guard"));
        if (_config.Config.Cache.MaxGb is { } limit && reports.Any(report => report.Outcome == StageOutcome.Ran)) new CacheBudget(_space).Sweep((long)(limit * 1e9));
        if (_request.Json) Json.Write(reports, _watch.Elapsed);
        Say(reports, failed);
        return failed.Count == 0 ? ExitCode.Done : failed.Exists(report => report.Failure?.ExitCode == ExitCode.BadInput) ? ExitCode.BadInput : ExitCode.Failed;
    }

    /// <summary>Once something is known to run: every tool that may be needed, the disk, and what training begins from.</summary>
    private void BeforeFirst(StageTask target, ProgressLines progress)
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
        var needed = _tasks.Where(task => task == target || below.Contains(task.Name)).ToList();
        var source = _tasks.OfType<FetchTask>().First();
        Preflight.CheckMachine(_space, needed.Select(task => _tools.Find(task.Stage.Tool)), _space.ChangesSince(LastSeen(source, source.Tree), source.Tree), Say);
        if (needed.OfType<TrainTask>().FirstOrDefault() is { BaseModel: { } model } train && _space.ChangesSince(LastSeen(train, model), model).Count > 0)
            Preflight.CheckBaseModel(_config, _tools.Find(train.Stage.Tool), Say);
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

    private int Look(StageTask target)
    {
        var run = new DryRun(_space, NewPlanner());
        Walk(new BuildContext(_request, _space, run, _cancel), target);
        run.Run(_cancel);
        if (_request.Json) Json.Write(run.Plans, run.Reports);
        else if (_request.Mode == RunMode.Status) Tables.Status(_screen, _space, run.Plans, run.Reports);
        else Tables.Plan(_screen, run.Plans, run.Reports, all: _request.Mode == RunMode.Explain || _request.Verbose);
        if (_request.Mode == RunMode.DryRun && !_request.Json) _screen.Line("dry run: nothing was touched");
        return ExitCode.Done;
    }

    private int Checkout()
    {
        var parts = _request.Checkout!.Split('@');
        if (parts.Length != 2 || _request.CheckoutFolder is null) throw new VoxException("--checkout wants STAGE@KEY and a folder") { Try = "vox --checkout Dataset@1a2b3c4d5e6f old-dataset" };
        var task = TargetOf(parts[0]);
        var lines = _space.Log.History(task.Name).Where(line => line.Key.ToString().StartsWith(parts[1], StringComparison.OrdinalIgnoreCase)).DistinctBy(line => line.Result).ToList();
        if (lines.Count != 1)
            throw new VoxException($"--checkout: {task.Name} has {(lines.Count == 0 ? "no result" : $"{lines.Count} results")} whose key begins with '{parts[1]}'")
            {
                Try = "it has: " + string.Join(", ", _space.Log.History(task.Name).Select(line => $"{line.Key.Short} ({line.At.ToLocalTime():yyyy-MM-dd HH:mm})").Distinct()),
            };
        var result = _space.TryRead(lines[0].Result) ?? throw new VoxException($"--checkout: the cache no longer holds that result of {task.Name}");
        new View(_space).Checkout(StageState.Done(task.Stage, lines[0].Key, lines[0].Result, result, _space.Rows), Path.GetFullPath(_request.CheckoutFolder));
        _screen.Line($"{task.Name} of {lines[0].At.ToLocalTime():yyyy-MM-dd HH:mm} is in {_request.CheckoutFolder}");
        return ExitCode.Done;
    }

    private int Clean()
    {
        if (_request.Mode != RunMode.Build) throw new VoxException("--target=Clean only cleans; it has no plan to show") { Try = "leave out the other option, or the target" };
        _space.Create();
        using var guard = RunGuard.Take(_space, _space.Clock, "vox --target=Clean", _lock.File, _ => { });
        var context = new BuildContext(_request, _space, new DryRun(_space, NewPlanner()), _cancel);
        var host = new CakeHost<BuildContext>(context);
        var task = new CleanTask();
        host.Add(task);
        host.Run(task.Name, exclusive: false);
        return context.ExitCode;
    }

    private void Walk(BuildContext context, StageTask target)
    {
        var host = new CakeHost<BuildContext>(context);
        foreach (var task in _tasks) host.Add(task);
        host.Run(target.Name, _request.Exclusive && _request.Mode == RunMode.Build);
    }

    private Planner NewPlanner() => new(_space, _tools, Exact(_request.Force)) { Memory = stage => _lock.Memory(stage.Name) };

    private StageTask TargetOf(string name) =>
        _tasks.FirstOrDefault(task => task.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new VoxException($"there is no target {name} in the graph of {_config.Name}") { Try = "it has: " + string.Join(", ", _tasks.Select(task => task.Name).Concat(["Clean", "Test"])) };

    private HashSet<string> Exact(IEnumerable<string> names) => [.. names.Select(name => TargetOf(name).Name)];

    private string Resume(StageTask target)
    {
        var words = new List<string> { "./build.sh" };
        if (_request.Config is { } config) words.Add($"--config={Quoted(config)}");
        words.AddRange(_request.Set.Select(set => $"--set {Quoted(set)}"));
        words.Add($"--target={target.Name}");
        return string.Join(' ', words);
    }

    /// <summary>As a shell takes it for one word.</summary>
    private static string Quoted(string word) => word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=,:@+".Contains(c)) ? word : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    private void Say(IReadOnlyList<StageReport> reports, List<StageReport> failed)
    {
        var ran = reports.Any(report => report.Outcome != StageOutcome.Fresh) || _request.Adopt.Count > 0;
        if (!ran && failed.Count == 0 && !_request.Verbose)
        {
            _screen.Line($"all {reports.Count} targets of {_config.Name} are up to date ({ProgressLines.Duration(_watch.Elapsed)})");
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
        _screen.Line($"done in {ProgressLines.Duration(_watch.Elapsed)}");
    }

    /// <summary>What there is to open, and an honest word on it.</summary>
    private void Results()
    {
        var current = Directory.GetCurrentDirectory();
        var speech = Path.Combine(_space.Out, "Synthesize", "speech");
        var spoken = Directory.Exists(speech) ? Directory.EnumerateFiles(speech, "*.wav", SearchOption.AllDirectories).Min(StringComparer.Ordinal) : null;
        foreach (var (what, path) in new[] { ("report", "Report/report.html"), ("speech", spoken), ("voice", "Export"), ("dataset", "Dataset") })
            if (path is not null && Path.Exists(Path.Combine(_space.Out, path))) _screen.Line($"{what,-8} {Path.GetRelativePath(current, Path.Combine(_space.Out, path))}");
        if (_config.Config.Training is { BaseModel: null } && _space.Log.Present("Train") is { } line && _space.TryRead(line.Result) is { } trained && trained.Columns["steps"] is { Kind: ValueKind.Integer } steps && steps.AsInteger < FewSteps)
            _screen.Line($"{steps} steps from random weights: this shows the machine at work, it is not a good voice. To fine-tune a published one instead:\n"
                + $"         {Resume(_tasks[^1])} --set training.base_model=FOLDER --set audio.sample_rate=16000   # README.md, Fine-tuning MMS");
    }
}
