using VoxMake.Graph.Planning;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>Who watches a run: the live view, plain lines, or a test. Called from the thread of the run, and from the one that cancels it. Several stages may run at a time.</summary>
public interface IRunObserver
{
    void StageStarted(StagePlan plan);

    /// <summary>A stage is over, also one that had nothing to do.</summary>
    void StageEnded(StageReport report);

    /// <summary>Something moved; called for every item.</summary>
    void Moved(StagePlan plan, StageProgress progress);

    /// <summary>A number that a Collect verb reports while it works, such as a loss.</summary>
    /// <param name="name">Those that people should see first are reported first.</param>
    void Metric(StagePlan plan, string name, Value value, long step);

    void Warning(Stage stage, string message);

    /// <summary>What a tool wants people to see once, before its long work.</summary>
    void Note(Stage stage, string message);
}

/// <summary>How far a stage is.</summary>
/// <param name="Done">Items (or what a Collect verb counts) done in this run.</param>
/// <param name="Total">All that this run has to do.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="AudioSeconds">Audio among them.</param>
public readonly record struct StageProgress(long Done, long Total, string Unit, double AudioSeconds, long Rejected, long Failed);

/// <summary>Watches nothing.</summary>
public sealed class NoObserver : IRunObserver
{
    public void StageStarted(StagePlan plan) { }
    public void StageEnded(StageReport report) { }
    public void Moved(StagePlan plan, StageProgress progress) { }
    public void Metric(StagePlan plan, string name, Value value, long step) { }
    public void Warning(Stage stage, string message) { }
    public void Note(Stage stage, string message) { }
}
