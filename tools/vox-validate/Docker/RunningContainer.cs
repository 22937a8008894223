using System.Diagnostics;

namespace VoxMake.ValidateTool.Docker;

/// <summary>A container that runs; disposing removes it.</summary>
/// <param name="guard">The <see cref="ContainerGuard"/> that runs it.</param>
internal sealed class RunningContainer(Process guard) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Null while it runs.</summary>
    public int? ExitCode => guard.HasExited ? guard.ExitCode : null;

    public async ValueTask DisposeAsync()
    {
        guard.StandardInput.Close();
        using var late = new CancellationTokenSource(Patience);
        try { await guard.WaitForExitAsync(late.Token); }
        catch (OperationCanceledException) { guard.Kill(entireProcessTree: true); }
        guard.Dispose();
    }
}
