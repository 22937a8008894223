using System.Diagnostics;
using VoxMake.Tooling;

namespace VoxMake.ValidateTool.Docker;

/// <summary>
/// A second process of this program that waits for the first one's end, however that comes, and removes its container. A container is no child of who started it: killed programs leave theirs
/// behind, with the model in memory.
/// </summary>
internal sealed class ContainerGuard : IDisposable
{
    private const string Word = "remove-container";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private ContainerGuard(Process process) => _process = process;

    /// <summary>What the second process is asked to do.</summary>
    public static Check Question { get; } = new(Word, "waits until its standard input ends, then removes a container; vox-validate starts it for itself", ["PROGRAM", "NAME"], arguments =>
        Wait(arguments[0], arguments[1]));

    /// <param name="program">docker or podman.</param>
    /// <param name="name">The container's.</param>
    public static ContainerGuard Start(string program, string name)
    {
        var self = typeof(ContainerGuard).Assembly.Location;
        var own = Environment.ProcessPath is { } path && Path.GetFileName(path) == Path.GetFileNameWithoutExtension(self) ? path : null;
        string[] arguments = own is null ? [self, Word, program, name] : [Word, program, name];
        var process = Process.Start(new ProcessStartInfo(own ?? "dotnet", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ContainerGuard(process);
    }

    private static void Wait(string program, string name)
    {
        // Signals that end a group of processes must not end this one before its work is done.
        using var interrupt = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT, context => context.Cancel = true);
        using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, context => context.Cancel = true);
        using var input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0) { }
        new DockerTool(program).Remove(name).Wait(Patience);
    }

    /// <summary>Lets it do its work, and waits for it.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(Patience)) _process.Kill();
        _process.Dispose();
    }
}
