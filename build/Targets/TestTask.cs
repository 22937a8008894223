using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using VoxMake.Build.Frosting;

namespace VoxMake.Build.Targets;

/// <summary>Runs every test of the house. Its last line is <c>N passed, N failed, N skipped</c>.</summary>
[TaskName("Test")]
[TaskDescription("runs every test; --filter=Golden only those whose names hold that")]
public sealed partial class TestTask : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context)
    {
        var root = FindSolution() ?? throw new Graph.VoxException("--target=Test: there is no VoxMake.slnx here or above; tests run in a checkout");
        string[] arguments = ["test", Path.Combine(root, "VoxMake.slnx"), "--configuration", "Release", "--nologo", "-maxcpucount:1", "-p:WarningLevel=0", "--logger", "console;verbosity=normal"];
        if (context.Request.Filter is { } filter) arguments = [.. arguments, "--filter", $"FullyQualifiedName~{filter}"];
        var info = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, WorkingDirectory = root };
        info.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(info) ?? throw new Graph.VoxException("dotnet does not start");
        long passed = 0, failed = 0, skipped = 0;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (Summary().Match(line) is { Success: true } summary)
            {
                var number = long.Parse(summary.Groups[2].Value, CultureInfo.InvariantCulture);
                if (summary.Groups[1].Value == "Passed") passed += number;
                else if (summary.Groups[1].Value == "Failed") failed += number;
                else skipped += number;
            }
            if (!line.TrimStart().StartsWith("Passed ", StringComparison.Ordinal)) Console.WriteLine(line); // one line a failure is enough
        }
        process.WaitForExit();
        if (failed > 0 || process.ExitCode != 0) context.ExitCode = Protocol.ExitCode.Failed;
        if (process.ExitCode != 0 && failed == 0) Console.WriteLine($"dotnet test ended with exit code {process.ExitCode} though no test failed: see above");
        Console.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
    }

    private static string? FindSolution()
    {
        for (var folder = Directory.GetCurrentDirectory(); folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "VoxMake.slnx"))) return folder;
        return null;
    }

    /// <summary>What the console logger counts behind each project at verbosity normal; at minimal it is one line of another form.</summary>
    [GeneratedRegex(@"^ +(Passed|Failed|Skipped): (\d+)$")]
    private static partial Regex Summary();
}
