using VoxMake.Build.Frosting;
using VoxMake.Graph;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;

namespace VoxMake.Build;

/// <summary>What every task of the build can see.</summary>
public sealed class BuildContext(Request request, Workspace space, IStageRun run, CancellationToken cancel) : FrostingContext(new SilentLog())
{
    public Request Request { get; } = request;
    public Workspace Space { get; } = space;
    public CancellationToken Cancel { get; } = cancel;

    /// <summary>The exit code of a task without data that failed.</summary>
    public int ExitCode { get; set; }

    /// <summary>Takes a stage along in this run, which deals with it when all are known.</summary>
    public void Add(Stage stage) => run.Add(stage);
}
