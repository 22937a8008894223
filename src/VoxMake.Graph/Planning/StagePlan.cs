using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Planning;

/// <summary>Whether a stage has to do anything.</summary>
public enum Freshness
{
    /// <summary>Its result for exactly these inputs, settings and tool is there.</summary>
    Fresh,

    /// <summary>Something has to run.</summary>
    Stale,

    /// <summary>That depends on what a stage before it will make.</summary>
    Unknown,
}

/// <summary>One item of a plan.</summary>
/// <param name="Key">Of the action; default where the item is pending.</param>
/// <param name="Known">What it came to already, or null if it has to run.</param>
public sealed record PlannedItem(JoinedItem Item, Digest Key, Record? Known)
{
    /// <summary>The rows that a record makes under the item's id.</summary>
    public IEnumerable<Row> RowsOf(Record record)
    {
        RowFile FileOf(OutputFile output) => new(output.Name, output.Digest, output.Size, Item.Inputs.FirstOrDefault(input => input.Digest == output.Digest)?.Source);
        if (record.Children is null)
        {
            yield return new Row(Item.Id, Item.Parent, Key, record.Outcome, [.. record.Outputs.Select(FileOf)], record.Columns, record.Reason, record.Message);
            yield break;
        }
        foreach (var child in record.Children)
            yield return new Row(Item.Id + child.Suffix, Item.Root, Key, Outcome.Ok, [.. child.Outputs.Select(FileOf)], child.Columns);
    }
}

/// <summary>What a stage has to do, and why.</summary>
public sealed record StagePlan
{
    public required Stage Stage { get; init; }
    public required Tool Tool { get; init; }
    public required Freshness Freshness { get; init; }

    /// <summary>The key of the whole stage; null while a stage before it is not done.</summary>
    public Digest? Key { get; init; }

    /// <summary>What the stage reads, by name: for the record of what its result was made of.</summary>
    public required IReadOnlyDictionary<string, Digest> Inputs { get; init; }

    /// <summary>The log line of the result that is fresh.</summary>
    public StageLine? Line { get; init; }

    /// <summary>The result that is fresh.</summary>
    public StageResult? Result { get; init; }

    /// <summary>Digest of what is done to the items, whichever they are: tool, verb, settings, and what is joined.</summary>
    public Digest Recipe { get; init; }

    /// <summary>
    /// ForEach and Expand: the items to look at, joined and looked up anew each time that they are asked for, in the order of their ids: all, or those that <see cref="Earlier"/> does not answer for.
    /// Empty for a fresh stage, which was not looked into.
    /// </summary>
    public IEnumerable<PlannedItem> Items { get; init; } = [];

    /// <summary>ForEach and Expand: the result whose rows stay for all other items; null where all are looked at.</summary>
    public EarlierRows? Earlier { get; init; }

    /// <summary>How many items the stage has, those that need not be looked at included. For an Expand stage that looks at some only, about as many.</summary>
    public long ItemCount { get; init; }

    /// <summary>Collect: a digest of all that it reads of its items.</summary>
    public Digest ItemsDigest { get; init; }

    /// <summary>Collect: its key and what it came to under it.</summary>
    public Digest? CollectKey { get; init; }
    public Record? Collected { get; init; }

    /// <summary>What its state folder is named by; null where the stage keeps none, is fresh, or not enough is known yet.</summary>
    public Digest? Lineage { get; init; }

    /// <summary>Whether it runs only because that was asked for; it then starts without what is in its state folder.</summary>
    public bool Forced { get; init; }

    /// <summary>Something out of the ordinary about how it comes to its result, for log and lock.</summary>
    public string? Note { get; init; }

    /// <summary>Collect: its items, joined anew each time that they are asked for.</summary>
    public IEnumerable<JoinedItem> CollectItems { get; init; } = [];

    /// <summary>Its files that belong to no item.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PlannedFile>> Files { get; init; } = new Dictionary<string, IReadOnlyList<PlannedFile>>();

    /// <summary>Why, in sentences; the first is the one to show where there is room for one.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>The one of them that says that it goes on from earlier work, and how far that is; null where it begins anew.</summary>
    public string? GoesOn => Reasons.FirstOrDefault(reason => reason.StartsWith(Explainer.GoesOn, StringComparison.Ordinal));

    /// <summary>In one line: why it runs, and whether it goes on.</summary>
    public string InShort => GoesOn is { } from && from != Reasons[0] ? $"{Reasons[0]}; {from}" : Reasons[0];

    /// <summary>The stage that has to run before more is known.</summary>
    public Stage? UnknownUntil { get; init; }

    /// <summary>Whether every item that the stage will have is in the plan.</summary>
    public bool ListKnown { get; init; } = true;

    /// <summary>Items that have to run, as far as known.</summary>
    public long ToRun { get; init; }

    /// <summary>Items of which it is not known yet.</summary>
    public long Pending { get; init; }
}

/// <summary>A file of an order that belongs to no item.</summary>
/// <param name="Path">Absolute.</param>
public sealed record PlannedFile(string Name, string Path, Digest Digest, long Size);
