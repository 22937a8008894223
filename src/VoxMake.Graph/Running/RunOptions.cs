using VoxMake.Graph.Storage;

namespace VoxMake.Graph.Running;

/// <summary>What is the same for all stages of a run.</summary>
/// <param name="Id">Names the run in log and work folders.</param>
/// <param name="Machine">What the run may use.</param>
/// <param name="Adopt">Targets whose present result is taken over under its new key, once.</param>
/// <param name="KeepGoing">Whether later stages run without the items that failed.</param>
/// <param name="Resume">The command that goes on from where a failed run stopped.</param>
public sealed record RunOptions(string Id, Machine Machine, IReadOnlySet<string> Adopt, bool KeepGoing, string Resume)
{
    /// <summary>Items of one start of a tool, at most: what has to be remembered of each until it is done is bounded by this, and what a crash takes along.</summary>
    public int BatchSize { get; init; } = 8192;
}

/// <summary>How a target ended.</summary>
public enum StageOutcome { Ran, Fresh, Skipped, Failed }

/// <summary>One line of the end table.</summary>
/// <param name="Ran">Items that were really worked on; 1 for a Collect stage that ran.</param>
/// <param name="Whole">What was worked on is not what there is in the end: the stage works on all items at once (Collect), or cuts them (Expand).</param>
public sealed record StageReport(
    string Stage, StageOutcome Outcome, string Reason, TimeSpan Time, Counts Counts = default, long Ran = 0, StageFailure? Failure = null, IReadOnlyList<string>? Reasons = null, bool Whole = false)
{
    /// <summary>The other reasons, behind the first.</summary>
    public IReadOnlyList<string> AllReasons => Reasons ?? [Reason];
}

/// <summary>What a person needs to go on after a failure.</summary>
/// <param name="What">What failed.</param>
/// <param name="Messages">What the tool said, an item each where items failed.</param>
/// <param name="Log">Where more is written.</param>
/// <param name="ByHand">The command that does the same by hand.</param>
/// <param name="Resume">The command that goes on from there.</param>
public sealed record StageFailure(string What, IReadOnlyList<string> Messages, string? Log, string? ByHand, string? Try, string Resume, int ExitCode);
