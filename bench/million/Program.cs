// One run of the graph alone over a folder of small files, three item stages, with a tool that lives in this process. No audio, no start of a tool, no JSON lines over a pipe:
// what is left is what the graph itself costs.
//
//   million FOLDER [--set WORD] [--only-look]
//
// FOLDER/texts holds the files; .vox and out come beside it. Prints a line: seconds, what ran, peak memory.
using System.Diagnostics;
using System.Text;
using VoxMake.Bench.Million;
using VoxMake.Graph;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

var root = Path.GetFullPath(args[0]);
var word = args.SkipWhile(arg => arg != "--set").Skip(1).FirstOrDefault() ?? "once";
var watch = Stopwatch.StartNew();

var texts = new FileTree("texts", Path.Combine(root, "texts"));
var copy = new Stage { Name = "Copy", Kind = StageKind.ForEach, Tool = "copier", Verb = "copy", Items = [new ItemQuery(new ItemPart(null, texts, ["file"], []), [])], Outputs = [new ItemFile("text", "text/{id}")] };
var measure = new Stage
{
    Name = "Measure", Kind = StageKind.ForEach, Tool = "copier", Verb = "measure", Settings = new Settings($$"""{"word":"{{word}}"}""", "{}"),
    Items = [new ItemQuery(new ItemPart(copy, null, ["text"], []), [])],
};
var judge = new Stage { Name = "Judge", Kind = StageKind.ForEach, Tool = "copier", Verb = "judge", Items = [new ItemQuery(new ItemPart(copy, null, ["text"], []), [new ItemPart(measure, null, [], ["length"])])] };
Stage[] stages = [copy, measure, judge];

var disk = new LocalDisk();
var space = new Workspace(disk, root, "million", Environment.ProcessorCount);
space.Register(texts);
if (args.Contains("--only-look"))
{
    var listing = space.Trees.Look(texts);
    Console.WriteLine($"{watch.Elapsed.TotalSeconds:0.000} s  {listing.Count} files");
    return 0;
}
var lockFile = VoxLock.Read(disk, Path.Combine(root, "vox.lock"), "million");
var planner = new Planner(space, new OneTool(), new HashSet<string>()) { Memory = stage => lockFile.Memory(stage.Name) };
space.Create();
using var guard = RunGuard.Take(space, TimeProvider.System, "million", lockFile.File, _ => { });
var executor = new InProcess();
var run = new BuildRun(space, planner, executor, new NoObserver(), lockFile, new RunOptions($"run{Environment.ProcessId}", Machine.This(Environment.ProcessorCount), new HashSet<string>(), false, ""), false, _ => { });
foreach (var stage in stages) run.Add(stage);
run.Run(default);
space.Remember();
lockFile.Save([.. stages.Select(stage => stage.Name)], Path.Combine(root, ".vox", "guard"));
foreach (var report in run.Reports)
    if (report.Failure is { } failure) Console.WriteLine($"{failure.What}: {failure.Messages.FirstOrDefault()}");
Console.WriteLine($"{watch.Elapsed.TotalSeconds:0.000} s  worked on {executor.Count}  {string.Join(", ", run.Reports.Select(report => $"{report.Stage} {report.Outcome} {report.Ran} {report.Time.TotalSeconds:0.0} s"))}  peak {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB");
return run.Reports.Any(report => report.Outcome == StageOutcome.Failed) ? 1 : 0;

namespace VoxMake.Bench.Million
{
    /// <summary>A tool that never changes.</summary>
    internal sealed class OneTool : IToolBox
    {
        public Tool Find(string name) => new(name, "/nowhere", new Dictionary<string, Digest> { [name] = Digest.Of(Encoding.UTF8.GetBytes(name)) });
    }
}
