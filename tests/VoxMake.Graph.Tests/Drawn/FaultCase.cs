using FsCheck;
using FsCheck.Fluent;

namespace VoxMake.Graph.Tests;

/// <summary>What goes wrong.</summary>
internal enum FaultKind
{
    /// <summary>One disk operation of the last run fails.</summary>
    OperationFails,

    /// <summary>So do all after it.</summary>
    DiskFails,

    /// <summary>The disk is full after so many bytes of the last run.</summary>
    DiskFull,

    /// <summary>The power goes off at an operation of the last run.</summary>
    PowerLost,

    /// <summary>A tool of the last run ends in the middle of what it says.</summary>
    ToolDies,

    /// <summary>A person's file changes while the last run reads.</summary>
    ChangedWhileRead,

    /// <summary>A second host begins while the first is at work.</summary>
    TwoHosts,

    /// <summary>The clock is set, back or forward.</summary>
    ClockSet,

    /// <summary>A file of the engine's is cut.</summary>
    FileCut,

    /// <summary>A byte of such a file is another.</summary>
    FileFlipped,

    /// <summary>A file or a folder is gone.</summary>
    Removed,

    /// <summary>A byte of a content in the cache, that a stage then reads, is another.</summary>
    ContentFlipped,
}

/// <summary>A drawn graph with a history, in whose last run something goes wrong.</summary>
/// <param name="Seed">Draws all of it, and the place of the fault.</param>
internal sealed record FaultCase(int Seed, FaultKind Kind, DrawnHistory History)
{
    private readonly Random _chance = new(Seed);
    private string _what = "";
    private Action<DrawnGraph>? _afterwards;
    private (string Blob, IReadOnlySet<string> Stages)? _damaged;

    /// <summary>The case of a number: kinds in turn, the rest by chance.</summary>
    public static FaultCase Draw(int seed)
    {
        var kinds = Enum.GetValues<FaultKind>();
        var kind = kinds[seed % kinds.Length];
        // What remembers is as it was only while vox.lock and the log are: where files are lost it may be another.
        var remembers = kind < FaultKind.ChangedWhileRead;
        var history = Histories.Any(remembers).Sample(30, new Rnd((ulong)seed), 1)[0];
        return new FaultCase(seed, kind, history with { Way = history.Way with { Together = false } }); // one tool at a time: the same operations each time
    }

    public override string ToString() => $"case {Seed}: {Kind} {_what}\n  {History}";

    /// <summary>Lets it happen.</summary>
    /// <returns>How it ended; where wrong, in what.</returns>
    public (Verdict Verdict, string What) Run()
    {
        using var graph = new DrawnGraph(History.Shape, History.Way, History.FileTick);
        foreach (var step in History.Steps.SkipLast(1))
        {
            graph.Apply(step);
            graph.Build();
        }
        string? wrong;
        try { wrong = Disturb(graph, History.Steps[^1]); }
        catch (Exception error) when (error is IOException or VoxException) { wrong = null; }
        catch (Exception error) { wrong = $"the disturbed run: {error}"; }
        if (wrong is not null) return (Verdict.Wrong, wrong);
        var (verdict, what) = Recovery.Of(graph, built => Difference(built, graph));
        if (verdict == Verdict.Wrong || _afterwards is null) return (verdict, what);
        _afterwards(graph);
        return Recovery.Of(graph, built => Difference(built, graph));
    }

    /// <summary>The same history without the fault.</summary>
    private Built Undisturbed(Action<DrawnGraph>? before = null, Action<DrawnGraph, Built>? after = null)
    {
        using var graph = new DrawnGraph(History.Shape, History.Way, History.FileTick);
        foreach (var step in History.Steps.SkipLast(1))
        {
            graph.Apply(step);
            graph.Build();
        }
        graph.Apply(History.Steps[^1]);
        before?.Invoke(graph);
        var built = graph.Build();
        after?.Invoke(graph, built);
        return built;
    }

    /// <summary>The last step, with the fault.</summary>
    /// <returns>In what a run that said that all is well was wrong; null where it did not say so, or was right.</returns>
    private string? Disturb(DrawnGraph graph, Step last)
    {
        if (Kind == FaultKind.ClockSet) graph.Clock.Now += TimeSpan.FromSeconds(_chance.Next(2) == 0 ? -86_400 : 31_536_001);
        graph.Apply(last);
        switch (Kind)
        {
            case FaultKind.OperationFails or FaultKind.DiskFails:
                var faulty = new FaultyDisk(graph.Disk);
                var operations = 0;
                Undisturbed(other => other.Disk = new Counting(other.Disk, () => operations++));
                var at = 1 + _chance.Next(operations);
                _what = $"at operation {at} of {operations}";
                faulty.Start(at, Kind == FaultKind.DiskFails);
                return During(graph, faulty, () => faulty.Start(0, false));
            case FaultKind.DiskFull:
                var bytes = 0L;
                var counted = new FullDisk(graph.Disk);
                Undisturbed(other => other.Disk = counted = new FullDisk(other.Disk), (_, _) => bytes = counted.Written);
                var full = new FullDisk(graph.Disk);
                var room = _chance.NextInt64(bytes + 1);
                _what = $"after {room} of {bytes} bytes";
                full.Leave(room);
                return During(graph, full, () => full.Leave(long.MaxValue));
            case FaultKind.PowerLost:
                var fragile = new FragileDisk(graph.Disk);
                var done = 0;
                Undisturbed(other => other.Disk = new Counting(other.Disk, () => done++));
                var off = 1 + _chance.Next(done + 1); // one more: the run is over by then, but not all of it was flushed
                _what = $"at operation {off} of {done}";
                fragile.Start(off);
                return During(graph, fragile, () => fragile.PowerReturns(_chance), mayLie: true);
            case FaultKind.ToolDies:
                var events = 0;
                Undisturbed(after: (other, _) => events = other.Tools.Events);
                if (events == 0) return null;
                var code = new[] { 137, 139, 134, 130, 1, 2, 0 }[_chance.Next(7)];
                var dying = 1 + _chance.Next(events);
                var again = _chance.Next(2) == 0;
                _what = $"with {code} before event {dying} of {events}{(again ? ", and so on" : "")}";
                graph.Tools.Dies = number => number == dying || (again && number > dying && (number - dying) % 5 == 0) ? code : null;
                return During(graph, graph.Disk, () => graph.Tools.Dies = null);
            case FaultKind.ChangedWhileRead:
                var name = graph.People.Names.ElementAt(_chance.Next(graph.People.Names.Count()));
                var (number, wait, swap) = (_chance.Next(3), _chance.Next(2) * 5000, _chance.Next(2) == 0);
                _what = $"{name} is {(swap ? "swapped" : "written")} {wait} ms later, before reading {number + 1}";
                var text = graph.People.Read(name);
                _afterwards = after => after.People.Write(name, text); // what was made of the changed file must not pass for what is made of this one
                graph.Tools.Reading = () =>
                {
                    if (Interlocked.Decrement(ref number) != -1) return;
                    graph.Clock.Now += TimeSpan.FromMilliseconds(wait);
                    if (swap) graph.People.Swap(name);
                    else graph.People.Write(name, "changed");
                };
                return During(graph, graph.Disk, () => graph.Tools.Reading = null, mayLie: true);
            case FaultKind.TwoHosts:
                var second = "it was not started";
                graph.Tools.Reading = () =>
                {
                    graph.Tools.Reading = null;
                    second = graph.Build().Error ?? "no word";
                };
                var first = During(graph, graph.Disk, () => { });
                _what = $"the second said: {second}";
                var saysWho = second.StartsWith("another run works on", StringComparison.Ordinal) && second.Contains($"process {Environment.ProcessId}", StringComparison.Ordinal);
                return first ?? (saysWho || second == "it was not started" ? null : second);
            case FaultKind.FileCut:
                return Harm(graph, bytes => bytes[.._chance.Next(bytes.Length)]);
            case FaultKind.FileFlipped:
                return Harm(graph, Flipped);
            case FaultKind.Removed:
                string[] all = [graph.State + "/lock", graph.State + "/holder", graph.State + "/seen", graph.State + "/runs", graph.State + "/views", graph.State,
                    graph.Cache + "/records", graph.Cache + "/blobs", graph.Cache, graph.Root + "/.vox", graph.Root + "/out", graph.LockFile, .. graph.Papers().Take(3)];
                var gone = all[_chance.Next(all.Length)];
                _what = Path.GetRelativePath(graph.Root, gone);
                if (Directory.Exists(gone)) Directory.Delete(gone, recursive: true);
                else if (File.Exists(gone)) File.Delete(gone);
                return null;
            case FaultKind.ContentFlipped:
                if (graph.Contents() is not { Count: > 0 } contents) return null;
                var (reader, blob) = contents[_chance.Next(contents.Count)];
                Rewrite(blob, Flipped);
                graph.Apply(new Edit.Mark(reader, "read again"));
                _damaged = (blob, graph.Shape.NeededBy(graph.Shape.Stages[reader].Name)); // another stage's view of an equal content shows the damaged one until its result changes
                _what = $"{Path.GetRelativePath(graph.Root, blob)}, which {graph.Shape.Stages[reader].Name} reads";
                return null;
            default:
                return null;
        }
    }

    /// <summary>A run while something goes wrong, on a disk of its own.</summary>
    /// <param name="mayLie">Whether it may believe that all is well when it is not: it is over before the harm is done.</param>
    private string? During(DrawnGraph graph, Storage.IDisk disk, Action over, bool mayLie = false)
    {
        var healthy = graph.Disk;
        graph.Disk = disk;
        try
        {
            var built = graph.Build();
            return mayLie || !built.Whole ? null : Difference(built, graph) is { } difference ? "it said that all is well, but " + difference : null;
        }
        finally
        {
            graph.Disk = healthy;
            over();
        }
    }

    private string? Harm(DrawnGraph graph, Func<byte[], byte[]> harm)
    {
        string[] own = [.. graph.OwnFiles()], papers = [.. graph.Papers()];
        var files = papers.Length > 0 && _chance.Next(3) == 0 ? papers : own;
        var file = files[_chance.Next(files.Length)];
        if (!File.Exists(file) || new FileInfo(file).Length == 0) return null;
        Rewrite(file, harm);
        _what += Path.GetRelativePath(graph.Root, file);
        return null;
    }

    private byte[] Flipped(byte[] bytes)
    {
        var flipped = (byte[])bytes.Clone();
        if (bytes.Length == 0) return [1];
        var at = _chance.Next(bytes.Length);
        flipped[at] ^= (byte)(1 << _chance.Next(8));
        _what += $"byte {at} of ";
        return flipped;
    }

    /// <summary>In place, as a bad disk would: a link to the file shows it too.</summary>
    public static void Rewrite(string path, Func<byte[], byte[]> harm)
    {
        var mode = File.GetUnixFileMode(path);
        File.SetUnixFileMode(path, mode | UnixFileMode.UserWrite);
        var bytes = harm(File.ReadAllBytes(path));
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write))
        {
            file.Write(bytes);
            file.SetLength(bytes.Length);
        }
        File.SetUnixFileMode(path, mode);
    }

    /// <summary>In what a run differs from one in a new folder; of what remembers, from one with the same history.</summary>
    private string? Difference(Built built, DrawnGraph graph)
    {
        if (History.Shape.Stages.All(stage => stage.Does != Doing.Roll))
        {
            using var scratch = graph.Scratch();
            var expected = scratch.Build();
            if (_damaged is { } damaged)
            {
                var healed = graph.Tools.FoundDamaged.Contains(damaged.Blob) ? damaged.Stages : new HashSet<string>();
                expected = expected with { Shown = expected.Shown.Where(view => healed.Contains(view.Key)).ToDictionary() };
            }
            return built.DifferenceFrom(expected, History.Shape.KeepGoing);
        }
        var undisturbed = Undisturbed();
        return built.DifferenceFrom(undisturbed with { Shown = undisturbed.Results.Keys.ToDictionary(stage => stage, stage => undisturbed.Shown[stage]) }, History.Shape.KeepGoing);
    }

    private sealed class Counting(Storage.IDisk disk, Action count) : PassingDisk(disk)
    {
        protected override Storage.IDisk Below
        {
            get
            {
                count();
                return base.Below;
            }
        }
    }
}
