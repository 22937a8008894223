using System.Diagnostics;
using VoxMake.Build.Frosting;
using VoxMake.Build.Terminal;

namespace VoxMake.Build.Targets;

/// <summary>Runs every test of the house. Its last line is <c>N passed, N failed, N skipped</c>.</summary>
[TaskName("Test")]
[TaskDescription("runs every test; --filter=Golden only those whose names hold that")]
public sealed class TestTask : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context)
    {
        var root = FindSolution() ?? throw new Graph.VoxException("--target=Test: there is no VoxMake.slnx here or above; tests run in a checkout");
        string[] arguments = ["test", Path.Combine(root, "VoxMake.slnx"), "--configuration", "Release", "--nologo", "-maxcpucount:1", "-p:WarningLevel=0", "--logger", "console;verbosity=normal"];
        if (context.Request.Filter is { } filter) arguments = [.. arguments, "--filter", $"FullyQualifiedName~{filter}"];
        var info = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, WorkingDirectory = root };
        info.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(info) ?? throw new Graph.VoxException("dotnet does not start");
        var output = new TestOutput();
        while (process.StandardOutput.ReadLine() is { } line)
            if (output.Read(line)) Console.WriteLine(line);
        process.WaitForExit();
        if (output.Failed > 0 || process.ExitCode != 0) context.ExitCode = Protocol.ExitCode.Failed;
        if (process.ExitCode != 0 && output.Failed == 0) Console.WriteLine($"dotnet test ended with exit code {process.ExitCode} though no test failed: see above");
        foreach (var line in output.Summary) Console.WriteLine(line);
    }

    private static string? FindSolution()
    {
        for (var folder = Directory.GetCurrentDirectory(); folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "VoxMake.slnx"))) return folder;
        return null;
    }
}
