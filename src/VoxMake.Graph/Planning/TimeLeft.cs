namespace VoxMake.Graph.Planning;

/// <summary>
/// How long a run will still take. Each stage has a cost: what it is expected to take by earlier runs, or, where it never ran here, what it will take at the pace that it has now. The share of all costs
/// that is done in the time that the run has had is its speed: on a slower machine, beside other work, or with stages at once, what is left takes as much longer or shorter as what was done did.
/// </summary>
public sealed class TimeLeft
{
    /// <summary>Before this, what was done says little about speed.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, Cost> _costs = [];

    private sealed record Cost
    {
        public TimeSpan? Expected { get; init; }

        /// <summary>Seconds, at the pace that it has; null before anything is done. A number, since the share of one in very many is more than a TimeSpan can hold.</summary>
        public double? Measured { get; init; }

        /// <summary>0 to 1.</summary>
        public double Done { get; init; }

        /// <summary>Of the whole; null where nothing tells.</summary>
        public double? Seconds => Expected?.TotalSeconds ?? Measured;
    }

    /// <summary>How many stages take part.</summary>
    public int Stages => _costs.Count;

    /// <summary>A stage that may run, and what it is expected to take; said again when it has begun, by what it then has to do. Null: it never ran here.</summary>
    public void Expect(string stage, TimeSpan? time) => _costs[stage] = Of(stage) with { Expected = time };

    /// <summary>How far a stage is.</summary>
    /// <param name="share">Of what this run has to do of it, 0 to 1.</param>
    /// <param name="time">Since it began.</param>
    public void Moved(string stage, double share, TimeSpan time)
    {
        var done = Math.Clamp(share, 0, 1);
        _costs[stage] = Of(stage) with { Done = done, Measured = done > 0 ? time.TotalSeconds / done : null };
    }

    /// <summary>A stage is over. One that did not run took no part.</summary>
    public void Ended(string stage, bool ran)
    {
        if (!ran) _costs.Remove(stage);
        else if (_costs.TryGetValue(stage, out var cost)) _costs[stage] = cost with { Done = 1 };
    }

    private Cost Of(string stage) => _costs.GetValueOrDefault(stage) ?? new Cost();

    /// <summary>What is left.</summary>
    /// <param name="time">That the run has had.</param>
    /// <returns>The time, of all stages that something is known of, and the others that have not begun; a null time where nothing is known of any.</returns>
    public (TimeSpan? Left, IReadOnlyList<string> Unknown) After(TimeSpan time)
    {
        var known = _costs.Values.Where(cost => cost.Seconds is not null).ToList();
        var unknown = _costs.Where(cost => cost.Value is { Seconds: null, Done: < 1 }).Select(cost => cost.Key).ToList();
        var done = known.Sum(cost => cost.Seconds!.Value * cost.Done);
        var left = known.Sum(cost => cost.Seconds!.Value * (1 - cost.Done));
        if (known.Count == 0) return (null, unknown);
        var speed = time > Settled && done > 0 ? done / time.TotalSeconds : 1;
        return (TimeSpan.FromSeconds(Math.Min(left / speed, TimeSpan.MaxValue.TotalSeconds / 2)), unknown);
    }
}
