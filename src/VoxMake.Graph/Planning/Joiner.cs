using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Planning;

/// <summary>One item as a stage gets it, put together from the rows of the stages before it.</summary>
/// <param name="Inputs">Files by role.</param>
/// <param name="Pending">Something that it is made of is not known before another stage has run.</param>
public sealed record JoinedItem(
    string Id, string? Parent, string Origin, IReadOnlyList<RowFile> Inputs, Columns Columns, bool Pending = false, Outcome Outcome = Outcome.Ok, string? Reason = null, string? Message = null)
{
    /// <summary>The source's item that it comes from: itself, if it was never cut.</summary>
    public string Root => Parent ?? Id;
}

/// <summary>
/// Puts the items of a query together by id. An item is left out when its driving row is not ok (unless rejected ones are asked for), or when a joined stage rejected or failed it.
/// </summary>
public sealed class Joiner
{
    private readonly ItemQuery _query;
    private readonly StageState? _driving;
    private readonly TreeListing? _tree;
    private readonly List<(ItemPart Part, StageState State)> _joined;

    /// <param name="states">What is known of the stages; of the driving one null, where only <see cref="Of(Row)"/> will be asked.</param>
    public Joiner(ItemQuery query, Func<Stage, StageState?> states, Func<FileTree, TreeListing> look)
    {
        _query = query;
        if (query.Driving.Tree is { } tree) _tree = look(tree);
        else _driving = states(query.Driving.From!);
        _joined = [.. query.Joined.Select(part => (part, states(part.From!)!))];
    }

    /// <summary>Whether all ids are known by now.</summary>
    public bool ListKnown => _driving?.ListKnown ?? true;

    /// <summary>All items, in the order of their ids; those that are pending come last.</summary>
    public IEnumerable<JoinedItem> All()
    {
        if (_tree is not null) return _tree.Files.Select(Of);
        var pending = _driving!.Pending.Select(id => new JoinedItem(id, null, _driving.Stage.Name, [], Columns.Empty, Pending: true));
        return _driving.Rows.Select(Of).OfType<JoinedItem>().Concat(pending);
    }

    /// <summary>The item of an id, or null if there is none.</summary>
    public JoinedItem? Of(string id)
    {
        if (_tree is not null) return _tree.Find(id) is { } file ? Of(file) : null;
        return _driving!.Row(id) is { } row ? Of(row) : null;
    }

    /// <summary>The source's item that an id comes from, whether it is an item now or not.</summary>
    public string RootOf(string id) => _driving?.Row(id)?.Parent ?? id;

    /// <summary>The ids of an item and of all that was cut from it, as far as this query drives by them.</summary>
    public IEnumerable<string> CutFrom(string root) =>
        _driving is null ? [root] : _driving.WithPrefix(root).Where(row => row.Id == root || row.Parent == root).Select(row => row.Id);

    /// <summary>The ids of all that comes from an item of the source: itself, if it was never cut. A child of another may have the same id as it.</summary>
    public IEnumerable<string> From(string root) =>
        _driving is null ? [root] : _driving.WithPrefix(root).Where(row => (row.Parent ?? row.Id) == root).Select(row => row.Id);

    private JoinedItem Of(TreeFile file) => new(file.Path, null, _query.Driving.Name, [new RowFile("file", file.Digest, file.Size, $"{_query.Driving.Name}:{file.Path}")], Columns.Empty);

    /// <summary>The item of a driving row, or null if it makes none.</summary>
    public JoinedItem? Of(Row row)
    {
        if (row.Outcome != Outcome.Ok)
            return _query.WithRejected && row.Outcome == Outcome.Rejected
                ? new JoinedItem(row.Id, row.Parent, _query.Driving.Name, Pick(row, _query.Driving.Files), row.Columns, Outcome: row.Outcome, Reason: row.Reason, Message: row.Message)
                : null;
        var inputs = Pick(row, _query.Driving.Files);
        var columns = Pick(row.Columns, _query.Driving.Columns);
        foreach (var (part, state) in _joined)
        {
            var found = state.Row(row.Id) ?? (row.Parent is null ? null : state.Row(row.Parent));
            if (found is null)
            {
                if (state.Pending.Contains(row.Id) || (row.Parent is not null && state.Pending.Contains(row.Parent)) || !state.ListKnown)
                    return new JoinedItem(row.Id, row.Parent, _query.Driving.Name, [], Columns.Empty, Pending: true);
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
        return new JoinedItem(row.Id, row.Parent, _query.Driving.Name, inputs, columns);
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
