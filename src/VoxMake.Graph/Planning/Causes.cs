using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Planning;

/// <summary>A reason and, where it comes of a stage before, why that stage is another: down to a file, a setting or a tool.</summary>
public sealed record Cause(Reason Reason, IReadOnlyList<Cause> Under);

/// <summary>
/// Follows reasons from stage to stage. Where the stage before has still to run, its own plan is asked; where it has run since, the two results of it that differ are compared, by what they were
/// made of.
/// </summary>
/// <param name="plans">Of all targets.</param>
public sealed class Causes(Workspace space, IReadOnlyList<StagePlan> plans)
{
    private readonly Explainer _explainer = new(space);
    private readonly Dictionary<string, StagePlan> _plans = plans.ToDictionary(plan => plan.Stage.Name);
    private readonly Dictionary<string, IReadOnlyList<Cause>> _ofPlans = [];
    private readonly Dictionary<(Digest Before, Digest Now), IReadOnlyList<Cause>> _ofResults = [];

    /// <summary>Why a plan is not fresh; empty if it is.</summary>
    public IReadOnlyList<Cause> Of(StagePlan plan)
    {
        if (plan.Freshness == Freshness.Fresh) return [];
        if (_ofPlans.TryGetValue(plan.Stage.Name, out var known)) return known;
        var reasons = _explainer.Reasons(plan).ToList();
        var hasResult = space.Log.Present(plan.Stage.Name) is not null;
        if (hasResult && plan.UnknownUntil is { } until && reasons.TrueForAll(reason => reason.From != until.Name)) reasons.Add(Explainer.Until(until));
        return _ofPlans[plan.Stage.Name] = [.. reasons.Select(reason => new Cause(reason, Under(reason)))];
    }

    private IReadOnlyList<Cause> Under(Reason reason)
    {
        if (reason.From is not { } from || !_plans.TryGetValue(from, out var plan)) return [];
        return reason is { Before: { } before, Now: { } now } ? Between(plan.Stage, before, now) : Of(plan);
    }

    private IReadOnlyList<Cause> Between(Stage stage, Digest before, Digest now)
    {
        if (_ofResults.TryGetValue((before, now), out var known)) return known;
        var differences = MadeOf(stage, before) is { } was && MadeOf(stage, now) is { } made ? _explainer.Compare(stage, was, made) : [];
        return _ofResults[(before, now)] = [.. differences.Select(reason => new Cause(reason, Under(reason)))];
    }

    private Made? MadeOf(Stage stage, Digest result) => space.Log.History(stage.Name).LastOrDefault(line => line.Result == result) is { } line ? space.TryReadMade(line.Made) : null;
}
