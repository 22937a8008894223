using System.Globalization;
using System.Text;
using VoxMake.Graph.Planning;

namespace VoxMake.Build.Commands;

/// <summary>The graph as Mermaid draws it, to be pasted into Markdown: a node for each target, coloured by whether it is fresh, and what each hands on.</summary>
internal static class Mermaid
{
    private const int Named = 3;

    public static string Of(IReadOnlyList<StagePlan> plans)
    {
        var text = new StringBuilder("graph TD\n");
        var outside = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var plan in plans) text.Append($"  {plan.Stage.Name}[\"{plan.Stage.Name}{Amount(plan)}\"]:::{plan.Freshness.ToString().ToLowerInvariant()}\n");
        foreach (var stage in plans.Select(plan => plan.Stage))
            foreach (var (from, label) in Edges(stage, outside)) text.Append("  ").Append(from).Append(label == "" ? " --> " : $" -->|\"{Escaped(label)}\"| ").Append(stage.Name).Append('\n');
        foreach (var (id, name) in outside) text.Append("  ").Append(id).Append("[/\"").Append(Escaped(name)).Append("\"/]:::yours\n");
        return text.Append("""
              classDef fresh fill:#dff0d8,stroke:#3c763d,color:#000
              classDef stale fill:#ffe0b2,stroke:#e65100,color:#000
              classDef unknown fill:#eeeeee,stroke:#757575,color:#000,stroke-dasharray:4 2
              classDef yours fill:#ffffff,stroke:#1565c0,color:#000

            """).ToString();
    }

    private static string Amount(StagePlan plan) => plan.Result is { Counts: { Total: > 0 } counts }
        ? string.Create(CultureInfo.InvariantCulture, $"<br/>{counts.Ok:n0} ok{(counts.Rejected > 0 ? string.Create(CultureInfo.InvariantCulture, $", {counts.Rejected:n0} rejected") : "")}")
        : "";

    /// <summary>Where a stage's inputs come from and what they are, one edge an origin.</summary>
    /// <param name="outside">Gets what people put in: node → name.</param>
    private static IEnumerable<(string From, string Label)> Edges(Stage stage, SortedDictionary<string, string> outside)
    {
        var edges = new List<(string From, IEnumerable<string> What)>();
        foreach (var part in stage.Items.SelectMany(query => query.Joined.Prepend(query.Driving)))
            edges.Add(part.From is { } from
                ? (from.Name, part.Files.Count > 0 ? part.Files : part.Columns.Select(column => column == "*" ? "all columns" : column))
                : (Outside(part.Tree!.Name, part.Tree.Name + "/"), []));
        foreach (var input in stage.Files)
            switch (input)
            {
                case StageFiles files: edges.Add((files.From.Name, files.Names ?? ["all files"])); break;
                case PersonFile file: edges.Add((Outside(file.Role, Path.GetFileName(file.Path)), [])); break;
                case PersonFolder folder: edges.Add((Outside(folder.Tree.Name, folder.Tree.Name + "/"), [])); break;
                case HostText text: edges.AddRange(text.Of.Select(told => (told.Name, (IEnumerable<string>)[]))); break;
            }
        return edges.GroupBy(edge => edge.From).Select(group => (group.Key, Label([.. group.SelectMany(edge => edge.What).Distinct()])));

        string Outside(string node, string name)
        {
            outside[$"in_{node}"] = name;
            return $"in_{node}";
        }
    }

    private static string Label(List<string> what) => string.Join(", ", what.Take(Named)) + (what.Count > Named ? $" and {what.Count - Named} more" : "");

    private static string Escaped(string text) => text.Replace("\"", "#quot;", StringComparison.Ordinal);
}
