using System.Diagnostics;

namespace VoxMake.ValidateTool.Docker;

/// <summary>A container that runs; disposing removes it.</summary>
internal sealed class RunningContainer(DockerTool docker, string name, Process process, ContainerGuard guard) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public string Name => name;

    /// <summary>Null while it runs.</summary>
    public int? ExitCode => process.HasExited ? process.ExitCode : null;

    public async ValueTask DisposeAsync()
    {
        await docker.Remove(name);
        using var late = new CancellationTokenSource(Patience);
        try { await process.WaitForExitAsync(late.Token); }
        catch (OperationCanceledException) { process.Kill(entireProcessTree: true); }
        process.Dispose();
        guard.Dispose();
    }
}
