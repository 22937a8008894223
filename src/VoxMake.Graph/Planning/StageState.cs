using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Planning;

/// <summary>What is known of a stage's result at this point of a run, for the stages that read it.</summary>
public sealed class StageState
{
    private static readonly IReadOnlySet<string> Nothing = new HashSet<string>();
    private readonly PagedTable<Row> _table;
    private readonly Digest _rows;

    private StageState(Stage stage, Digest? key, Digest? digest, StageResult? result, PagedTable<Row> table, Digest rows, IReadOnlySet<string> pending, bool listKnown) =>
        (Stage, Key, Digest, Result, _table, _rows, Pending, ListKnown) = (stage, key, digest, result, table, rows, pending, listKnown);

    /// <summary>A whole result.</summary>
    public static StageState Done(Stage stage, Digest key, Digest digest, StageResult result, PagedTable<Row> table) => new(stage, key, digest, result, table, result.Rows, Nothing, listKnown: true);

    /// <summary>A plan only (dry run): a table of the rows that are known, ids whose rows are not, and whether there may be ids that are not known yet.</summary>
    public static StageState Planned(Stage stage, PagedTable<Row> table, Digest rows, IReadOnlySet<string> pending, bool listKnown) => new(stage, null, null, null, table, rows, pending, listKnown);

    public Stage Stage { get; }

    /// <summary>The key under which the next run finds it, if nothing changes; null while it is only planned.</summary>
    public Digest? Key { get; }

    /// <summary>The digest of the whole result; null while it is only planned.</summary>
    public Digest? Digest { get; }

    /// <summary>The result; null while it is only planned.</summary>
    public StageResult? Result { get; }

    /// <summary>Ids whose rows are not known before the stage has run.</summary>
    public IReadOnlySet<string> Pending { get; }

    /// <summary>Whether <see cref="Rows"/> and <see cref="Pending"/> together are all ids.</summary>
    public bool ListKnown { get; }

    /// <summary>Rows sorted by id; they pass by, a page at a time is in memory.</summary>
    /// <exception cref="DamagedCacheException">The cache has lost some.</exception>
    public IEnumerable<Row> Rows => _table.Read(_rows);

    /// <summary>The row of an id, or null.</summary>
    public Row? Row(string id) => _table.Find(_rows, id);

    /// <summary>The rows whose ids begin so.</summary>
    public IEnumerable<Row> WithPrefix(string prefix) => _table.WithPrefix(_rows, prefix);

    /// <summary>How the rows are, by outcome.</summary>
    public Counts Counts => _table.Counts(_rows);
}
