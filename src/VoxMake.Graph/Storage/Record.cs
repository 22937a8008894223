using System.Text.Json;
using System.Text.Json.Serialization;
using VoxMake.Protocol;

namespace VoxMake.Graph.Storage;

/// <summary>
/// What one action came to (DESIGN 4): of an item, or of a whole Collect stage. It holds nothing of the item's name or place, so that it is true of every item
/// with the same key. Only ok and rejected are ever stored.
/// </summary>
/// <param name="Outputs">Files by name; <see cref="OutputFile.Path"/> is null, the digest says all.</param>
/// <param name="Children">What an Expand action cut the item into; else null.</param>
/// <param name="Rows">A Collect action's own item set (a table of <see cref="Row"/>s); else null.</param>
/// <param name="Memory">What a Collect action wants to be told next time; else null.</param>
public sealed record Record(
    Outcome Outcome,
    IReadOnlyList<OutputFile> Outputs,
    Columns Columns,
    string? Reason = null,
    string? Message = null,
    IReadOnlyList<ChildItem>? Children = null,
    Digest? Rows = null,
    JsonElement? Memory = null)
{
    /// <summary>Every file that the record names.</summary>
    [JsonIgnore]
    public IEnumerable<OutputFile> AllOutputs => Children is null ? Outputs : Children.SelectMany(child => child.Outputs);
}

/// <summary>An item of a stage's result: a record, under an id.</summary>
/// <param name="Id">Unique in the stage.</param>
/// <param name="Parent">The id of the source's item that it was cut from; null if it was not cut.</param>
/// <param name="Key">The action that made it; null for rows that a Collect stage listed itself.</param>
public sealed record Row(
    string Id,
    string? Parent,
    Digest? Key,
    Outcome Outcome,
    IReadOnlyList<RowFile> Outputs,
    Columns Columns,
    string? Reason = null,
    string? Message = null) : IEntry
{
    string IEntry.Name => Id;

    /// <summary>The file of an output, or null if it has none of that name.</summary>
    public RowFile? File(string name)
    {
        foreach (var output in Outputs)
            if (output.Name == name) return output;
        return null;
    }
}

/// <summary>A file of a row.</summary>
/// <param name="Source">Where it lies outside the cache, <c>tree:relative/path</c>, when it is a person's own file that was passed on by reference; else null.</param>
public sealed record RowFile(string Name, Digest Digest, long Size, string? Source = null);

/// <summary>All that a stage made. Content-addressed: equal results of two runs, folders or machines are equal bytes.</summary>
/// <param name="Rows">The table of its <see cref="Row"/>s.</param>
/// <param name="Files">A Collect stage's own files.</param>
/// <param name="Columns">A Collect stage's numbers about the whole.</param>
public sealed record StageResult(string Stage, Digest Rows, IReadOnlyList<RowFile> Files, Columns Columns, Counts Counts, JsonElement? Memory = null);

/// <summary>How a stage's items ended.</summary>
public readonly record struct Counts(long Ok, long Rejected, long Failed)
{
    public long Total => Ok + Rejected + Failed;

    public static Counts operator +(Counts a, Counts b) => new(a.Ok + b.Ok, a.Rejected + b.Rejected, a.Failed + b.Failed);

    public static Counts operator +(Counts counts, Outcome outcome) => outcome switch
    {
        Outcome.Ok => counts with { Ok = counts.Ok + 1 },
        Outcome.Rejected => counts with { Rejected = counts.Rejected + 1 },
        _ => counts with { Failed = counts.Failed + 1 },
    };
}
