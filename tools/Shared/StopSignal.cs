using System.Runtime.InteropServices;

namespace VoxMake.Tools;

/// <summary>Waits for SIGINT or SIGTERM, which no longer end the process by themselves while this lives.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly ManualResetEventSlim _came = new();
    private readonly PosixSignalRegistration _interrupt, _terminate;

    public StopSignal() => (_interrupt, _terminate) = (PosixSignalRegistration.Create(PosixSignal.SIGINT, Came), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Came));

    /// <summary>Returns when one has come.</summary>
    public void Wait() => _came.Wait();

    private void Came(PosixSignalContext context)
    {
        context.Cancel = true;
        _came.Set();
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _came.Dispose();
    }
}
