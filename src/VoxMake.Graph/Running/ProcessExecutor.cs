using System.Diagnostics;
using System.Text;
using System.Text.Json;
using VoxMake.Protocol;

namespace VoxMake.Graph.Running;

/// <summary>
/// A local process. The host holds its standard input open and never writes to it: when the host dies, however it dies, the tool reads the end of it and
/// stops (DESIGN 5).
/// </summary>
public sealed class ProcessExecutor : IExecutor
{
    public ToolEnd Run(ToolStart start, Action<ToolEvent> heard, CancellationToken cancel)
    {
        var info = new ProcessStartInfo(start.Tool.Program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = Path.GetDirectoryName(start.OrderFile)!,
        };
        foreach (var argument in new[] { start.Verb, "--order", start.OrderFile }) info.ArgumentList.Add(argument);
        if (start.Devices is { } devices)
        {
            info.Environment["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID"; // numbers as nvidia-smi has them
            info.Environment[Machine.VisibleDevices] = string.Join(',', devices);
        }
        info.Environment[HostLink.Variable] = Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);

        using var process = Process.Start(info) ?? throw new VoxException($"{start.Tool.Program} does not start") { ExitCode = ExitCode.Failed };
        var mark = ProcessMark.Of(process.Id);
        if (mark is not null) start.Started(mark);
        using var log = new StreamWriter(start.LogFile, append: true);
        var errors = new Thread(() => CopyLines(process.StandardError, log)) { IsBackground = true };
        errors.Start();
        using var stop = cancel.Register(() => new Thread(() => mark?.Stop(start.Patience)) { IsBackground = true }.Start());

        try
        {
            while (process.StandardOutput.ReadLine() is { } line)
            {
                if (line.Length == 0) continue;
                ToolEvent? happened = null;
                try { happened = JsonSerializer.Deserialize(line, ProtocolJson.Default.ToolEvent); }
                catch (JsonException) { lock (log) log.WriteLine($"not an event: {line}"); } // a native library that prints, or a line cut by a crash
                if (happened is not null) heard(happened);
            }
        }
        catch
        {
            mark?.Stop(TimeSpan.Zero); // the host cannot go on (a full disk): nobody would listen any more
            throw;
        }
        finally
        {
            process.WaitForExit();
            errors.Join();
        }
        if (mark is not null) start.Ended(mark);
        return new ToolEnd(process.ExitCode);
    }

    /// <summary>Reads to the end whatever happens to the log: a tool that is not read from would wait for ever, and a fault here would end the host.</summary>
    private static void CopyLines(StreamReader from, StreamWriter to)
    {
        while (from.ReadLine() is { } line)
            lock (to)
            {
                try
                {
                    to.WriteLine(line);
                    to.Flush();
                }
                catch (IOException) { } // a full disk: what matters is written elsewhere, and fails there with its own message
            }
    }
}
