using System.Globalization;
using System.Text.Json;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Planning;

/// <summary>Says why a stage has to run, by comparing what it is to be made of with what its last result was made of.</summary>
public sealed class Explainer(Workspace space)
{
    /// <summary>How the reason begins that tells of earlier work.</summary>
    internal const string GoesOn = "goes on from ";
    private const int Named = 5;
    private readonly Dictionary<(Digest Before, Digest Now), IReadOnlyList<string>> _said = []; // several stages read one result

    /// <summary>The reasons for a plan that is not fresh.</summary>
    public IReadOnlyList<string> Why(StagePlan plan, Func<Stage, StageState> states)
    {
        var reasons = Changes(plan, states);
        if (plan.Forced || plan.Collected is not null || plan.Lineage is not { } lineage || !space.Lineages.HasState(plan.Stage.Name, lineage)) return reasons;
        var open = space.Log.Lineages(plan.Stage.Name).FirstOrDefault(use => use.Lineage == lineage)?.Open ?? true;
        reasons.Insert(open ? 0 : reasons.Count, $"{GoesOn}what {(open ? "an interrupted run" : "its last result")} left{HowFar(plan.Stage.Name, lineage)}");
        return reasons;
    }

    private string HowFar(string stage, Digest lineage) =>
        space.Lineages.Progress(stage, lineage) is { } progress ? string.Create(CultureInfo.InvariantCulture, $", at {progress.Done:n0} of {progress.Total:n0} {progress.Unit}") : "";

    private List<string> Changes(StagePlan plan, Func<Stage, StageState> states)
    {
        var reasons = new List<string>();
        if (plan.Forced) reasons.Add($"asked for by --force={plan.Stage.Name}");
        if (space.Log.Present(plan.Stage.Name) is not { } last || space.TryReadMade(last.Made) is not { } made)
        {
            reasons.Add("it has no result here yet");
            return reasons;
        }
        Tool(plan, made, reasons);
        Settings(plan, made, reasons);
        Inputs(plan, made, states, reasons);
        if (reasons.Count == 0 && plan.UnknownUntil is { } until) reasons.Add($"unknown until {until.Name}");
        if (reasons.Count == 0 && plan.ToRun > 0) reasons.Add(space.Log.Find(plan.Stage.Name, plan.Key ?? default) is null ? "items that failed, or were not reached, last time" : "the cache has lost results; they are made again");
        if (reasons.Count == 0) reasons.Add("its result was for these inputs before; nothing has to run");
        return reasons;
    }

    private static void Tool(StagePlan plan, Made made, List<string> reasons)
    {
        foreach (var (name, digest) in plan.Tool.Parts)
        {
            if (!made.Closure.TryGetValue(name, out var old)) reasons.Add($"tool {plan.Tool.Name}: {name} is new in it");
            else if (old != digest) reasons.Add($"tool {plan.Tool.Name}: {name} was changed ({old.Short} → {digest.Short})");
        }
        foreach (var name in made.Closure.Keys)
            if (!plan.Tool.Parts.ContainsKey(name)) reasons.Add($"tool {plan.Tool.Name}: {name} is no longer in it");
    }

    private static void Settings(StagePlan plan, Made made, List<string> reasons)
    {
        using var now = JsonDocument.Parse(plan.Stage.Settings.InKey);
        var old = made.Settings.EnumerateObject().ToDictionary(setting => setting.Name, setting => setting.Value.GetRawText());
        foreach (var setting in now.RootElement.EnumerateObject())
        {
            if (!old.Remove(setting.Name, out var before)) reasons.Add($"setting {setting.Name}: new, {setting.Value.GetRawText()}");
            else if (before != setting.Value.GetRawText()) reasons.Add($"setting {setting.Name}: {before} → {setting.Value.GetRawText()}");
        }
        foreach (var (name, value) in old) reasons.Add($"setting {name}: gone, was {value}");
    }

    private void Inputs(StagePlan plan, Made made, Func<Stage, StageState> states, List<string> reasons)
    {
        var stages = plan.Stage.Needs.ToDictionary(stage => stage.Name);
        foreach (var (name, digest) in plan.Inputs)
        {
            if (!made.Inputs.TryGetValue(name, out var old)) reasons.Add($"input {name} is new");
            else if (old != digest) reasons.AddRange(stages.TryGetValue(name, out var stage) ? Rows(states(stage), old) : Files(plan.Stage, name, old));
        }
        foreach (var name in made.Inputs.Keys)
            if (plan.UnknownUntil is null && !plan.Inputs.ContainsKey(name) && !stages.ContainsKey(name)) reasons.Add($"input {name} is gone");
    }

    private IReadOnlyList<string> Files(Stage stage, string name, Digest old)
    {
        var tree = stage.Items.Select(query => query.Driving.Tree).Concat(stage.Files.OfType<PersonFolder>().Select(folder => folder.Tree)).FirstOrDefault(tree => tree?.Name == name);
        if (tree is null) return [stage.Files.Any(file => file is HostText && file.Role == name) ? "what it tells of the stages before it has changed" : $"file {name} has changed"];
        try { return Differences(space.Trees.Look(tree).Changes(old), file => file.Path, file => file.Digest, "file ", tree.Name + "/"); }
        catch (DamagedCacheException) { return [$"files under {tree.Root} have changed"]; }
    }

    private IReadOnlyList<string> Rows(StageState now, Digest old)
    {
        if (_said.TryGetValue((old, now.Digest!.Value), out var said)) return said;
        if (space.TryRead(old) is not { } before) return [$"the result of {now.Stage.Name} has changed"];
        static Digest Of(Row row)
        {
            using var key = new KeyWriter();
            key.Number((long)row.Outcome).Columns(row.Columns);
            foreach (var file in row.Outputs) key.Text(file.Name).Digest(file.Digest);
            return key.Finish();
        }
        try
        {
            var differences = Differences(space.Rows.Changes(before.Rows, now.Result!.Rows), row => row.Id, Of, $"from {now.Stage.Name}: ", "");
            if (differences.Count == 0) differences = Differences(FileChanges(before.Files, now.Result.Files), file => file.Name, file => file.Digest, $"from {now.Stage.Name}: ", "");
            return _said[(old, now.Digest.Value)] = differences.Count > 0 ? differences : [$"the result of {now.Stage.Name} has changed"];
        }
        catch (DamagedCacheException) { return [$"the result of {now.Stage.Name} has changed"]; }
    }

    private static List<(RowFile? Before, RowFile? Now)> FileChanges(IReadOnlyList<RowFile> before, IReadOnlyList<RowFile> now)
    {
        var old = before.ToDictionary(file => file.Name);
        List<(RowFile?, RowFile?)> changes = [.. now.Select(file => (old.GetValueOrDefault(file.Name), (RowFile?)file))];
        changes.AddRange(old.Values.ExceptBy(now.Select(file => file.Name), file => file.Name).Select(file => ((RowFile?)file, (RowFile?)null)));
        return changes;
    }

    private static List<string> Differences<T>(IEnumerable<(T? Before, T? Now)> changes, Func<T, string> name, Func<T, Digest> content, string what, string prefix) where T : class
    {
        Tally changed = new("changed"), added = new("added"), removed = new("removed");
        foreach (var (before, now) in changes)
        {
            if (before is null) added.Add(prefix + name(now!));
            else if (now is null) removed.Add(prefix + name(before));
            else if (content(before) != content(now)) changed.Add(prefix + name(now));
        }
        return [.. new[] { changed, added, removed }.Where(tally => tally.Count > 0).Select(tally => what + tally)];
    }

    /// <summary>The first names of many, and how many more.</summary>
    private sealed class Tally(string verb)
    {
        private readonly List<string> _names = [];
        public long Count { get; private set; }

        public void Add(string name)
        {
            if (++Count <= Named) _names.Add(name);
        }

        public override string ToString() => $"{string.Join(", ", _names)}{(Count > Named ? $" and {Count - Named} more" : "")} {verb}";
    }
}
