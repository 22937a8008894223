using VoxMake.Graph.Planning;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>Puts the rows of an item stage together: those of the items that were looked at, and of an earlier result all others, whose pages are not opened.</summary>
internal sealed class ItemRows : IDisposable
{
    private readonly Workspace _space;
    private readonly EarlierRows? _earlier;
    private readonly bool _expands;
    private readonly RowSpool _rows;

    private readonly bool _hold;

    /// <param name="hold">Whether nothing is written anywhere: the table is only held in memory.</param>
    public ItemRows(Workspace space, StagePlan plan, bool hold = false) =>
        (_space, _earlier, _expands, _rows, _hold) = (space, plan.Earlier, plan.Stage.Kind == StageKind.Expand, new RowSpool(space, hold ? int.MaxValue : 1 << 16), hold);

    /// <summary>Adds what an item came to.</summary>
    public void Add(PlannedItem item, Record record)
    {
        foreach (var row in item.RowsOf(record)) _rows.Add(row);
    }

    /// <summary>The table of all rows.</summary>
    public Digest Write() =>
        _earlier is null ? _space.Rows.Write(_rows.Sorted(), _hold) : _space.Rows.Edit(_earlier.Rows, Over(_earlier), _hold);

    /// <summary>The ids of earlier rows that do not stay as they were, sorted.</summary>
    private IEnumerable<string> Gone(EarlierRows earlier) =>
        _expands
            ? earlier.Roots.SelectMany(root => _space.Rows.WithPrefix(earlier.Rows, root).Where(row => (row.Parent ?? row.Id) == root)).Select(row => row.Id).Order(StringComparer.Ordinal)
            : earlier.Ids;

    /// <summary>Changes in the order of their ids: a row where there is one now, else the end of the one that was.</summary>
    private IEnumerable<(string Id, Row? Now)> Over(EarlierRows earlier)
    {
        using var left = Gone(earlier).GetEnumerator();
        var more = left.MoveNext();
        foreach (var row in _rows.Sorted())
        {
            for (; more && string.CompareOrdinal(left.Current, row.Id) < 0; more = left.MoveNext()) yield return (left.Current, null);
            if (more && left.Current == row.Id) more = left.MoveNext();
            else if (_space.Rows.Find(earlier.Rows, row.Id) is not null) throw PagedTable<Row>.Doubled(row.Id); // a row that stays
            yield return (row.Id, row);
        }
        for (; more; more = left.MoveNext()) yield return (left.Current, null);
    }

    public void Dispose() => _rows.Dispose();
}
