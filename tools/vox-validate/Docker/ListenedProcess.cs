using System.Diagnostics;

namespace VoxMake.ValidateTool.Docker;

/// <summary>A program whose lines are listened to.</summary>
internal static class ListenedProcess
{
    /// <summary>Starts a program; its input stays open.</summary>
    /// <param name="said">Told what it writes, line by line.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It does not start.</exception>
    public static Process Start(string program, IReadOnlyList<string> arguments, Action<string> said)
    {
        var process = new Process { StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true } };
        process.OutputDataReceived += (_, line) => Say(line.Data);
        process.ErrorDataReceived += (_, line) => Say(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Say(string? line)
        {
            if (line is not null) said(line);
        }
    }
}
