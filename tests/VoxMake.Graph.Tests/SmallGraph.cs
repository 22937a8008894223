using System.Globalization;
using System.Text;
using System.Text.Json;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;
using VoxMake.Tests;

namespace VoxMake.Graph.Tests;

/// <summary>
/// A small graph over text files, run by a tool that lives in the test: List (Collect over a folder), Cut (Expand: a child for each line), Shout (ForEach: upper case),
/// Measure (ForEach: only columns), Book (Collect: all in one file). Lines with "bad" are rejected, with "broken" they fail. On wish also Learn (Collect, step by step, with state) and Pack (Collect
/// without items, over some of Learn's files).
/// </summary>
internal sealed class SmallGraph : IDisposable
{
    private readonly TemporaryFolder _folder = new(inMemory: true);
    private int _runs;

    public SmallGraph(bool cut = false, IDisk? disk = null)
    {
        Root = _folder.Path;
        Source = new FileTree("source", _folder.File("texts/x")[..^2]);
        Disk = disk ?? new LocalDisk();
        Cut = cut;
    }

    public string Root { get; }
    public FileTree Source { get; }
    public IDisk Disk { get; set; }
    public bool Cut { get; set; }

    /// <summary>Whether Book remembers which pages came first. What remembers depends on history, so it cannot equal a build from scratch.</summary>
    public bool Remembers { get => Executor.Remembers; set => Executor.Remembers = value; }
    public string ShoutSuffix { get; set; } = "!";
    public string BookTitle { get; set; } = "Book";

    /// <summary>Whether Learn and Pack are in the graph.</summary>
    public bool Learns { get; init; }
    public int Epochs { get; set; } = 5;
    public string Rate { get; set; } = "slow";

    /// <summary>A setting of Learn that changes only the file that Pack does not read.</summary>
    public string Remark { get; set; } = "";
    public string Name { get; set; } = "test";

    /// <summary>A cache that several graphs share, or null.</summary>
    public string? Cache { get; init; }

    /// <summary>A person's file that Pack passes on, or null.</summary>
    public string? Cover { get; set; }

    /// <summary>A person's file that Shout is given for all its items, or null.</summary>
    public string? Horn { get; set; }
    public FakeTools Tools { get; } = new();
    public FakeExecutor Executor { get; } = new();
    public Listener Observer { get; } = new();
    public HashSet<string> Forced { get; } = [];
    public HashSet<string> Adopted { get; } = [];
    public bool KeepGoing { get; set; }
    public int BatchSize { get; set; } = 8192;
    public Machine Machine { get; set; } = new(2, [], 8);

    /// <summary>Stages that want a GPU for each start of their tool.</summary>
    public HashSet<string> OnGpu { get; } = [];
    public bool Locked { get; set; }

    /// <summary>Why Shout may differ from one build to the next, or null.</summary>
    public string? Varies { get; init; }

    public void Write(string name, string text) => File.WriteAllText(_folder.File("texts/" + name), text);
    public void Remove(string name) => File.Delete(_folder.File("texts/" + name));
    public string Out(string name) => Path.Combine(Root, "out", Name, name);

    public IReadOnlyList<Stage> Stages()
    {
        int Gpus(string stage) => OnGpu.Contains(stage) ? 1 : 0;
        Settings Of(params (string, string)[] values) => new(JsonSerializer.Serialize(values.OrderBy(v => v.Item1, StringComparer.Ordinal).ToDictionary(v => v.Item1, v => v.Item2)), "{}");
        var list = new Stage { Name = "List", Kind = StageKind.Collect, Tool = "small", Verb = "list", Items = [new ItemQuery(new ItemPart(null, Source, ["file"], []), [])], Outputs = [new ItemFile("text", "text/{id}")] };
        var cut = new Stage { Name = "Cut", Kind = StageKind.Expand, Tool = "small", Verb = "cut", Items = [new ItemQuery(new ItemPart(list, null, ["text"], []), [])], Outputs = [new ItemFile("text", "text/{id}.txt")] };
        var texts = Cut ? cut : list;
        var shout = new Stage { Name = "Shout", Kind = StageKind.ForEach, Varies = Varies, Gpus = Gpus("Shout"), Tool = "small", Verb = "shout", Settings = Of(("suffix", ShoutSuffix)), Files = Horn is null ? [] : [new PersonFile("horn", Horn)], Items = [new ItemQuery(new ItemPart(texts, null, ["text"], []), [])], Outputs = [new ItemFile("text", "text/{id}.txt")] };
        var measure = new Stage { Name = "Measure", Kind = StageKind.ForEach, Tool = "ruler", Verb = "measure", Items = [new ItemQuery(new ItemPart(texts, null, ["text"], []), [])] };
        var book = new Stage { Name = "Book", Kind = StageKind.Collect, Tool = "small", Verb = "book", Settings = Of(("title", BookTitle)), OwnTables = true, Items = [new ItemQuery(new ItemPart(shout, null, ["text"], []), [new ItemPart(measure, null, [], ["length"]), new ItemPart(list, null, [], ["origin"])])] };
        if (Learns)
        {
            var settings = Of(("epochs", Epochs.ToString(CultureInfo.InvariantCulture)), ("rate", Rate), ("remark", Remark));
            var learn = new Stage { Name = "Learn", Kind = StageKind.Collect, Tool = "school", Verb = "learn", KeepsState = true, Settings = settings with { Lineage = Of(("rate", Rate), ("remark", Remark)).InKey }, Items = [new ItemQuery(new ItemPart(shout, null, ["text"], []), [])] };
            var pack = new Stage { Name = "Pack", Kind = StageKind.Collect, Tool = "small", Verb = "pack", Items = [], Files = [new StageFiles("model", learn, ["model.txt", "voices/"]), .. Cover is null ? Array.Empty<FileInput>() : [new PersonFile("cover", Cover)]] };
            return [list, shout, learn, pack];
        }
        return Cut ? [list, cut, shout, measure, book] : [list, shout, measure, book];
    }

    /// <summary>Runs everything in a new host.</summary>
    public IReadOnlyDictionary<string, StageReport> Build(CancellationToken cancel = default)
    {
        Executor.Calls.Clear();
        var (space, planner, voxLock) = Open();
        space.Create();
        using var guard = RunGuard.Take(space, TimeProvider.System, "test", Path.Combine(Root, "vox.lock"), _ => { });
        var options = new RunOptions($"run{++_runs}", Machine, Adopted, KeepGoing, "go on") { BatchSize = BatchSize };
        var run = new BuildRun(space, planner, Executor, Observer, voxLock, options, Locked, _ => { });
        var stages = Stages();
        foreach (var stage in stages) run.Add(stage);
        run.Run(cancel);
        space.Remember();
        if (!Locked && run.Reports.All(report => report.Outcome is StageOutcome.Ran or StageOutcome.Fresh)) voxLock.Save([.. stages.Select(stage => stage.Name)], Path.Combine(Root, ".vox", "lock"));
        return run.Reports.ToDictionary(report => report.Stage);
    }

    public IReadOnlyDictionary<string, StageReport> Dry()
    {
        var (space, planner, _) = Open();
        var run = new DryRun(space, planner);
        foreach (var stage in Stages()) run.Add(stage);
        run.Run(default);
        return run.Reports.ToDictionary(report => report.Stage);
    }

    public (Workspace Space, Planner Planner, VoxLock Lock) Open()
    {
        var space = new Workspace(Disk, Root, Name, 2, cache: Cache);
        space.Register(Source);
        var voxLock = VoxLock.Read(Disk, Path.Combine(Root, "vox.lock"), Name);
        return (space, new Planner(space, Tools, Forced) { Memory = stage => voxLock.Memory(stage.Name) }, voxLock);
    }

    /// <summary>All views, as one text: what a run made.</summary>
    public string Snapshot(bool tables = true)
    {
        var text = new StringBuilder();
        var root = Path.Combine(Root, "out");
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            if (tables || !file.EndsWith(".csv", StringComparison.Ordinal)) text.Append(Path.GetRelativePath(root, file)).Append(": ").AppendLine(File.ReadAllText(file).Replace(Root, "", StringComparison.Ordinal));
        return text.ToString();
    }

    public void Dispose() => _folder.Dispose();
}

/// <summary>Keeps what was measured.</summary>
internal sealed class Listener : IRunObserver
{
    public List<(string Name, Value Value, long Step)> Metrics { get; } = [];
    public List<string> Warnings { get; } = [];
    public void StageStarted(StagePlan plan) { }
    public void StageEnded(StageReport report) { }
    public void Moved(StagePlan plan, StageProgress progress) { }
    public void Metric(StagePlan plan, string name, Value value, long step) => Metrics.Add((name, value, step));
    public void Warning(Stage stage, string message) => Warnings.Add($"{stage}: {message}");
    public void Note(Stage stage, string message) { }
}

/// <summary>Tools whose closures a test can change.</summary>
internal sealed class FakeTools : IToolBox
{
    public Dictionary<string, string> Versions { get; } = new() { ["small"] = "1", ["ruler"] = "1", ["school"] = "1" };
    public Tool Find(string name) => new(name, "/nowhere/" + name, new Dictionary<string, Digest> { [name] = Digest.Of(Encoding.UTF8.GetBytes(Versions[name])) });
}

/// <summary>A list that several threads write.</summary>
internal sealed class Calls : IEnumerable<string>
{
    private readonly List<string> _calls = [];

    public int Count => _calls.Count;

    public void Add(string call)
    {
        lock (_calls) _calls.Add(call);
    }

    public void Clear()
    {
        lock (_calls) _calls.Clear();
    }

    public IEnumerator<string> GetEnumerator()
    {
        lock (_calls) return _calls.ToList().GetEnumerator();
    }

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Does in the test's own process what a tool does in its own, through the same orders and events.</summary>
internal sealed class FakeExecutor : IExecutor
{
    /// <summary>What was worked on, as <c>Verb id</c>. Several orders may run at a time.</summary>
    public Calls Calls { get; } = new();

    /// <summary>Starts of tools so far.</summary>
    public int Starts { get; set; }

    /// <summary>The most that ran at a time.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>GPUs that are in use by a start, and whether two ever shared one.</summary>
    public HashSet<string> DevicesInUse { get; } = [];
    public bool SharedADevice { get; private set; }

    private int _atOnce;

    public bool Remembers { get; set; } = true;

    /// <summary>Ids that make the tool die at once, as by a native crash.</summary>
    public HashSet<string> Crashes { get; } = [];

    /// <summary>Whether it says what it begins, as tools do before they enter native code.</summary>
    public bool Begins { get; set; } = true;

    /// <summary>Ids that fail in every stage.</summary>
    public HashSet<string> Fails { get; } = [];

    /// <summary>The step of Learn before which it is asked to stop.</summary>
    public int? StopsAt { get; set; }

    /// <summary>How Learn ends when it is stopped.</summary>
    public int StopCode { get; set; } = ExitCode.Cancelled;

    /// <summary>Called before each item.</summary>
    public Action<string>? Before { get; set; }

    public ToolEnd Run(ToolStart start, Action<ToolEvent> heard, CancellationToken cancel)
    {
        lock (DevicesInUse)
        {
            Starts++;
            MostAtOnce = Math.Max(MostAtOnce, ++_atOnce);
            foreach (var device in start.Devices ?? []) SharedADevice |= !DevicesInUse.Add(device);
        }
        try { return Work(start, heard, cancel); }
        finally
        {
            lock (DevicesInUse)
            {
                _atOnce--;
                DevicesInUse.ExceptWith(start.Devices ?? []);
            }
        }
    }

    private ToolEnd Work(ToolStart start, Action<ToolEvent> heard, CancellationToken cancel)
    {
        var folder = Path.GetDirectoryName(start.OrderFile)!;
        var order = JsonSerializer.Deserialize(File.ReadAllBytes(start.OrderFile), ProtocolJson.Default.WorkOrder)!;
        var items = File.ReadLines(Path.Combine(folder, order.Items)).Select(line => JsonSerializer.Deserialize(line, ProtocolJson.Default.WorkItem)!).ToList();
        string Read(WorkItem item, string role) => File.ReadAllText(Path.Combine(folder, item.Inputs[role].Path));
        var written = 0;
        OutputFile Put(string name, string text)
        {
            var path = Path.Combine(folder, order.Out, (++written).ToString());
            File.WriteAllText(path, text);
            return new OutputFile(name, written.ToString(), Digest.OfFile(path), new FileInfo(path).Length);
        }

        heard(new StartedEvent(order.Tool, order.Verb, new Dictionary<string, string> { ["libsmall"] = "1.0" }));
        if (order.Verb == "book")
        {
            Calls.Add("book");
            var pages = items.OrderBy(item => item.Id, StringComparer.Ordinal).Select(item => $"{item.Id} ({item.Columns["length"]}, {item.Columns["origin"]}): {Read(item, "text")}");
            var known = !Remembers ? [] : order.Memory?.GetProperty("first").EnumerateArray().Select(id => id.GetString()!).ToList() ?? [];
            foreach (var item in items.Where(_ => Remembers)) if (!known.Contains(item.Id)) known.Add(item.Id);
            heard(new OutputEvent(Put("book.txt", order.Settings.GetProperty("title").GetString() + "\n" + string.Join("\n", pages) + "\n" + string.Join(",", known)) with { Name = "book.txt" }));
            if (Remembers) heard(new MemoryEvent(JsonSerializer.SerializeToElement(new { first = known })));
            heard(new MetricEvent("pages", items.Count));
            heard(new FinishedEvent(0, 0, 0));
            return new ToolEnd(0);
        }
        if (order.Verb == "learn")
        {
            var state = Path.GetFullPath(order.State!, folder);
            var epochs = int.Parse(order.Settings.GetProperty("epochs").GetString()!, CultureInfo.InvariantCulture);
            string Checkpoint(int step) => Path.Combine(state, $"step{step}");
            var done = Enumerable.Range(1, epochs).LastOrDefault(step => File.Exists(Checkpoint(step)));
            for (var step = done + 1; step <= epochs; step++)
            {
                if (step == StopsAt) return new ToolEnd(StopCode);
                Calls.Add($"step {step}");
                File.WriteAllText(Checkpoint(step), (step == 1 ? string.Join(",", items.Select(item => Read(item, "text"))) : File.ReadAllText(Checkpoint(step - 1))) + step.ToString(CultureInfo.InvariantCulture));
                new StateProgress(step, epochs, "steps").Write(state);
                heard(new MetricEvent("loss", 1.0 / step, step));
                heard(new ProgressEvent(step, epochs, "steps"));
            }
            heard(new OutputEvent(Put("model.txt", order.Settings.GetProperty("rate").GetString() + " " + File.ReadAllText(Checkpoint(epochs)))));
            heard(new OutputEvent(Put("voices/one.txt", "one")));
            heard(new OutputEvent(Put("log.txt", order.Settings.GetProperty("remark").GetString()!)));
            heard(new FinishedEvent(0, 0, 0));
            return new ToolEnd(0);
        }
        if (order.Verb == "pack")
        {
            Calls.Add("pack");
            foreach (var cover in order.Files.GetValueOrDefault("cover") ?? []) heard(new OutputEvent(new OutputFile("cover/" + cover.Name, null, cover.Digest, cover.Size)));
            heard(new OutputEvent(Put("packed.txt", string.Join("\n", order.Files["model"].Select(file => $"{file.Name}: {File.ReadAllText(Path.Combine(folder, file.Path))}")))));
            heard(new FinishedEvent(0, 0, 0));
            return new ToolEnd(0);
        }
        if (order.Verb == "list")
        {
            Calls.Add("list");
            foreach (var item in items)
                heard(new ItemEvent(Path.ChangeExtension(item.Id, null), Outcome.Ok, [new OutputFile("text", null, item.Inputs["file"].Digest, item.Inputs["file"].Size)], Columns.Of(("origin", item.Id))));
            heard(new FinishedEvent(0, 0, 0));
            return new ToolEnd(0);
        }
        foreach (var item in items)
        {
            if (cancel.IsCancellationRequested) return new ToolEnd(130);
            Before?.Invoke(item.Id);
            if (Begins) heard(new BeginEvent(item.Id));
            if (Crashes.Contains(item.Id)) return new ToolEnd(139);
            Calls.Add($"{order.Verb} {item.Id}");
            var text = Read(item, "text");
            heard(text.Contains("broken") || Fails.Contains(item.Id) ? new ItemEvent(item.Id, Outcome.Failed, [], Columns.Empty, Message: "it is broken")
                : text.Contains("bad") ? new ItemEvent(item.Id, Outcome.Rejected, [], Columns.Empty, Reason: "bad", Message: "it is bad")
                : order.Verb switch
                {
                    "shout" => new ItemEvent(item.Id, Outcome.Ok, [Put("text", text.ToUpperInvariant() + string.Concat(order.Files.GetValueOrDefault("horn", []).Select(file => File.ReadAllText(Path.Combine(folder, file.Path)))) + order.Settings.GetProperty("suffix").GetString())], Columns.Empty),
                    "measure" => new ItemEvent(item.Id, Outcome.Ok, [], Columns.Of(("length", text.Length))),
                    _ => new ItemEvent(item.Id, Outcome.Ok, [], Columns.Empty, [.. text.Split('\n').Select((line, i) => new ChildItem($"-{text.IndexOf(line, StringComparison.Ordinal):D4}", [Put("text", line)], Columns.Of(("line", line))))]),
                });
        }
        heard(new FinishedEvent(0, 0, 0));
        return new ToolEnd(0);
    }
}
