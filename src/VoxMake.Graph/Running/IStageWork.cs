using VoxMake.Graph.Planning;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>A stage that is being brought up to date: it hands out starts of its tool one after the other, hears what comes of them, and puts its result together.</summary>
internal interface IStageWork : IDisposable
{
    StagePlan Plan { get; }

    /// <summary>Whether its tool is to be started (again).</summary>
    bool HasNext { get; }

    /// <summary>Writes the next order.</summary>
    /// <exception cref="Storage.DamagedCacheException">The cache has lost something that it reads.</exception>
    ToolStart Next(Share share);

    /// <summary>A tool has said something.</summary>
    void Heard(ToolStart start, ToolEvent happened);

    /// <summary>A tool has ended.</summary>
    void Ended(ToolStart start, ToolEnd end);

    /// <summary>Puts together what there is, once nothing is left to start and nothing runs.</summary>
    /// <param name="took">How much of the run's time the stage has taken; asked at the end.</param>
    StageEnd Finish(Func<TimeSpan> took);
}

/// <summary>What running a stage came to.</summary>
/// <param name="State">Its result; null if the whole failed.</param>
/// <param name="Ran">Items that were really worked on; 1 for a Collect stage that ran.</param>
internal sealed record StageEnd(StageState? State, Storage.Counts Counts, long Ran, StageFailure? Failure);
