using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Planning;

/// <summary>What is known of a stage's result at this point of a run, for the stages that read it.</summary>
public sealed class StageState
{
    private readonly Func<IReadOnlyList<Row>> _read;
    private IReadOnlyList<Row>? _rows;
    private Dictionary<string, Row>? _byId;

    private StageState(Stage stage, Digest? key, Digest? digest, StageResult? result, Func<IReadOnlyList<Row>> read, IReadOnlySet<string> pending, bool listKnown) =>
        (Stage, Key, Digest, Result, _read, Pending, ListKnown) = (stage, key, digest, result, read, pending, listKnown);

    /// <summary>A whole result.</summary>
    public static StageState Done(Stage stage, Digest key, Digest digest, StageResult result, PagedTable<Row> rows) =>
        new(stage, key, digest, result, () => [.. rows.Read(result.Rows)], new HashSet<string>(), listKnown: true);

    /// <summary>A whole result that was just made; its rows, sorted by id, are at hand.</summary>
    public static StageState Made(Stage stage, Digest key, Digest digest, StageResult result, IReadOnlyList<Row> rows) =>
        new(stage, key, digest, result, () => rows, new HashSet<string>(), listKnown: true);

    /// <summary>A plan only (dry run): rows that are known, ids whose rows are not, and whether there may be ids that are not known yet.</summary>
    public static StageState Planned(Stage stage, IReadOnlyList<Row> rows, IReadOnlySet<string> pending, bool listKnown) =>
        new(stage, null, null, null, () => rows, pending, listKnown);

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

    /// <summary>Rows sorted by id, read at the first use.</summary>
    public IReadOnlyList<Row> Rows => _rows ??= _read();

    /// <summary>The row of an id, or null.</summary>
    public Row? Row(string id)
    {
        _byId ??= Rows.ToDictionary(row => row.Id);
        return _byId.GetValueOrDefault(id);
    }
}
