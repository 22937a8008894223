using System.Text;
using System.Text.Json;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Planning;

/// <summary>Decides what a stage has to do. It reads, and changes nothing: every runner (build, dry run, status) asks the same planner.</summary>
public sealed class Planner(Workspace space, IToolBox tools, IReadOnlySet<string> forced)
{
    private readonly Explainer _explainer = new(space);

    /// <summary>Stages in which lost or damaged blobs were found in this run: their log lines are not believed, their records are checked against the cache.</summary>
    public HashSet<Stage> Distrusted { get; } = [];

    /// <summary>What a stage wants to be told, from vox.lock.</summary>
    public required Func<Stage, JsonElement?> Memory { get; init; }

    /// <summary>The plan of one stage, given what is known of those before it.</summary>
    /// <exception cref="DamagedCacheException">The cache has lost something that the plan needs.</exception>
    public StagePlan Plan(Stage stage, Func<Stage, StageState> states)
    {
        var tool = tools.Find(stage.Tool);
        var memory = Memory(stage);
        var inputs = new SortedList<string, Digest>(StringComparer.Ordinal);
        Stage? until = null;
        foreach (var needed in stage.Needs)
        {
            if (states(needed).Digest is { } digest) inputs[needed.Name] = digest;
            else until ??= needed;
        }
        foreach (var tree in stage.Items.Select(query => query.Driving.Tree).OfType<FileTree>()) inputs[tree.Name] = space.Trees.Look(tree).Digest;
        var files = stage.Files.ToDictionary(input => input.Role, input => (IReadOnlyList<PlannedFile>)[.. FilesOf(input, states, inputs, until is null)]);

        var head = Head(stage, tool, stage.Settings.InKey);
        if (stage.Kind != StageKind.Collect) head = WithFiles(head, files);
        var recipe = Recipe(head, stage);
        Digest? key = until is null ? StageKey(recipe, inputs, memory) : null;
        var force = forced.Contains(stage.Name);
        var plan = new StagePlan { Stage = stage, Tool = tool, Recipe = recipe, Freshness = Freshness.Stale, Key = key, Inputs = inputs, Files = files, UnknownUntil = until, Forced = force };
        if (key is { } whole && !force && !Distrusted.Contains(stage) && space.Log.Find(stage.Name, whole) is { } line && space.TryRead(line.Result) is { } result && space.HasFiles(result))
            return plan with { Freshness = Freshness.Fresh, Line = line, Result = result, Reasons = [$"same inputs, settings and tool as in the run of {line.At.ToLocalTime():yyyy-MM-dd HH:mm}"] };

        plan = stage.Kind == StageKind.Collect ? PlanWhole(plan, head, memory, states, force) : PlanItems(plan, head, states, force);
        return plan with { Reasons = _explainer.Why(plan, states) };
    }

    private StagePlan PlanItems(StagePlan plan, Digest head, Func<Stage, StageState> states, bool force)
    {
        var stage = plan.Stage;
        var joiner = new Joiner(stage.Items[0], states, space.Trees.Look);
        var earlier = plan.UnknownUntil is null && !force && !Distrusted.Contains(stage) ? EarlierRows.Find(space, stage, plan.Recipe, states, joiner) : null;
        var items = Items();
        long count = 0, toRun = 0, pending = 0;
        foreach (var item in items)
        {
            count++;
            if (item.Item.Pending) pending++;
            else if (item.Known is null) toRun++;
        }
        if (earlier is not null) count = All(earlier, looked: count);
        var open = !joiner.ListKnown || pending > 0;
        return plan with { Items = items, Earlier = earlier, ItemCount = count, ToRun = toRun, Pending = pending, ListKnown = joiner.ListKnown, Freshness = toRun > 0 || !open ? Freshness.Stale : Freshness.Unknown };

        // Of children an earlier result has more than there are items; of others it has as many, but for those that are looked at anew.
        long All(EarlierRows rows, long looked) => stage switch
        {
            { Kind: StageKind.ForEach } => space.Rows.Counts(rows.Rows).Total - rows.Ids.Count(id => space.Rows.Find(rows.Rows, id) is not null) + looked,
            _ when stage.Items[0].Driving.Tree is { } tree => space.Trees.Look(tree).Count,
            _ => states(stage.Items[0].Driving.From!).Counts.Ok,
        };

        IEnumerable<PlannedItem> Items()
        {
            using var writer = new KeyWriter();
            foreach (var item in earlier is null ? joiner.All() : earlier.Ids.Select(joiner.Of).OfType<JoinedItem>())
            {
                if (item.Pending) yield return new PlannedItem(item, default, null);
                else if (ItemKey(writer, head, item) is var key) yield return new PlannedItem(item, key, force ? null : Known(key, item.Inputs, stage));
            }
        }
    }

    /// <summary>
    /// What little can be planned of an item stage while the stage that drives it still runs: tool and recipe, and, item by item, what a driving row will be to it. Null where it has to wait.
    /// </summary>
    /// <param name="settled">The states of stages that are done.</param>
    public (StagePlan Plan, Func<Row, PlannedItem?> Item)? PlanAhead(Stage stage, IReadOnlyDictionary<Stage, StageState> settled)
    {
        if (stage.Kind == StageKind.Collect || forced.Contains(stage.Name) || Distrusted.Contains(stage) || !stage.Items[0].Joined.All(part => settled.ContainsKey(part.From!))) return null;
        if (!stage.Files.All(file => file is PersonFile or PersonFolder)) return null; // what stages make of files is known when they are done
        var tool = tools.Find(stage.Tool);
        var inputs = new SortedList<string, Digest>(StringComparer.Ordinal);
        var files = stage.Files.ToDictionary(input => input.Role, input => (IReadOnlyList<PlannedFile>)[.. FilesOf(input, settled.GetValueOrDefault!, inputs, allDone: false)]);
        var head = WithFiles(Head(stage, tool, stage.Settings.InKey), files);
        var joiner = new Joiner(stage.Items[0], needed => settled.GetValueOrDefault(needed), space.Trees.Look);
        var writer = new KeyWriter();
        var plan = new StagePlan { Stage = stage, Tool = tool, Recipe = Recipe(head, stage), Freshness = Freshness.Unknown, Inputs = inputs, Files = files, ListKnown = false };
        return (plan, row => joiner.Of(row) is { } item && ItemKey(writer, head, item) is var key ? new PlannedItem(item, key, Known(key, item.Inputs, stage)) : null);
    }

    private StagePlan PlanWhole(StagePlan plan, Digest head, JsonElement? memory, Func<Stage, StageState> states, bool force)
    {
        if (plan.UnknownUntil is not null) return plan with { Freshness = Freshness.Unknown, ListKnown = false };
        var items = plan.Stage.Items.SelectMany(query => new Joiner(query, states, space.Trees.Look).All());
        var (digest, count) = DigestOf(items);
        plan = plan with { CollectItems = items, ItemCount = count, ItemsDigest = digest };
        var key = WholeKey(head, plan, memory);
        var known = force ? null : Known(key, items.SelectMany(item => item.Inputs), plan.Stage);
        Digest? lineage = plan.Stage.KeepsState ? WholeKey(Head(plan.Stage, plan.Tool, plan.Stage.Settings.Lineage), plan, memory) : null;
        return plan with { CollectKey = key, Lineage = lineage, Collected = known, ToRun = known is null ? 1 : 0 };
    }

    /// <summary>The record of a key, if its blobs are there. A file passed on from an input needs no blob.</summary>
    private Record? Known(Digest key, IEnumerable<RowFile> inputs, Stage stage)
    {
        if (space.Records.Find(key) is not { } record) return null;
        HashSet<Digest>? passed = null;
        foreach (var output in record.AllOutputs)
        {
            if (space.Blobs.Has(output.Digest, output.Size)) continue;
            passed ??= [.. inputs.Where(input => input.Source is not null).Select(input => input.Digest)];
            if (!passed.Contains(output.Digest)) return null;
        }
        if (record.Rows is { } rows && !space.Rows.IsWhole(rows, read: Distrusted.Contains(stage))) return null;
        if (!Distrusted.Contains(stage)) return record;
        foreach (var output in record.AllOutputs)
            if (!(passed?.Contains(output.Digest) ?? false) && !IsSound(output.Digest)) return null;
        if (record.Rows is { } listed && space.Rows.Read(listed).SelectMany(row => row.Outputs).Any(file => file.Source is null && !IsSound(file.Digest))) return null;
        return record;
    }

    private bool IsSound(Digest digest) => space.Blobs.Has(digest) && Digest.OfFile(space.Blobs.PathOf(digest)) == digest;

    private IEnumerable<PlannedFile> FilesOf(FileInput input, Func<Stage, StageState> states, SortedList<string, Digest> inputs, bool allDone)
    {
        switch (input)
        {
            case PersonFile file:
                var (digest, stat) = space.Seen.Look(file.Path);
                inputs[Path.GetFileName(file.Path)] = digest;
                yield return new PlannedFile(Path.GetFileName(file.Path), file.Path, digest, stat.Size);
                break;
            case PersonFolder folder:
                var listing = space.Trees.Look(folder.Tree);
                inputs[folder.Tree.Name] = listing.Digest;
                foreach (var found in listing.Files) yield return new PlannedFile(found.Path, folder.Tree.Root + "/" + found.Path, found.Digest, found.Size);
                break;
            case StageFiles made when states(made.From).Result is { } result:
                foreach (var output in result.Files.Where(output => made.Takes(output.Name))) yield return new PlannedFile(output.Name, space.Locate(output), output.Digest, output.Size);
                break;
            case HostText text when allDone:
                var content = Encoding.UTF8.GetBytes(text.Content(stage => Summary(states(stage))));
                inputs[text.Role] = Digest.Of(content);
                yield return new PlannedFile(text.Name, space.HostTextPath(content), Digest.Of(content), content.Length);
                break;
        }
    }

    private StageSummary? Summary(StageState state)
    {
        if (state is not { Result: { } result, Digest: { } digest, Key: { } key }) return null;
        var line = space.Log.History(state.Stage.Name).LastOrDefault(line => line.Result == digest);
        return new StageSummary(key, digest, result, line?.Versions ?? space.Log.Versions(state.Stage.Name));
    }

    /// <summary>What all keys of a stage begin with: tool closure, verb, settings.</summary>
    /// <param name="settings">Those in the key, or those that a lineage is named by.</param>
    private static Digest Head(Stage stage, Tool tool, string settings)
    {
        using var key = new KeyWriter();
        return key.Text("voxmake key 1").Text(stage.Tool).Digest(tool.Closure).Text(stage.Verb).Text(stage.Kind.ToString()).Text(settings).Finish();
    }

    /// <summary>The same for items that are worked on with files that belong to none of them: every item's key holds these.</summary>
    private static Digest WithFiles(Digest head, IReadOnlyDictionary<string, IReadOnlyList<PlannedFile>> files)
    {
        if (files.Count == 0) return head;
        using var key = new KeyWriter();
        key.Text("with files").Digest(head);
        Add(key, files);
        return key.Finish();
    }

    private static void Add(KeyWriter key, IReadOnlyDictionary<string, IReadOnlyList<PlannedFile>> files)
    {
        foreach (var (role, list) in files.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            key.Text(role).Number(list.Count);
            foreach (var file in list) key.Text(file.Name).Digest(file.Digest);
        }
    }

    /// <summary>What is done to the items of a stage, whichever they are: a host that joins another column asks for another result.</summary>
    private static Digest Recipe(Digest head, Stage stage)
    {
        using var key = new KeyWriter();
        key.Text("recipe").Digest(head).Number(stage.Items.Count);
        foreach (var query in stage.Items)
        {
            key.Number(query.WithRejected ? 1 : 0).Number(query.Joined.Count);
            foreach (var part in query.Joined.Prepend(query.Driving))
                key.Text(part.Name).Number(part.Optional ? 1 : 0).Text(string.Join('\n', part.Files)).Text(string.Join('\n', part.Columns));
        }
        return key.Text(string.Join('\n', stage.Files.Select(file => file is StageFiles { Names: { } names } ? $"{file.Role}\t{string.Join('\t', names)}" : file.Role))).Finish();
    }

    /// <summary>The key of a stage as a whole: over the results that it reads, not their items, so that nothing need be opened when nothing has changed.</summary>
    private static Digest StageKey(Digest recipe, IReadOnlyDictionary<string, Digest> inputs, JsonElement? memory)
    {
        using var key = new KeyWriter();
        key.Text("stage").Digest(recipe);
        foreach (var (name, digest) in inputs) key.Text(name).Digest(digest);
        return key.Json(memory).Finish();
    }

    /// <summary>The key under which a result is found again: with what the stage wants to be told next time.</summary>
    public static Digest SettledKey(StagePlan plan, StageResult result) => result.Memory is { } memory ? StageKey(plan.Recipe, plan.Inputs, memory) : plan.Key!.Value;

    /// <summary>The key of one item's action. The id is not in it: a clip that is renamed is not done again.</summary>
    private static Digest ItemKey(KeyWriter key, Digest head, JoinedItem item)
    {
        key.Text("item").Digest(head).Number(item.Inputs.Count);
        foreach (var input in item.Inputs) key.Text(input.Name).Digest(input.Digest);
        return key.Columns(item.Columns).Finish();
    }

    /// <summary>The key of a Collect action when it is given a memory.</summary>
    public Digest WholeKey(StagePlan plan, JsonElement? memory) => WholeKey(Head(plan.Stage, plan.Tool, plan.Stage.Settings.InKey), plan, memory);

    private static Digest WholeKey(Digest head, StagePlan plan, JsonElement? memory)
    {
        using var key = new KeyWriter();
        key.Text("whole").Digest(head).Digest(plan.ItemsDigest);
        Add(key, plan.Files);
        return key.Json(memory).Finish();
    }

    /// <summary>A digest of all that a Collect action reads of its items.</summary>
    private static (Digest Digest, long Count) DigestOf(IEnumerable<JoinedItem> items)
    {
        using var key = new KeyWriter();
        long count = 0;
        foreach (var item in items)
        {
            count++;
            key.Text(item.Origin).Text(item.Id).Text(item.Parent ?? "").Number((long)item.Outcome).Text(item.Reason ?? "").Text(item.Message ?? "").Number(item.Inputs.Count);
            foreach (var input in item.Inputs) key.Text(input.Name).Digest(input.Digest);
            key.Columns(item.Columns);
        }
        return (key.Finish(), count);
    }
}
