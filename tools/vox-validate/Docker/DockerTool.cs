using System.ComponentModel;
using VoxMake.ValidateTool.Engines;

namespace VoxMake.ValidateTool.Docker;

/// <summary>docker or podman, whichever answers.</summary>
/// <param name="program">Its name or path.</param>
internal sealed class DockerTool(string program)
{
    private static readonly string[] Programs = ["docker", "podman"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Program => program;
    public bool IsPodman => Path.GetFileName(program).Contains("podman", StringComparison.Ordinal);

    /// <summary>The first that runs containers: a docker without its daemon does not.</summary>
    /// <exception cref="EngineException">None does.</exception>
    public static async Task<DockerTool> Find(CancellationToken cancel)
    {
        var said = new List<string>();
        foreach (var name in Programs)
        {
            var (code, output) = await Ask(name, ["info"], cancel);
            if (code == 0) return new DockerTool(name);
            said.Add($"{name}: {output}");
        }
        throw new EngineException($"neither docker nor podman runs containers here ({string.Join("; ", said)})",
            "install one of them and let this user use it, or choose engine embedded or endpoint");
    }

    /// <summary>Starts a container, which is removed at the end of this process too.</summary>
    /// <param name="said">Told what it writes, line by line.</param>
    public RunningContainer Run(DockerRunSettings settings, Action<string> said)
    {
        var name = settings.Name ?? throw new ArgumentException("only a container with a name can be removed", nameof(settings));
        return new RunningContainer(ContainerGuard.Start(program, name, settings.ToArguments(), said));
    }

    /// <summary>Removes a container, running or not. That there is none is no error.</summary>
    public async Task Remove(string name)
    {
        using var late = new CancellationTokenSource(Patience);
        try { await Ask(program, ["rm", "--force", name], late.Token); }
        catch (OperationCanceledException) { }
    }

    /// <summary>Runs it to its end: the exit code, and its last line.</summary>
    private static async Task<(int Code, string Output)> Ask(string program, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var last = "it said nothing";
        try
        {
            using var process = ListenedProcess.Start(program, arguments, line => last = line.Trim().Length > 0 ? line.Trim() : last);
            process.StandardInput.Close();
            try { await process.WaitForExitAsync(cancel); }
            catch (OperationCanceledException)
            {
                process.Kill();
                throw;
            }
            return (process.ExitCode, last);
        }
        catch (Win32Exception error) { return (-1, error.Message); }
    }
}
