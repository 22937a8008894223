using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VoxMake.ValidateTool.Docker;

/// <summary>
/// A second process of this program that runs a container and removes it when the first one ends, however that comes. A container is no child of who started it: killed programs leave theirs behind,
/// with the model in memory, and a client that was pulling an image when its program was killed starts one afterwards.
/// </summary>
internal static class ContainerGuard
{
    /// <summary>The first argument of the second process.</summary>
    public const string Word = "guard-container";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Starts it. What the container says comes from its output; it removes the container and ends when its input is closed.</summary>
    /// <param name="program">docker or podman.</param>
    /// <param name="name">The container's.</param>
    /// <param name="run">The whole command that runs it.</param>
    public static Process Start(string program, string name, IReadOnlyList<string> run, Action<string> said)
    {
        var self = typeof(ContainerGuard).Assembly.Location;
        var own = Environment.ProcessPath is { } path && Path.GetFileName(path) == Path.GetFileNameWithoutExtension(self) ? path : null;
        string[] arguments = [Word, program, name, .. run];
        return ListenedProcess.Start(own ?? "dotnet", own is null ? [self, .. arguments] : arguments, said);
    }

    /// <summary>The second process: the exit code of the container.</summary>
    public static int Run(string program, string name, IReadOnlyList<string> run)
    {
        // Signals that end a group of processes must not end this one before its work is done.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
        try
        {
            using var client = Process.Start(new ProcessStartInfo(program, run) { RedirectStandardInput = true })!;
            client.StandardInput.Close();
            Task.WaitAny(Task.Run(WaitForEndOfInput), client.WaitForExitAsync());
            Remove();
            if (client.WaitForExit(Patience)) return client.ExitCode;
            client.Kill(); // it was not so far yet that there was a container
            client.WaitForExit();
            Remove();
            return client.ExitCode;
        }
        catch (Win32Exception error)
        {
            Console.Error.WriteLine($"{program} does not start: {error.Message}");
            return 127;
        }

        void Remove() => new DockerTool(program).Remove(name).Wait();
    }

    private static void WaitForEndOfInput()
    {
        using var input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0) { }
    }
}
