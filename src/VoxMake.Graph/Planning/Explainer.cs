using System.Globalization;
using System.Text.Json;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Planning;

/// <summary>Why a result is, or would be, another than the one before.</summary>
/// <param name="Text">A sentence.</param>
/// <param name="From">The stage before whose result it comes of; null where it is a file, a setting or a tool.</param>
/// <param name="Before">That stage's result as it was.</param>
/// <param name="Now">That stage's result as it is; null while it is not known.</param>
public sealed record Reason(string Text, string? From = null, Digest? Before = null, Digest? Now = null);

/// <summary>Says why a stage has to run, by comparing what it is to be made of with what its last result was made of; and in what any two past results differ.</summary>
public sealed class Explainer(Workspace space)
{
    /// <summary>How the reason begins that tells of earlier work.</summary>
    internal const string GoesOn = "goes on from ";
    private const int Named = 5;
    private readonly Dictionary<(Digest Before, Digest Now), IReadOnlyList<string>> _said = []; // several stages read one result

    /// <summary>The reasons for a plan that is not fresh, in sentences.</summary>
    public IReadOnlyList<string> Why(StagePlan plan, Func<Stage, StageState> states) => [.. Reasons(plan, stage => states(stage).Result).Select(reason => reason.Text)];

    /// <summary>The reasons for a plan that is not fresh, when all that was read for it is out of memory.</summary>
    public IReadOnlyList<Reason> Reasons(StagePlan plan) => Reasons(plan, _ => null);

    /// <summary>In what one result of a stage was made otherwise than another; empty if in nothing.</summary>
    public IReadOnlyList<Reason> Compare(Stage stage, Made before, Made now)
    {
        List<Reason> reasons = [.. Tool(before, now), .. Settings(before, now)];
        Inputs(stage, before, now, wholeList: true, _ => null, reasons);
        return reasons;
    }

    private List<Reason> Reasons(StagePlan plan, Func<Stage, StageResult?> atHand)
    {
        var reasons = Changes(plan, atHand);
        if (plan.Forced || plan.Collected is not null || plan.Lineage is not { } lineage || !space.Lineages.HasState(plan.Stage.Name, lineage)) return reasons;
        var open = space.Log.Lineages(plan.Stage.Name).FirstOrDefault(use => use.Lineage == lineage)?.Open ?? true;
        reasons.Insert(open ? 0 : reasons.Count, new($"{GoesOn}what {(open ? "an interrupted run" : "its last result")} left{HowFar(plan.Stage.Name, lineage)}"));
        return reasons;
    }

    private string HowFar(string stage, Digest lineage) =>
        space.Lineages.Progress(stage, lineage) is { } progress ? string.Create(CultureInfo.InvariantCulture, $", at {progress.Done:n0} of {progress.Total:n0} {progress.Unit}") : "";

    private List<Reason> Changes(StagePlan plan, Func<Stage, StageResult?> atHand)
    {
        var reasons = new List<Reason>();
        if (plan.Forced) reasons.Add(new($"asked for by --force={plan.Stage.Name}"));
        if (space.Log.Present(plan.Stage.Name) is not { } last || space.TryReadMade(last.Made) is not { } before)
        {
            reasons.Add(new("it has no result here yet"));
            return reasons;
        }
        var now = MadeOf(plan);
        reasons.AddRange(Tool(before, now));
        reasons.AddRange(Settings(before, now));
        Inputs(plan.Stage, before, now, wholeList: plan.UnknownUntil is null, atHand, reasons);
        if (reasons.Count == 0 && plan.UnknownUntil is { } until) reasons.Add(Until(until));
        if (reasons.Count == 0 && plan.ToRun > 0) reasons.Add(new(space.Log.Find(plan.Stage.Name, plan.Key ?? default) is null ? "items that failed, or were not reached, last time" : "the cache has lost results; they are made again"));
        if (reasons.Count == 0) reasons.Add(new("its result was for these inputs before; nothing has to run"));
        return reasons;
    }

    /// <summary>That a stage before has to run first.</summary>
    internal static Reason Until(Stage stage) => new($"unknown until {stage.Name}", stage.Name);

    /// <summary>What a stage's result will be made of, as far as that is known.</summary>
    public static Made MadeOf(StagePlan plan)
    {
        using var settings = JsonDocument.Parse(plan.Stage.Settings.InKey);
        return new Made(plan.Tool.Name, plan.Stage.Verb, plan.Tool.Parts, settings.RootElement.Clone(), plan.Inputs, plan.Recipe);
    }

    private static IEnumerable<Reason> Tool(Made before, Made now)
    {
        foreach (var (name, digest) in now.Closure)
        {
            if (!before.Closure.TryGetValue(name, out var old)) yield return new($"tool {now.Tool}: {name} is new in it");
            else if (old != digest) yield return new($"tool {now.Tool}: {name} was changed ({old.Short} → {digest.Short})");
        }
        foreach (var name in before.Closure.Keys)
            if (!now.Closure.ContainsKey(name)) yield return new($"tool {now.Tool}: {name} is no longer in it");
    }

    private static IEnumerable<Reason> Settings(Made before, Made now)
    {
        var old = before.Settings.EnumerateObject().ToDictionary(setting => setting.Name, setting => setting.Value.GetRawText());
        foreach (var setting in now.Settings.EnumerateObject())
        {
            if (!old.Remove(setting.Name, out var was)) yield return new($"setting {setting.Name}: new, {setting.Value.GetRawText()}");
            else if (was != setting.Value.GetRawText()) yield return new($"setting {setting.Name}: {was} → {setting.Value.GetRawText()}");
        }
        foreach (var (name, value) in old) yield return new($"setting {name}: gone, was {value}");
    }

    /// <param name="wholeList">Whether every input of now is known.</param>
    /// <param name="atHand">Results of now that were read already; null of others.</param>
    private void Inputs(Stage stage, Made before, Made now, bool wholeList, Func<Stage, StageResult?> atHand, List<Reason> reasons)
    {
        var stages = stage.Needs.ToDictionary(needed => needed.Name);
        foreach (var (name, digest) in now.Inputs)
        {
            if (!before.Inputs.TryGetValue(name, out var old)) reasons.Add(new($"input {name} is new"));
            else if (old == digest) continue;
            else if (stages.TryGetValue(name, out var needed)) reasons.AddRange(Rows(name, old, digest, atHand(needed)).Select(text => new Reason(text, name, old, digest)));
            else reasons.AddRange(Files(stage, name, old, digest).Select(text => new Reason(text)));
        }
        foreach (var name in before.Inputs.Keys)
            if (wholeList && !now.Inputs.ContainsKey(name) && !stages.ContainsKey(name)) reasons.Add(new($"input {name} is gone"));
    }

    private List<string> Files(Stage stage, string name, Digest old, Digest now)
    {
        var tree = stage.Trees.FirstOrDefault(tree => tree.Name == name);
        if (tree is null) return [stage.Files.Any(file => file is HostText && file.Role == name) ? "what it tells of the stages before it has changed" : $"file {name} has changed"];
        try { return Differences(space.Trees.Changes(old, now), file => file.Path, file => file.Digest, "file ", tree.Name + "/"); }
        catch (DamagedCacheException) { return [$"files under {tree.Root} have changed"]; }
    }

    private IReadOnlyList<string> Rows(string from, Digest old, Digest now, StageResult? atHand)
    {
        if (_said.TryGetValue((old, now), out var said)) return said;
        string[] unsaid = [$"the result of {from} has changed"];
        static Digest Of(Row row)
        {
            using var key = new KeyWriter();
            key.Number((long)row.Outcome).Columns(row.Columns);
            foreach (var file in row.Outputs) key.Text(file.Name).Digest(file.Digest);
            return key.Finish();
        }
        try
        {
            if (space.TryRead(old) is not { } before || (atHand ?? space.TryRead(now)) is not { } after) return unsaid;
            var differences = Differences(space.Rows.Changes(before.Rows, after.Rows), row => row.Id, Of, $"from {from}: ", "");
            if (differences.Count == 0) differences = Differences(FileChanges(before.Files, after.Files), file => file.Name, file => file.Digest, $"from {from}: ", "");
            return _said[(old, now)] = differences.Count > 0 ? differences : unsaid;
        }
        catch (DamagedCacheException) { return unsaid; }
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
