using VoxMake.Protocol;
using VoxMake.Report.Page;
using VoxMake.Report.Rows;
using VoxMake.Tooling;

namespace VoxMake.Report.Voice;

/// <summary>All that the page tells of the voice that was made of the data; every part may be missing.</summary>
internal sealed class VoiceSurvey
{
    /// <summary>Rows of Synthesize held while reading, to pick from evenly.</summary>
    private const int Held = 200;

    private static readonly HashSet<string> Stages = new(StringComparer.Ordinal) { "Train", "Export", Synthesize, Evaluate, "Validate", "Publish" };
    private const string Synthesize = "Synthesize", Evaluate = "Evaluate";

    public TrainingRun? Training { get; private init; }

    /// <summary>A row a step.</summary>
    public NumberTable? Steps { get; private init; }

    /// <summary>A row a validation.</summary>
    public NumberTable? Validations { get; private init; }

    /// <summary>Sentences said at the checkpoints that are shown, by sentence and step.</summary>
    public IReadOnlyList<SpokenSentence> Spoken { get; private init; } = [];

    /// <summary>Checkpoints at which something was said, those that are not shown too.</summary>
    public int SpokenSteps { get; private init; }

    public EvaluatedMetrics? Metrics { get; private init; }

    /// <summary>Sentences of the finished voice that are shown: those held back, then those that somebody wanted to hear.</summary>
    public IReadOnlyList<VoicePair> Pairs { get; private init; } = [];

    /// <summary>Sentences that the finished voice has said.</summary>
    public long AllPairs { get; private init; }

    /// <summary>Sentences that it could not say, a sample by id.</summary>
    public IReadOnlyList<Rejection> Unspoken { get; private init; } = [];

    /// <summary>All of them.</summary>
    public long AllUnspoken { get; private init; }

    /// <summary>Whether there is anything of a voice.</summary>
    public bool IsThere => Training is not null || Steps is { Rows: > 0 } || Validations is { Rows: > 0 } || Spoken.Count > 0 || Metrics is not null || AllPairs + AllUnspoken > 0;

    /// <summary>A page about data alone.</summary>
    public static VoiceSurvey None { get; } = new();

    /// <summary>Whether a row tells of the voice and not of the data.</summary>
    public static bool Tells(WorkItem row) => row.Stage is { } stage && Stages.Contains(stage);

    /// <exception cref="ToolException">A file is broken.</exception>
    public static VoiceSurvey Of(IEnumerable<WorkItem> rows, TrainedFiles trained, TrainedFiles evaluated, PageSettings settings, CancellationToken cancel)
    {
        var heldBack = new SpreadSample<VoicePair>(Math.Max(Held, settings.Pairs));
        var wanted = new SpreadSample<VoicePair>(Math.Max(Held, settings.Pairs));
        var unspoken = new SpreadSample<Rejection>(Held);
        foreach (var row in rows)
        {
            cancel.ThrowIfCancellationRequested();
            if (row.Stage != Synthesize) continue;
            if (row.Outcome != Outcome.Ok) unspoken.Offer(row.Id, () => Rejection.Of(row));
            else if (new VoicePair(row) is { IsHeldBack: true } pair) heldBack.Offer(row.Id, () => pair);
            else wanted.Offer(row.Id, () => new VoicePair(row));
        }
        List<VoicePair> pairs = [.. Spread.Evenly(heldBack.All, settings.Pairs), .. Spread.Evenly(wanted.All, settings.Pairs)];
        if (pairs.Count > 0) ReadPairs(pairs, rows, cancel);
        var spoken = trained.Read("spoken.csv", path => SpokenSentence.Read(path, trained)) ?? [];
        var validations = trained.Read("validation.csv", NumberTable.Read);
        var training = trained.Read("training.json", TrainingRun.Read);
        return new VoiceSurvey
        {
            Training = training,
            Steps = trained.Read("metrics.csv", NumberTable.Read),
            Validations = validations,
            Spoken = Chosen(spoken, training?.BestStep, settings),
            SpokenSteps = spoken.Select(sentence => sentence.Step).Distinct().Count(),
            Metrics = evaluated.Read("metrics.json", EvaluatedMetrics.Read),
            Pairs = pairs,
            AllPairs = heldBack.Seen + wanted.Seen,
            Unspoken = unspoken.All,
            AllUnspoken = unspoken.Seen,
        };
    }

    /// <summary>What the other stages have of the sentences that are shown.</summary>
    private static void ReadPairs(List<VoicePair> pairs, IEnumerable<WorkItem> rows, CancellationToken cancel)
    {
        var byId = pairs.ToDictionary(pair => pair.Id);
        var order = new StageOrder();
        foreach (var row in rows)
        {
            cancel.ThrowIfCancellationRequested();
            if (!byId.TryGetValue(row.Id, out var pair)) continue;
            if (row.Stage == Evaluate) (pair.Measured, pair.NotAvailable) = (row.Columns, row.Outcome == Outcome.Ok ? null : row.Message);
            else if (!Tells(row) && row.Outcome == Outcome.Ok) pair.Recorded.Add(row, order.RankOf(row.Stage));
        }
    }

    /// <summary>The first sentences, at checkpoints spread from the first to the last; the best one is always among them.</summary>
    private static IReadOnlyList<SpokenSentence> Chosen(IReadOnlyList<SpokenSentence> spoken, long? best, PageSettings settings)
    {
        List<long> steps = [.. spoken.Select(sentence => sentence.Step).Distinct().Order()];
        var shown = Spread.Evenly(steps, settings.Checkpoints).ToList();
        if (best is { } step && steps.Contains(step) && !shown.Contains(step) && shown.Count > 0)
            shown[shown.Count > 2 ? Enumerable.Range(1, shown.Count - 2).MinBy(i => Math.Abs(shown[i] - step)) : 0] = step; // the first and the last stay
        var sentences = spoken.Select(sentence => sentence.N).Distinct().Take(settings.SpokenSentences).ToList();
        return [.. spoken.Where(sentence => shown.Contains(sentence.Step) && sentences.Contains(sentence.N)).OrderBy(sentence => sentences.IndexOf(sentence.N)).ThenBy(sentence => sentence.Step)];
    }
}
