using Spectre.Console;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Terminal;

/// <summary>
/// Draws why targets would run: under each its reasons, under a reason that comes of another target why that one is another, down to the file, setting or tool part.
/// Fresh ones share a line.
/// </summary>
internal static class CauseTree
{
    public static void Write(Screen screen, IReadOnlyList<StagePlan> plans, Causes causes)
    {
        foreach (var plan in plans.Where(plan => plan.Freshness != Freshness.Fresh))
        {
            var root = new Tree(new Paragraph().Append(plan.Stage.Name).Append("  " + Amount(plan), new Style(Color.Yellow)));
            var drawn = new HashSet<IReadOnlyList<Cause>>();
            foreach (var cause in causes.Of(plan)) Add(root, cause, drawn);
            screen.Ansi.Write(root);
        }
        var fresh = plans.Where(plan => plan.Freshness == Freshness.Fresh).ToList();
        if (fresh.Count == 0) return;
        var names = fresh.Count == plans.Count ? $"all {plans.Count} targets are fresh" : $"fresh: {string.Join(", ", fresh.Select(plan => plan.Stage.Name))}";
        screen.Ansi.Write(new Paragraph(names, new Style(Color.Grey)));
        screen.Line();
        foreach (var plan in fresh)
            if (plan.Line?.Note is { } note) screen.Line($"{plan.Stage.Name}: {note}");
    }

    private static void Add(IHasTreeNodes above, Cause cause, HashSet<IReadOnlyList<Cause>> drawn)
    {
        var text = cause.Reason.Text;
        var under = cause.Under;
        // A row of targets that wait for one another is one line.
        while (under is [{ Reason: { From: { } from, Before: null } } only])
        {
            text += " ← " + from;
            under = only.Under;
        }
        var again = under.Count > 0 && !drawn.Add(under);
        var node = above.AddNode(new Text(again ? text + " (as above)" : text));
        if (again) return;
        foreach (var next in under) Add(node, next, drawn);
    }

    private static string Amount(StagePlan plan)
    {
        if (plan.Freshness == Freshness.Unknown) return "may run";
        if (plan.Stage.Kind == StageKind.Collect) return plan.Collected is null ? "would run" : "would take up an older result";
        if (plan.ToRun == 0) return "would take up older results";
        return $"would run for {plan.ToRun} of {plan.ItemCount}{(plan.ListKnown ? "" : " or more")} items";
    }
}
