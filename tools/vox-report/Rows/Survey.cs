using VoxMake.Protocol;
using VoxMake.Report.Page;

namespace VoxMake.Report.Rows;

/// <summary>
/// All that the page tells, read from the rows in two passes: the first fills the ledger and samples, the second fetches texts and files of the few clips that were
/// chosen. Does not depend on the order of the rows (but for which of two unknown stages comes first).
/// </summary>
internal sealed class Survey
{
    /// <summary>Rows of the table of all rejects; beyond it the table is a sample.</summary>
    public const int MaxRejectRows = 5000;

    /// <summary>Reasons that get a section of their own; the others are in the tables.</summary>
    public const int MaxReasonSections = 40;

    /// <summary>Examples held of each reason while reading, to pick from evenly.</summary>
    private const int Held = 200;

    public required ClipLedger Ledger { get; init; }
    public required Waterfall Waterfall { get; init; }
    public required IReadOnlyList<Histogram> Histograms { get; init; }
    public required Alphabet Alphabet { get; init; }
    public required IReadOnlyList<Share> Speakers { get; init; }
    public required IReadOnlyList<Share> Languages { get; init; }
    public required IReadOnlyList<Share> Licences { get; init; }
    public required IReadOnlyList<Share> Splits { get; init; }
    public required IReadOnlyList<OddClips> Odd { get; init; }
    public required IReadOnlyList<RejectGroup> Reasons { get; init; }

    /// <summary>The table of all rejects, by id; at most <see cref="MaxRejectRows"/>.</summary>
    public required IReadOnlyList<Rejection> Rejects { get; init; }

    /// <summary>All rejected and failed rows, those of the table and the others.</summary>
    public required long RejectedRows { get; init; }

    /// <summary>Ids of accepted clips to listen to.</summary>
    public required IReadOnlyList<string> Sample { get; init; }

    /// <summary>Which clips sound alike.</summary>
    public required VoiceMap Voices { get; init; }

    /// <summary>What is known of each clip that the page shows.</summary>
    public Dictionary<string, ClipDetails> Details { get; } = [];

    /// <summary>Ids of all clips that get a player, each once, in the order in which the page shows them.</summary>
    public IEnumerable<string> Shown =>
        Odd.SelectMany(odd => odd.Clips.Select(clip => clip.Id)).Concat(Reasons.SelectMany(reason => reason.Examples.Select(r => r.Id))).Concat(Sample).Concat(Voices.Heard).Distinct();

    public static Survey Of(IEnumerable<WorkItem> rows, PipelineGraph? graph, PageSettings settings, CancellationToken cancel)
    {
        var ledger = new ClipLedger();
        var rejects = new SpreadSample<Rejection>(MaxRejectRows);
        var examples = new Dictionary<string, SpreadSample<Rejection>>();
        var voices = new VoiceMap();
        foreach (var row in rows)
        {
            cancel.ThrowIfCancellationRequested();
            ledger.Add(row);
            voices.Add(row);
            if (row.Outcome == Outcome.Ok) continue;
            rejects.Offer(FormattableString.Invariant($"{row.Id}\n{ledger.Order.RankOf(row.Stage):000}"), () => Rejection.Of(row)); // two stages may reject one clip
            var reason = ledger.Reasons[ledger.Reasons.NumberOf(ClipLedger.ReasonOf(row))];
            if (!examples.TryGetValue(reason, out var sample)) examples[reason] = sample = new SpreadSample<Rejection>(Held);
            sample.Offer(row.Id, () => Rejection.Of(row));
        }
        ledger.Close(graph?.Stage(StageOrder.Dataset) is not null);

        voices.Close(settings.VoicePlayers);

        var waterfall = Waterfall.Of(ledger);
        IReadOnlyList<RejectGroup> reasons = [.. waterfall.Losses
            .Where(loss => loss.Kind is LossKind.Rejected or LossKind.Failed && loss.Reason != Names.Others)
            .OrderByDescending(loss => loss.Clips).Take(MaxReasonSections)
            .OrderBy(loss => loss.Rank).ThenByDescending(loss => loss.Clips).ThenBy(loss => loss.Reason, StringComparer.Ordinal)
            .Select(loss => new RejectGroup(loss, [.. Spread.Evenly(Counted(examples[loss.Stage + "\n" + loss.Reason].All, ledger, loss), settings.PlayersPerReason)]))];
        var odd = OddClips.Of(ledger, settings.OddClips);
        var kept = new SpreadSample<string>(Math.Max(Held, settings.SampleClips));
        foreach (ref readonly var clip in ledger.Clips)
        {
            var id = clip.Id;
            if (clip.Kept && clip.Pieces == 0) kept.Offer(id, () => id);
        }

        var survey = new Survey
        {
            Ledger = ledger,
            Waterfall = waterfall,
            Histograms = HistogramsOf(ledger),
            Alphabet = new Alphabet(),
            Speakers = Share.Of(ledger, ledger.Speakers, clip => clip.Speaker),
            Languages = Share.Of(ledger, ledger.Languages, clip => clip.Language),
            Licences = Share.Of(ledger, ledger.Licences, clip => clip.Licence),
            Splits = Share.Of(ledger, ledger.Splits, clip => clip.Split),
            Voices = voices,
            Odd = odd,
            Reasons = reasons,
            Rejects = rejects.All,
            RejectedRows = rejects.Seen,
            Sample = [.. Spread.Evenly(kept.All, settings.SampleClips)],
        };
        survey.ReadDetails(rows, cancel);
        return survey;
    }

    /// <summary>Those of a reason's examples that the waterfall counts there: a clip that two stages reject counts at the earlier one.</summary>
    private static IReadOnlyList<Rejection> Counted(IReadOnlyList<Rejection> examples, ClipLedger ledger, Loss loss) =>
        [.. examples.Where(reject => !ledger[reject.Id].Kept && ledger[reject.Id].RejectRank == loss.Rank && reject.Failed == (loss.Kind == LossKind.Failed))];

    private static IReadOnlyList<Histogram> HistogramsOf(ClipLedger ledger)
    {
        var duration = new Histogram(Measure.Duration);
        var others = Measure.Columns.Select(measure => new Histogram(measure)).ToList();
        foreach (ref readonly var clip in ledger.Clips)
        {
            if (clip.Pieces > 0) continue;
            if (clip.Final != Length.Unknown) duration.Add(clip.Final / 1e6, clip.Kept);
            for (var i = 0; i < others.Count; i++)
                if (!float.IsNaN(clip.Measured[i].Value)) others[i].Add(clip.Measured[i].Value, clip.Kept);
        }
        return [duration, .. others];
    }

    private void ReadDetails(IEnumerable<WorkItem> rows, CancellationToken cancel)
    {
        foreach (var id in Shown) Details[id] = new ClipDetails();
        foreach (var row in rows)
        {
            cancel.ThrowIfCancellationRequested();
            var rank = Ledger.Order.RankOf(row.Stage);
            if (Details.TryGetValue(row.Id, out var clip)) clip.Add(row, rank);
            if (row.Outcome == Outcome.Ok && row.Columns["text"].AsText is { } text && Ledger[row.Id] is { Kept: true, Pieces: 0 } known && known.TextRank == rank) Alphabet.Add(row.Id, text);
        }
    }
}
