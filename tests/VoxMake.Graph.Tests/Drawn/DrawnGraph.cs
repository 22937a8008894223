using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;
using VoxMake.Tests;

namespace VoxMake.Graph.Tests;

/// <summary>A drawn graph in a folder of its own. All that touches how the engine is put together stands here.</summary>
internal sealed partial class DrawnGraph : IDisposable
{
    private const string Name = "drawn";
    private readonly TemporaryFolder _folder = new(inMemory: true);
    private readonly Dictionary<string, string> _marks = [], _paces = [];
    private readonly Way _way;
    private readonly int _tick, _seed;
    private int _runs;

    /// <param name="tick">How coarse the times of people's files are, in milliseconds.</param>
    public DrawnGraph(GraphShape shape, Way way, int tick, int seed = 0)
    {
        (Shape, _way, _tick, _seed) = (shape, way, tick, seed);
        Tools = new DrawnTools(seed);
        People = new PeoplesFiles(Directory.CreateDirectory(Path.Combine(_folder.Path, "people")).FullName, Clock, tick);
        Directory.CreateDirectory(Path.Combine(People.Root, GraphShape.Texts));
        People.Write(GraphShape.Notes, "notes");
        Disk = new HastyDisk(new LocalDisk());
    }

    public GraphShape Shape { get; }

    /// <summary>Holds <c>.vox</c>, <c>out</c> and <c>vox.lock</c>.</summary>
    public string Root => Path.Combine(_folder.Path, "here");

    public PeoplesFiles People { get; }
    public StillClock Clock { get; } = new();
    public DrawnTools Tools { get; }

    /// <summary>The disk that the engine works on.</summary>
    public IDisk Disk { get; set; }

    public string LockFile => Path.Combine(Root, "vox.lock");
    public string State => Path.Combine(Root, ".vox", Name);
    public string Cache => Path.Combine(Root, ".vox", "cache");

    public void Apply(Step step)
    {
        Clock.Now += TimeSpan.FromMilliseconds(step.Wait);
        foreach (var edit in step.Edits) Apply(edit);
    }

    public void Apply(Edit edit)
    {
        static string In(string folder, string name) => folder + "/" + name;
        string StageAt(int number) => Shape.Stages[number % Shape.Stages.Count].Name;
        switch (edit)
        {
            case Edit.Write write: People.Write(In(write.Folder, write.Name), write.Text); break;
            case Edit.SetBack back: People.WriteAsOfBefore(In(back.Folder, back.Name), back.Text); break;
            case Edit.Swap swap: People.Swap(In(swap.Folder, swap.Name)); break;
            case Edit.Revert revert: People.Revert(In(revert.Folder, revert.Name)); break;
            case Edit.Touch touch: People.Touch(In(touch.Folder, touch.Name)); break;
            case Edit.Delete delete: People.Delete(In(delete.Folder, delete.Name)); break;
            case Edit.Rename rename: People.Rename(In(rename.Folder, rename.From), In(rename.Folder, rename.To)); break;
            case Edit.MoveFolder move: People.MoveFolder(In(GraphShape.Texts, move.From), In(GraphShape.Texts, move.To)); break;
            case Edit.RemoveOthers: People.RemoveFolder(GraphShape.Others); break;
            case Edit.Mend:
                foreach (var name in People.Names.ToList())
                    if (People.Read(name).Contains("broken", StringComparison.Ordinal)) People.Write(name, People.Read(name).Replace("broken", "mended", StringComparison.Ordinal));
                break;
            case Edit.Note note: People.Write(GraphShape.Notes, note.Text); break;
            case Edit.Mark mark: _marks[StageAt(mark.Stage)] = mark.Text; break;
            case Edit.Pace pace: _paces[StageAt(pace.Stage)] = pace.Text; break;
            case Edit.Tool tool: Tools.Versions[tool.Name] = tool.Version; break;
            case Edit.LoseView view: new LocalDisk().DeleteFolder(Path.Combine(Root, "out", Name, StageAt(view.Stage))); break;
            case Edit.ClockBack: Clock.Now -= TimeSpan.FromDays(1); break;
            case Edit.Sweep:
                new CacheBudget(Open()).Sweep(0);
                Tools.Forget();
                break;
        }
    }

    /// <summary>Runs everything in a new host.</summary>
    /// <exception cref="IOException">The disk does not do what it is asked to.</exception>
    public Built Build()
    {
        Tools.BeginRun();
        try
        {
            var space = Open();
            var voxLock = VoxLock.Read(Disk, LockFile, Name);
            var planner = new Planner(space, Tools, new HashSet<string>()) { Memory = stage => voxLock.Memory(stage.Name) };
            space.Create();
            using var guard = RunGuard.Take(space, Clock, "drawn run", LockFile, _ => { });
            var options = new RunOptions($"run{++_runs}", new Machine(Cores, _way.Together ? ["gpu"] : [], 8), new HashSet<string>(), Shape.KeepGoing, "go on") { BatchSize = _way.Batch };
            var run = new BuildRun(space, planner, Tools, new NoObserver(), voxLock, options, false, _ => { });
            var stages = Stages();
            foreach (var stage in stages) run.Add(stage);
            run.Run(default);
            space.Seen.Save();
            var whole = run.Reports.All(report => report.Outcome is StageOutcome.Ran or StageOutcome.Fresh);
            if (whole) voxLock.Save([.. stages.Select(stage => stage.Name)], Path.Combine(Root, ".vox", "lock"));
            return new Built(null, whole, run.Reports.ToDictionary(report => report.Stage, Ended), Results(space, run.Reports), Shown(), Lock());
        }
        catch (VoxException error)
        {
            var said = $"{error.Message} | {error.Try}".Replace(Root, "", StringComparison.Ordinal).Replace(People.Root, "", StringComparison.Ordinal);
            return new Built(said, false, new Dictionary<string, string?>(), new Dictionary<string, Digest>(), Shown(), Lock()) { Raw = error };
        }
    }

    /// <summary>The same people's files, settings and tools in a new folder, where nothing was ever built; its work is spread in another way.</summary>
    public DrawnGraph Scratch()
    {
        var scratch = new DrawnGraph(Shape, _way.Other, _tick, _seed + 1);
        foreach (var name in People.Names) scratch.People.Write(name, People.Read(name));
        foreach (var (stage, mark) in _marks) scratch._marks[stage] = mark;
        foreach (var (tool, version) in Tools.Versions) scratch.Tools.Versions[tool] = version;
        return scratch;
    }

    /// <summary>The files that the engine keeps beside the cache's contents, but for what tools leave.</summary>
    public IEnumerable<string> OwnFiles()
    {
        string[] others = ["/out/", "/blobs/", "/work/", "/logs/"];
        return Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Where(path => !others.Any(part => path.Contains(part, StringComparison.Ordinal))).Order(StringComparer.Ordinal);
    }

    /// <summary>Blobs by which the engine finds its way: results, what they were made of, tables and their pages.</summary>
    public IReadOnlyList<string> Papers()
    {
        var space = Open();
        var digests = new HashSet<Digest>();
        foreach (var line in space.Log.AllPresent)
        {
            digests.Add(line.Made);
            digests.Add(line.Result);
            if (space.TryRead(line.Result) is { } result) digests.UnionWith(space.Rows.Pages(result.Rows).Select(page => page.Digest).Append(result.Rows));
        }
        return [.. digests.Select(space.Blobs.PathOf).Order(StringComparer.Ordinal)];
    }

    /// <summary>Stages with the blobs that they read of stages before them, by their number in the graph.</summary>
    public IReadOnlyList<(int Reader, string Blob)> Contents()
    {
        var space = Open();
        var contents = new List<(int, string)>();
        for (var i = 0; i < Shape.Stages.Count; i++)
            foreach (var needed in Shape.Stages[i].Items.Select(query => query.Over))
                if (space.Log.Present(needed) is { } line && space.TryRead(line.Result) is { } result)
                    foreach (var row in space.Rows.Read(result.Rows).Where(row => row.Outcome == Outcome.Ok))
                        contents.AddRange(row.Outputs.Where(file => file.Source is null).Select(file => (i, space.Blobs.PathOf(file.Digest))));
        return contents;
    }

    public void Dispose() => _folder.Dispose();

    private int Cores => _way.Together ? 3 : 2;

    private IReadOnlyList<Stage> Stages() =>
        Shape.ToStages(Trees().ToDictionary(tree => tree.Name), Path.Combine(People.Root, GraphShape.Notes), _way.Together, name =>
            new Settings(JsonSerializer.Serialize(new { mark = _marks.GetValueOrDefault(name, "") }), JsonSerializer.Serialize(new { pace = _paces.GetValueOrDefault(name, "slow") })));

    private IEnumerable<FileTree> Trees() =>
        [new(GraphShape.Texts, Path.Combine(People.Root, GraphShape.Texts)), new(GraphShape.Others, Path.Combine(People.Root, GraphShape.Others), Optional: true)];

    private Workspace Open()
    {
        var space = new Workspace(People.On(Disk), Root, Name, Cores, Clock);
        foreach (var tree in Trees()) space.Register(tree);
        return space;
    }

    /// <summary>Of how many items some failed is not compared: a stage that takes over rows of an earlier result counts roughly.</summary>
    private static string? Ended(StageReport report)
    {
        if (report.Outcome == StageOutcome.Skipped) return null;
        var outcome = report.Outcome == StageOutcome.Ran ? StageOutcome.Fresh : report.Outcome;
        return $"{outcome} {report.Counts} {RoughCount().Replace(report.Failure?.What ?? "", " items failed")} {string.Join(" / ", report.Failure?.Messages ?? [])}";
    }

    [GeneratedRegex(" of [0-9]+ items failed")]
    private static partial Regex RoughCount();

    private static Dictionary<string, Digest> Results(Workspace space, IEnumerable<StageReport> reports) =>
        reports.Where(report => report.Outcome is StageOutcome.Ran or StageOutcome.Fresh).ToDictionary(report => report.Stage, report => space.Log.Present(report.Stage)!.Result);

    /// <summary>What people see of each stage: its files with what is in them.</summary>
    private Dictionary<string, string> Shown()
    {
        var shown = new Dictionary<string, string>();
        var views = Path.Combine(Root, "out", Name);
        foreach (var view in Directory.Exists(views) ? Directory.GetDirectories(views) : [])
        {
            var text = new StringBuilder();
            foreach (var file in Directory.EnumerateFiles(view, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                text.AppendLine($"{Path.GetRelativePath(view, file)}: {File.ReadAllText(file).Replace(People.Root, "", StringComparison.Ordinal)}");
            shown[Path.GetFileName(view)] = text.ToString();
        }
        return shown;
    }

    /// <summary>This configuration's part of vox.lock.</summary>
    private string? Lock()
    {
        try { return File.Exists(LockFile) ? JsonNode.Parse(File.ReadAllText(LockFile))?["configurations"]?[Name]?.ToJsonString() : null; }
        catch (JsonException) { return null; }
    }
}

/// <summary>What a run came to.</summary>
/// <param name="Error">What it said, if it stopped with a message.</param>
/// <param name="Whole">Whether all stages have a whole result.</param>
/// <param name="Ends">How each stage ended; null where it was skipped.</param>
/// <param name="Results">The digest of each result that is whole.</param>
/// <param name="Shown">What <c>out/</c> shows of each stage.</param>
internal sealed record Built(string? Error, bool Whole, IReadOnlyDictionary<string, string?> Ends, IReadOnlyDictionary<string, Digest> Results, IReadOnlyDictionary<string, string> Shown, string? Lock)
{
    public VoxException? Raw { get; init; }

    /// <summary>
    /// In what it differs from a run in another folder where nothing else was ever shown, or null. What that one shows nothing of was not settled by either.
    /// Where a failure stops the rest, which stages it stops depends on who was first.
    /// </summary>
    public string? DifferenceFrom(Built scratch, bool keepsGoing)
    {
        const string doubled = "two items have the id";
        if (Error?.StartsWith(doubled, StringComparison.Ordinal) == true && scratch.Error?.StartsWith(doubled, StringComparison.Ordinal) == true) return null; // of two such stages either may be first
        if (Error != scratch.Error && (keepsGoing || Whole || scratch.Whole)) return $"it said '{Error}', not '{scratch.Error}'";
        if (Error != scratch.Error) return null;
        bool Counts(string stage) => keepsGoing || (Ends.GetValueOrDefault(stage) is not null && scratch.Ends.GetValueOrDefault(stage) is not null);
        foreach (var (stage, end) in scratch.Ends)
            if (Counts(stage) && Ends.GetValueOrDefault(stage) != end) return $"{stage} ended as\n{Ends.GetValueOrDefault(stage) ?? "skipped"}\nnot as\n{end ?? "skipped"}";
        foreach (var (stage, shown) in scratch.Shown)
            if (Error is null && Counts(stage) && Shown.GetValueOrDefault(stage) != shown) return $"{stage} shows\n{Shown.GetValueOrDefault(stage)}\nnot\n{shown}";
        foreach (var (stage, result) in scratch.Results)
            if (Counts(stage) && Results.GetValueOrDefault(stage) != result) return $"the result of {stage} is {Results.GetValueOrDefault(stage).Short}, not {result.Short}";
        return Whole && Lock != scratch.Lock ? $"vox.lock says\n{Lock}\nnot\n{scratch.Lock}" : null;
    }
}
