using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Planning;

/// <summary>One item as a stage gets it, put together from the rows of the stages before it.</summary>
/// <param name="Inputs">Files by role.</param>
/// <param name="Pending">Something that it is made of is not known before another stage has run.</param>
public sealed record JoinedItem(
    string Id, string? Parent, string Origin, IReadOnlyList<RowFile> Inputs, Columns Columns, bool Pending = false, Outcome Outcome = Outcome.Ok, string? Reason = null, string? Message = null);

/// <summary>Puts items together by id.</summary>
public static class Join
{
    /// <summary>
    /// The items of a query, in the order of their ids. An item is left out when its driving row is not ok (unless rejected ones are asked for), or when a
    /// joined stage rejected or failed it.
    /// </summary>
    public static IEnumerable<JoinedItem> Items(ItemQuery query, Func<Stage, StageState> states, Func<FileTree, TreeListing> look)
    {
        if (query.Driving.Tree is { } tree)
        {
            foreach (var file in look(tree).Files)
                yield return new JoinedItem(file.Path, null, tree.Name, [new RowFile("file", file.Digest, file.Size, $"{tree.Name}:{file.Path}")], Columns.Empty);
            yield break;
        }

        var driving = states(query.Driving.From!);
        var joined = query.Joined.Select(part => (Part: part, State: states(part.From!))).ToList();
        foreach (var row in driving.Rows)
        {
            if (row.Outcome != Outcome.Ok)
            {
                if (query.WithRejected && row.Outcome == Outcome.Rejected)
                    yield return new JoinedItem(row.Id, row.Parent, driving.Stage.Name, Pick(row, query.Driving.Files), row.Columns, Outcome: row.Outcome, Reason: row.Reason, Message: row.Message);
                continue;
            }
            if (Joined(query, row, joined) is { } item) yield return item;
        }
        foreach (var id in driving.Pending) yield return new JoinedItem(id, null, driving.Stage.Name, [], Columns.Empty, Pending: true);
    }

    private static JoinedItem? Joined(ItemQuery query, Row row, List<(ItemPart Part, StageState State)> joined)
    {
        var inputs = Pick(row, query.Driving.Files);
        var columns = Pick(row.Columns, query.Driving.Columns);
        foreach (var (part, state) in joined)
        {
            var found = state.Row(row.Id) ?? (row.Parent is null ? null : state.Row(row.Parent));
            if (found is null)
            {
                if (state.Pending.Contains(row.Id) || (row.Parent is not null && state.Pending.Contains(row.Parent)) || !state.ListKnown)
                    return new JoinedItem(row.Id, row.Parent, query.Driving.Name, [], Columns.Empty, Pending: true);
                if (part.Optional) continue;
                return null;
            }
            if (found.Outcome != Outcome.Ok)
            {
                if (part.Optional) continue;
                return null;
            }
            if (part.Files.Count > 0) inputs = [.. inputs, .. Pick(found, part.Files)];
            columns = Merge(columns, Pick(found.Columns, part.Columns), part.Name);
        }
        Array.Sort(inputs, static (a, b) => string.CompareOrdinal(a.Name, b.Name)); // the key takes them in this order
        return new JoinedItem(row.Id, row.Parent, query.Driving.Name, inputs, columns);
    }

    private static RowFile[] Pick(Row row, IReadOnlyList<string> files)
    {
        if (files.Count == 0) return [];
        var picked = new List<RowFile>(files.Count);
        foreach (var name in files)
            if (row.File(name) is { } file) picked.Add(file);
        return [.. picked];
    }

    private static Columns Pick(Columns columns, IReadOnlyList<string> names)
    {
        if (names.Count == 0) return Columns.Empty;
        if (names.Contains("*")) return columns;
        var picked = new List<KeyValuePair<string, Value>>(names.Count);
        for (var i = 0; i < columns.Count; i++)
            if (names.Contains(columns[i].Key)) picked.Add(columns[i]);
        return picked.Count == columns.Count ? columns : Columns.Of(picked);
    }

    private static Columns Merge(Columns columns, Columns more, string from)
    {
        if (columns.Count == 0) return more;
        foreach (var (name, _) in more)
            if (columns[name].Kind != ValueKind.Null) throw new InvalidOperationException($"column '{name}' of {from} is there already from another stage: take it from one");
        return columns.With(more);
    }
}
