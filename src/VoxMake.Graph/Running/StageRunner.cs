using System.Diagnostics;
using System.Text.Json;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>Does what a plan says: starts the tool for all items that have to run, takes in what it makes, writes the stage's result.</summary>
public sealed class StageRunner(Workspace space, Planner planner, IExecutor executor, IRunObserver observer, RunOptions options)
{
    private const int Attempts = 3;
    private int _orders;

    /// <summary>What running a stage came to.</summary>
    /// <param name="State">Its result; null if the whole failed.</param>
    public sealed record End(StageState? State, Counts Counts, long Ran, StageFailure? Failure);

    /// <summary>Runs one stage.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled; whole results are kept.</exception>
    /// <exception cref="DamagedCacheException">The cache has lost something that this stage needs from one before.</exception>
    public End Run(StagePlan plan, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        observer.StageStarted(plan);
        return plan.Stage.Kind == StageKind.Collect ? RunWhole(plan, watch, cancel) : RunItems(plan, watch, cancel);
    }

    private End RunItems(StagePlan plan, Stopwatch watch, CancellationToken cancel)
    {
        var records = new Dictionary<Digest, Record>();
        var open = new Dictionary<string, (Digest Key, JoinedItem Item)>();
        var keys = new HashSet<Digest>();
        foreach (var item in plan.Items)
            if (item.Known is null && keys.Add(item.Key)) open[item.Item.Id] = (item.Key, item.Item); // two equal clips are worked on once
        var total = open.Count;
        var failed = new Dictionary<string, string>();
        StageFailure? failure = null;

        var attempt = new ItemAttempt(plan, open, records, failed, total);
        for (var number = 1; open.Count > failed.Count && failure is null; number++)
        {
            var (end, error, suspects) = StartItems(attempt, cancel);
            if (open.Count == failed.Count) break;
            if (error is not null || end.Code is ExitCode.BadInput)
                failure = FailureOf(plan, $"{plan.Stage.Name}: {plan.Tool.Name} {plan.Stage.Verb} {end.Words}", [TextOf(error, end.Words)], attempt.Log, attempt.ByHand, error?.Try, end.Code == 0 ? 1 : end.Code);
            else if (number >= Attempts || suspects.Count == 0)
                foreach (var id in number >= Attempts && suspects.Count > 0 ? suspects : open.Keys.Where(id => !failed.ContainsKey(id)).ToList())
                    failed[id] = suspects.Contains(id) ? $"the tool {end.Words} while it worked on this" : $"not reached: the tool {end.Words}";
            else observer.Warning(plan.Stage, $"{plan.Tool.Name} {end.Words}; starting it again for the {open.Count - failed.Count} items that are left");
        }

        var rows = new List<Row>(plan.Items.Count);
        var counts = new Counts();
        foreach (var item in plan.Items)
        {
            var record = item.Known ?? records.GetValueOrDefault(item.Key);
            if (record is null) counts += Outcome.Failed;
            else foreach (var row in RowsOf(item, record)) { rows.Add(row); counts += row.Outcome; }
        }
        rows.Sort(static (a, b) => string.CompareOrdinal(a.Id, b.Id));
        if (failure is null && failed.Count > 0)
            failure = FailureOf(plan, $"{plan.Stage.Name}: {failed.Count} of {plan.Items.Count} items failed", [.. failed.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}: {f.Value}")], attempt.Log, attempt.ByHand, null, ExitCode.Failed);
        if (failure is not null && (rows.Count == 0 || failure.ExitCode == ExitCode.BadInput)) return new End(null, counts, records.Count, failure);
        var state = Finish(plan, space.Rows.Write(rows), rows, [], Columns.Empty, counts, null, failure is null, records.Count, watch);
        return new End(state, counts, records.Count, failure);
    }

    /// <summary>What several starts of a tool for one stage share.</summary>
    private sealed record ItemAttempt(
        StagePlan Plan, Dictionary<string, (Digest Key, JoinedItem Item)> Open, Dictionary<Digest, Record> Records, Dictionary<string, string> Failed, int Total)
    {
        public string? Log { get; set; }
        public string? ByHand { get; set; }
        public double AudioSeconds { get; set; }
        public long Rejected { get; set; }
    }

    private (ToolEnd End, ErrorEvent? Error, List<string> Suspects) StartItems(ItemAttempt attempt, CancellationToken cancel)
    {
        var plan = attempt.Plan;
        var start = Order(plan, attempt.Open.Where(item => !attempt.Failed.ContainsKey(item.Key)).Select(item => item.Value.Item), null);
        (attempt.Log, attempt.ByHand) = (start.LogFile, start.ByHand);
        var importer = new Importer(space, Path.Combine(Path.GetDirectoryName(start.OrderFile)!, "out"));
        var begun = new HashSet<string>();
        ErrorEvent? error = null;
        var end = executor.Run(start, Heard, cancel);
        importer.Commit();
        cancel.ThrowIfCancellationRequested();
        if (end.Code == 0 && attempt.Failed.Count == 0) space.Disk.DeleteFolder(Path.GetDirectoryName(start.OrderFile)!);
        return (end, error, [.. begun]);

        void Heard(ToolEvent happened)
        {
            switch (happened)
            {
                case StartedEvent started: space.Log.NoteVersions(plan.Stage.Name, started.Versions); break;
                case BeginEvent begin: begun.Add(begin.Id); break;
                case ItemEvent item when attempt.Open.TryGetValue(item.Id, out var open):
                    begun.Remove(item.Id);
                    Ended(item, open.Key, open.Item);
                    break;
                case WarningEvent warning: observer.Warning(plan.Stage, warning.Id is null ? warning.Message : $"{warning.Id}: {warning.Message}"); break;
                case ErrorEvent said: error = said; break;
            }
        }

        void Ended(ItemEvent item, Digest key, JoinedItem joined)
        {
            attempt.AudioSeconds += item.AudioSeconds;
            if (item.Outcome == Outcome.Failed) attempt.Failed[item.Id] = item.Message ?? "failed";
            else if (ChangedSource(joined) is { } path) attempt.Failed[item.Id] = $"{path} was changed while the run read it; run again";
            else
            {
                var record = new Record(item.Outcome, [.. item.Outputs.Select(output => Take(importer, output, joined))], item.Columns, item.Reason, item.Message,
                    item.Children is null ? null : [.. item.Children.Select(child => child with { Outputs = [.. child.Outputs.Select(output => Take(importer, output, joined))] })]);
                importer.Add(key, record);
                attempt.Records[key] = record;
                attempt.Open.Remove(item.Id);
                if (item.Outcome == Outcome.Rejected) attempt.Rejected++;
            }
            observer.Moved(plan, new StageProgress(attempt.Total - attempt.Open.Count + attempt.Failed.Count, attempt.Total, "items", attempt.AudioSeconds, attempt.Rejected, attempt.Failed.Count));
        }
    }

    private static OutputFile Take(Importer importer, OutputFile output, JoinedItem item)
    {
        if (output.Path is null && !item.Inputs.Any(input => input.Digest == output.Digest))
            throw new VoxException($"the tool passed on {output.Digest.Short}, which is no input of {item.Id}") { ExitCode = ExitCode.Failed };
        return importer.Take(output);
    }

    /// <summary>A person's file that is no longer what its digest says, or null.</summary>
    private string? ChangedSource(JoinedItem item)
    {
        foreach (var input in item.Inputs)
            if (input.Source is not null && !space.Trees.IsAsSeen(space.Locate(input), input.Digest)) return space.Locate(input);
        return null;
    }

    /// <summary>The rows that a record makes under an item's id.</summary>
    public static IEnumerable<Row> RowsOf(PlannedItem planned, Record record)
    {
        var item = planned.Item;
        RowFile FileOf(OutputFile output) => new(output.Name, output.Digest, output.Size, item.Inputs.FirstOrDefault(input => input.Digest == output.Digest)?.Source);
        if (record.Children is null)
        {
            yield return new Row(item.Id, item.Parent, planned.Key, record.Outcome, [.. record.Outputs.Select(FileOf)], record.Columns, record.Reason, record.Message);
            yield break;
        }
        foreach (var child in record.Children)
            yield return new Row(item.Id + child.Suffix, item.Parent ?? item.Id, planned.Key, Outcome.Ok, [.. child.Outputs.Select(FileOf)], child.Columns);
    }

    private End RunWhole(StagePlan plan, Stopwatch watch, CancellationToken cancel)
    {
        var record = plan.Collected;
        IReadOnlyList<Row>? rows = null;
        long ran = 0;
        var memory = planner.Memory(plan.Stage);
        if (record is null)
        {
            if (plan.Lineage is { } lineage) OpenState(plan, lineage);
            var start = Order(plan, plan.CollectItems, memory);
            var collected = new Collector(space, plan, start, observer);
            ToolEnd end;
            using (cancel.Register(() => { if (plan.Stage.KeepsState) observer.Warning(plan.Stage, "asked to stop; it ends its step and writes a checkpoint first"); }))
                end = executor.Run(start, collected.Heard, cancel);
            cancel.ThrowIfCancellationRequested();
            if (end.Code != 0 || !collected.Finished || collected.Failed.Count > 0)
            {
                var messages = collected.Failed.Count > 0 ? collected.Failed : [TextOf(collected.Error, end.Words)];
                return new End(null, collected.Counts, 0, FailureOf(plan, $"{plan.Stage.Name}: {plan.Tool.Name} {plan.Stage.Verb} {end.Words}", messages, start.LogFile, start.ByHand, collected.Error?.Try ?? Kept(plan), end.Code == ExitCode.BadInput ? ExitCode.BadInput : ExitCode.Failed));
            }
            if (plan.CollectItems.Select(ChangedSource).FirstOrDefault(path => path is not null) is { } changed)
                return new End(null, default, 0, FailureOf(plan, $"{plan.Stage.Name}: {changed} was changed while the run read it", [], start.LogFile, start.ByHand, "run again", ExitCode.Failed));
            record = collected.Record();
            rows = collected.Rows;
            space.Blobs.Flush();
            var keys = new List<Digest> { plan.CollectKey!.Value };
            if ((memory ?? record.Memory) is not null && planner.WholeKey(plan, record.Memory) is var withMemory && withMemory != keys[0]) keys.Add(withMemory);
            space.Records.Add([.. keys.Select(key => (key, record))]);
            space.Disk.DeleteFolder(Path.GetDirectoryName(start.OrderFile)!);
            if (plan.Lineage is { } done) space.Lineages.DropSetAside(plan.Stage.Name, done);
            ran = 1;
        }

        rows ??= record.Rows is { } kept ? [.. space.Rows.Read(kept)] : [];
        var counts = new Counts();
        foreach (var row in rows) counts += row.Outcome;
        var outputs = record.Outputs.Select(output => output.Digest).ToHashSet();
        var sources = plan.CollectItems.SelectMany(item => item.Inputs).Where(input => input.Source is not null && outputs.Contains(input.Digest)).DistinctBy(input => input.Digest).ToDictionary(input => input.Digest, input => input.Source);
        List<RowFile> files = [.. record.Outputs.Select(output => new RowFile(output.Name, output.Digest, output.Size, sources.GetValueOrDefault(output.Digest)))];
        var state = Finish(plan, record.Rows ?? space.Rows.Write([]), rows, files, record.Columns, counts, record.Memory, whole: true, ran, watch);
        return new End(state, counts, ran, null);
    }

    /// <summary>Makes the state folder, or leaves what an earlier run left there; a forced run begins with an empty one.</summary>
    private void OpenState(StagePlan plan, Digest lineage)
    {
        if (plan.Forced) space.Lineages.SetAside(plan.Stage.Name, lineage);
        space.Lineages.Open(plan.Stage.Name, lineage);
        space.Log.Add(new LineageLine(options.Id, space.Clock.GetUtcNow(), plan.Stage.Name, lineage));
    }

    private string? Kept(StagePlan plan) =>
        plan.Lineage is { } lineage && space.Lineages.HasState(plan.Stage.Name, lineage) ? "what is done so far is kept; the next run goes on from there" : null;

    private ToolStart Order(StagePlan plan, IEnumerable<JoinedItem> items, JsonElement? memory)
    {
        var name = $"{options.Id}-{plan.Stage.Name}-{++_orders}";
        var order = new OrderWriter(space, options).Write(plan, items, memory, plan.Lineage is { } lineage ? space.Lineages.FolderOf(plan.Stage.Name, lineage) : null, Path.Combine(space.Work, name));
        return new ToolStart(plan.Tool, plan.Stage.Verb, order, Path.Combine(space.Logs, name + ".log"), HostLink.Patience(plan.Stage.KeepsState),
            mark => space.Log.Add(new ChildLine(options.Id, space.Clock.GetUtcNow(), plan.Stage.Name, plan.Tool.Name, mark.Pid, mark.StartTicks, mark.Boot, plan.Stage.KeepsState)),
            mark => space.Log.Add(new ChildEndLine(mark.Pid)));
    }

    /// <summary>Writes the stage's result; the log line, by which later runs find it, only if it is whole.</summary>
    private StageState Finish(StagePlan plan, Digest rowsDigest, IReadOnlyList<Row> rows, IReadOnlyList<RowFile> files, Columns columns, Counts counts, JsonElement? memory, bool whole, long ran, Stopwatch watch)
    {
        var result = new StageResult(plan.Stage.Name, rowsDigest, files, columns, counts, memory);
        var digest = space.Blobs.Add(JsonSerializer.SerializeToUtf8Bytes(result, StorageJson.Default.StageResult));
        if (whole) Log(plan, digest, result, ran, watch.Elapsed.TotalSeconds);
        return StageState.Made(plan.Stage, planner.SettledKey(plan, result), digest, result, rows);
    }

    private void Log(StagePlan plan, Digest digest, StageResult result, long ran, double seconds)
    {
        using var settings = JsonDocument.Parse(plan.Stage.Settings.InKey);
        var made = new Made(plan.Tool.Name, plan.Stage.Verb, plan.Tool.Parts, settings.RootElement.Clone(), plan.Inputs);
        var madeDigest = space.Blobs.Add(JsonSerializer.SerializeToUtf8Bytes(made, StorageJson.Default.Made));
        foreach (var tree in plan.Stage.Items.Select(query => query.Driving.Tree).Concat(plan.Stage.Files.OfType<PersonFolder>().Select(folder => folder.Tree)).OfType<FileTree>())
            space.Trees.Look(tree).Store();
        space.Blobs.Flush();
        var note = plan.Note ?? space.Log.Lineages(plan.Stage.Name).FirstOrDefault(use => use.Lineage == plan.Lineage)?.Note;
        foreach (var key in new[] { plan.Key!.Value, planner.SettledKey(plan, result) }.Distinct())
            space.Log.Add(new StageLine(options.Id, space.Clock.GetUtcNow(), plan.Stage.Name, key, digest, madeDigest, result.Counts, ran, Math.Round(seconds, 3), space.Log.Versions(plan.Stage.Name), note, plan.Lineage));
    }

    /// <summary>
    /// Takes over what a stage has under the keys of now, once (DESIGN 4, <c>--adopt</c>): its present results; what has none yet, such as a new clip, still has to run. Where a run was stopped that had no result yet, or
    /// carried the present one further, its state folder is taken over, and the stage goes on from it.
    /// </summary>
    /// <returns>A note about it; null where the stage goes on from what is its own already.</returns>
    /// <exception cref="VoxException">There is nothing to take over.</exception>
    public string? Adopt(StagePlan plan)
    {
        var stage = plan.Stage.Name;
        var present = space.Log.Present(stage);
        var result = present is null ? null : space.TryRead(present.Result);
        if (plan.Lineage is { } lineage)
        {
            var left = space.Log.Lineages(stage).Where(use => space.Lineages.HasState(stage, use.Lineage)).ToList();
            if (left.Find(use => use.Lineage == lineage) is { Open: true } own && (result is null ? own.From is not null || left.Count == 1 : present!.Lineage == own.Lineage || present.Lineage == own.From)) return null;
            if (left.FindLast(use => use.Lineage != lineage) is { } other && (result is null || (other.Open && other.Lineage == present!.Lineage)))
                return TakeState(plan, other.Lineage, lineage, $"went on from what the interrupted run of {other.At.ToLocalTime():yyyy-MM-dd HH:mm} left, adopted");
        }
        if (result is null && plan.Lineage is { } mine && space.Lineages.HasState(stage, mine)) return null; // it was taken over by a run that was stopped before it could say so
        if (result is null) throw new VoxException($"--adopt={stage}: there is no result of {stage} here that could be taken over");
        var note = $"adopted from the run of {present!.At.ToLocalTime():yyyy-MM-dd HH:mm}";
        if (plan.Lineage is { } to && present.Lineage is { } from && from != to && space.Lineages.HasState(stage, from)) TakeState(plan, from, to, note);
        var adopted = new List<(Digest, Record)>();
        if (plan.Stage.Kind == StageKind.Collect)
        {
            var whole = new Record(Outcome.Ok, [.. result.Files.Select(f => new OutputFile(f.Name, null, f.Digest, f.Size))], result.Columns, Rows: result.Rows, Memory: result.Memory);
            adopted.Add((plan.CollectKey!.Value, whole));
        }
        else
        {
            var old = space.Rows.Read(result.Rows).Where(row => row.Key is not null).GroupBy(row => plan.Stage.Kind == StageKind.Expand ? row.Parent ?? row.Id : row.Id).ToDictionary(group => group.Key, group => group.First().Key!.Value);
            foreach (var item in plan.Items)
                if (item.Known is null && old.TryGetValue(item.Item.Id, out var key) && space.Records.Find(key) is { } record) adopted.Add((item.Key, record));
        }
        space.Records.Add(adopted);
        return note;
    }

    private string TakeState(StagePlan plan, Digest from, Digest to, string note)
    {
        space.Lineages.Move(plan.Stage.Name, from, to);
        space.Log.Add(new LineageLine(options.Id, space.Clock.GetUtcNow(), plan.Stage.Name, to, from, note));
        return note;
    }

    private StageFailure FailureOf(StagePlan plan, string what, IReadOnlyList<string> messages, string? log, string? byHand, string? attempt, int code) =>
        new(what, messages, log, byHand, attempt, options.Resume, code == ExitCode.BadInput ? ExitCode.BadInput : ExitCode.Failed);

    private static string TextOf(ErrorEvent? error, string otherwise)
    {
        if (error is null) return otherwise;
        var where = string.Join(", ", new[] { error.File, error.Field }.Where(part => part is not null));
        return where == "" ? error.Message : $"{where}: {error.Message}";
    }
}
