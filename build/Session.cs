using System.Diagnostics;
using VoxMake.Build.Commands;
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

/// <summary>One call of the host over one configuration: what every command needs, and which command it is.</summary>
internal sealed class Session
{
    private readonly AssemblyMemory _assemblies;

    public Session(Request request, Screen screen, CancellationToken cancel)
    {
        (Request, Screen, Cancel) = (request, screen, cancel);
        Threads = request.Jobs > 0 ? request.Jobs : Environment.ProcessorCount;
        var file = Path.GetFullPath(request.Config ?? "configs/quickstart.yaml");
        if (request.Config is null && !File.Exists(file)) throw new VoxException("there is no configs/quickstart.yaml here") { Try = "name the voice: --config my-voice.yaml" };
        Config = ConfigReader.Read(file, request.Set);
        foreach (var note in Config.Notes) screen.Line($"note  {note}");
        Preflight.Check(Config);
        Tasks = Pipeline.Targets(Config);

        var disk = new LocalDisk();
        Space = new Workspace(disk, Directory.GetCurrentDirectory(), Config.Name, Threads, cache: SharedCache());
        foreach (var tree in Tasks.SelectMany(task => task.Stage.Items).Select(query => query.Driving.Tree).OfType<FileTree>()) Space.Register(tree);
        Lock = VoxLock.Read(disk, Path.Combine(Config.Folder, "vox.lock"), Config.Name);
        _assemblies = new AssemblyMemory(disk, Path.Combine(Space.State, "assemblies"));
        Tools = new FolderToolBox(request.Bin ?? AppContext.BaseDirectory.TrimEnd('/'), Space.Seen, _assemblies);
    }

    public Request Request { get; }
    public Screen Screen { get; }
    public CancellationToken Cancel { get; }
    public int Threads { get; }

    /// <summary>Since the host began its work.</summary>
    public Stopwatch Watch { get; } = Stopwatch.StartNew();

    public LoadedConfig Config { get; }

    /// <summary>The targets of the configuration, in the order in which they run.</summary>
    public IReadOnlyList<StageTask> Tasks { get; }

    public Workspace Space { get; }
    public VoxLock Lock { get; }
    public FolderToolBox Tools { get; }

    /// <summary>The target that was asked for; the last one if none was.</summary>
    public StageTask Target => TargetOf(Request.Target ?? Tasks[^1].Name);

    /// <summary>Does what was asked for; the result is the exit code.</summary>
    public int Run()
    {
        if (string.Equals(Request.Target, "Clean", StringComparison.OrdinalIgnoreCase)) return Cleaning.Run(this);
        foreach (var name in Request.Force.Concat(Request.Adopt).Append(Target.Name)) TargetOf(name);
        switch (Request.Mode)
        {
            case RunMode.Tree:
                Tables.Tree(Screen, Tasks);
                return ExitCode.Done;
            case RunMode.Description:
                foreach (var task in Tasks) Screen.Line($"{task.Name,-12} {task.Description}");
                Screen.Line($"{"Clean",-12} {new CleanTask().Description}\n{"Test",-12} {new TestTask().Description}");
                return ExitCode.Done;
            case RunMode.Checkout: return Checkout.Run(this);
            case RunMode.History: return Past.Run(this);
            case RunMode.Rollback: return RollingBack.Run(this);
            case RunMode.Gc: return Removal.Run(this);
            case RunMode.Verify: return Verification.Run(this);
            case RunMode.Repair: return Mending.Run(this);
            case RunMode.Review: return Listening.Run(this);
            case RunMode.Build:
                return new TargetBuild(this).Run();
            default:
                return Outlook.Run(this);
        }
    }

    /// <summary>The cache that several folders share, if they do (<c>VOX_CACHE</c>).</summary>
    private static string? SharedCache()
    {
        if (Environment.GetEnvironmentVariable("VOX_CACHE") is not { Length: > 0 } folder) return null;
        if (!Path.IsPathFullyQualified(folder))
            throw new VoxException($"VOX_CACHE={folder}: expected an absolute path")
            {
                Try = "as in VOX_CACHE=/data/vox-cache; every folder that is to share the cache needs the same",
            };
        return Path.GetFullPath(folder).TrimEnd('/');
    }

    /// <summary>The target of a name, in any case.</summary>
    /// <exception cref="VoxException">There is none.</exception>
    public StageTask TargetOf(string name) =>
        Tasks.FirstOrDefault(task => task.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new VoxException($"there is no target {name} in the graph of {Config.Name}") { Try = "it has: " + string.Join(", ", Tasks.Select(task => task.Name).Concat(["Clean", "Test"])) };

    /// <summary>Targets' names as they are spelt.</summary>
    public HashSet<string> Exact(IEnumerable<string> names) => [.. names.Select(name => TargetOf(name).Name)];

    public Planner NewPlanner() => new(Space, Tools, Exact(Request.Force)) { Memory = stage => Lock.Memory(stage.Name) };

    /// <summary>Goes over a target and those before it, in the way of a run.</summary>
    public void Walk(IStageRun run, StageTask target, bool exclusive = false)
    {
        var host = new CakeHost<BuildContext>(new BuildContext(Request, Space, run, Cancel));
        foreach (var task in Tasks) host.Add(task);
        host.Run(target.Name, exclusive);
        run.Run(Cancel);
    }

    /// <summary>Keeps other runs of this voice out until it is disposed of.</summary>
    public RunGuard Guard(string command)
    {
        Space.Create();
        return RunGuard.Take(Space, Space.Clock, command, Lock.File, orphan => Screen.Line($"stopping process {orphan.Pid} ({orphan.Tool} for {orphan.Stage}), left over from a run that was killed"));
    }

    /// <summary>Writes vox.lock, if it has changed.</summary>
    public void SaveLock() => Lock.Save([.. Tasks.Select(task => task.Name)], Path.Combine(Space.Cache, "vox.lock.guard"));

    /// <summary>What would be done for a target; touches nothing.</summary>
    public DryRun Plan(StageTask target)
    {
        var run = new DryRun(Space, NewPlanner());
        Walk(run, target);
        return run;
    }

    /// <summary>Keeps what was learned of files and tools.</summary>
    public void SaveSeen()
    {
        Space.Remember();
        _assemblies.Save();
    }

    /// <summary>The command that brings a target up to date with this configuration.</summary>
    public string CommandFor(StageTask target)
    {
        var words = new List<string> { "./build.sh" };
        if (Request.Config is { } config) words.Add($"--config={Quoted(config)}");
        words.AddRange(Request.Set.Select(set => $"--set {Quoted(set)}"));
        words.Add($"--target={target.Name}");
        return string.Join(' ', words);
    }

    /// <summary>As a shell takes it for one word.</summary>
    private static string Quoted(string word) => word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=,:@+".Contains(c)) ? word : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
