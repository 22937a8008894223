using System.Runtime.InteropServices;
using VoxMake.Protocol;
using VoxMake.Tooling;

namespace VoxMake.Report.Rows;

/// <summary>
/// Puts the rows of all stages together, a clip once. This is the only thing that grows with the data: some 250 bytes a clip.
/// </summary>
internal sealed class ClipLedger
{
    private readonly Dictionary<string, int> _index = [];
    private readonly List<Clip> _clips = [];
    private readonly HashSet<byte> _ranks = [];

    public StageOrder Order { get; } = new();

    /// <summary>Stage and reason, as <see cref="ReasonOf"/> writes them.</summary>
    public Names Reasons { get; } = new(1000);

    public Names Speakers { get; } = new(100_000);
    public Names Languages { get; } = new(1000);
    public Names Licences { get; } = new(1000);
    public Names Splits { get; } = new(100);

    /// <summary>The stage whose accepted rows are the data set. Known after <see cref="Close"/>.</summary>
    public byte FinalRank { get; private set; }

    public ReadOnlySpan<Clip> Clips => CollectionsMarshal.AsSpan(_clips);

    /// <summary>The clip of that id.</summary>
    public ref readonly Clip this[string id] => ref Clips[_index[id]];

    /// <summary>Takes one row.</summary>
    public void Add(WorkItem row)
    {
        var rank = Order.RankOf(row.Stage);
        _ranks.Add(rank);
        var parent = row.Parent is { } name && name != row.Id ? IndexOf(name) : -1;
        var index = IndexOf(row.Id); // before the span is taken: the list may grow
        ref var clip = ref CollectionsMarshal.AsSpan(_clips)[index];
        if (parent >= 0) clip.Parent = parent;

        if (row.Outcome == Outcome.Ok)
        {
            if (clip.OkRank == Clip.Never || rank > clip.OkRank) clip.OkRank = rank;
            if (row.Columns["text"].AsText is not null && (clip.TextRank == Clip.Never || rank > clip.TextRank)) clip.TextRank = rank;
        }
        else if (rank < clip.RejectRank)
        {
            clip.RejectRank = rank;
            clip.Failed = row.Outcome == Outcome.Failed;
            clip.Reason = Reasons.NumberOf(ReasonOf(row));
        }

        if (Length.Of(row.Columns) is var length and not Length.Unknown)
        {
            if (clip.Source == Length.Unknown || rank < clip.SourceRank) (clip.Source, clip.SourceRank) = (length, rank);
            if (clip.Final == Length.Unknown || rank >= clip.FinalRank) (clip.Final, clip.FinalRank) = (length, rank);
        }
        Tell(ref clip.Speaker, Speakers, "speaker_id");
        Tell(ref clip.Language, Languages, "language");
        Tell(ref clip.Licence, Licences, "licence");
        Tell(ref clip.Split, Splits, "split");
        for (var i = 0; i < Measure.Count; i++)
            if (row.Columns[Measure.Columns[i].Column].AsReal is { } value) clip.Measured[i].Tell(value, rank);

        void Tell(ref Told told, Names names, string column)
        {
            if (row.Columns[column] is { Kind: not ValueKind.Null } value) told.Tell(names.NumberOf(value.ToString()), rank);
        }
    }

    /// <summary>Stage and reason of a row that was not accepted, as one name.</summary>
    public static string ReasonOf(WorkItem row) =>
        $"{row.Stage ?? StageOrder.Dataset}\n{row.Reason ?? (row.Outcome == Outcome.Failed ? "failed" : "no_reason")}";

    /// <summary>Ends the reading: what is a piece's and what its recording's, and what is in the data set.</summary>
    /// <param name="hasDataset">The graph has a Dataset stage, even if no row came from it.</param>
    /// <exception cref="ToolException">Pieces are cut from each other in a circle.</exception>
    public void Close(bool hasDataset)
    {
        var dataset = Order.RankOf(StageOrder.Dataset);
        FinalRank = hasDataset || _ranks.Count == 0 ? dataset : _ranks.Max();

        var clips = CollectionsMarshal.AsSpan(_clips);
        var waiting = new int[clips.Length]; // pieces that have not told their recording their length yet
        foreach (ref var clip in clips)
        {
            clip.Kept = clip.OkRank == FinalRank;
            if (clip.Parent < 0) continue;
            clips[clip.Parent].Pieces++;
            waiting[clip.Parent]++;
        }

        var ready = new Stack<int>();
        for (var i = 0; i < clips.Length; i++)
            if (waiting[i] == 0) ready.Push(i);
        var order = new List<int>(clips.Length); // pieces before their recordings
        while (ready.TryPop(out var i))
        {
            order.Add(i);
            if (clips[i].Parent is var parent and >= 0 && --waiting[parent] == 0) ready.Push(parent);
        }
        if (order.Count < clips.Length)
            throw new ToolException($"'{clips[Array.FindIndex(waiting, count => count > 0)].Id}' is cut from a piece of itself") { Try = "an item's parent must be an item of an earlier stage" };

        SumUnknownRecordings(clips, order);
        for (var i = order.Count - 1; i >= 0; i--) Inherit(ref clips[order[i]], clips);
    }

    /// <summary>A recording of unknown length is as long as its pieces.</summary>
    private static void SumUnknownRecordings(Span<Clip> clips, List<int> piecesFirst)
    {
        var sums = new long[clips.Length];
        foreach (var i in piecesFirst)
        {
            ref var clip = ref clips[i];
            if (clip.Source == Length.Unknown && clip.Pieces > 0) clip.Source = sums[i];
            if (clip.Parent >= 0) sums[clip.Parent] += Math.Max(0, clip.Source);
        }
    }

    /// <summary>What was told of a recording holds for its pieces, unless they say otherwise.</summary>
    private static void Inherit(ref Clip clip, Span<Clip> clips)
    {
        if (clip.Parent < 0) return;
        ref var parent = ref clips[clip.Parent];
        if (clip.Speaker.Name == Names.None) clip.Speaker = parent.Speaker;
        if (clip.Language.Name == Names.None) clip.Language = parent.Language;
        if (clip.Licence.Name == Names.None) clip.Licence = parent.Licence;
    }

    private int IndexOf(string id)
    {
        ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(_index, id, out var known);
        if (known) return index;
        index = _clips.Count;
        _clips.Add(Clip.New(id));
        return index;
    }
}
