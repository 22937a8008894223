using System.Runtime.InteropServices;
using VoxMake.Build;
using VoxMake.Build.Frosting;
using VoxMake.Build.Targets;
using VoxMake.Build.Terminal;
using VoxMake.Config;
using VoxMake.Graph;
using VoxMake.Graph.Planning;
using VoxMake.Graph.Running;
using VoxMake.Graph.Storage;
using VoxMake.Protocol;

return CommandLine.Run(args, Host.Run);

/// <summary>The host: reads the configuration, puts the graph together, lets Cake's engine walk it.</summary>
internal static class Host
{
    public static int Run(Request request)
    {
        var screen = new Screen(outputIsData: request.Json || request.Mode == RunMode.Graph);
        using var cancel = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        void Cancel(PosixSignalContext context)
        {
            context.Cancel = true;
            cancel.Cancel();
        }

        try
        {
            return request.Target is "Test" ? Test(request) : new Session(request, screen, cancel.Token).Run();
        }
        catch (ConfigException error) { return Say(error.Message, null, ExitCode.BadInput); }
        catch (VoxException error) { return Say(error.Message, error.Try, error.ExitCode); }
        catch (OperationCanceledException) { return Say("cancelled; whole results are kept, the next run goes on from there", null, ExitCode.Cancelled); }
        catch (DamagedCacheException error) { return Say(error.Message, "run with --force=<Target> to make it again", ExitCode.Failed); }
        catch (IOException error) when (FullDisk.Caused(error)) { return Say($"the disk is full: {error.Message}", "free some space and run again; what is done is kept", ExitCode.Failed); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { return Say(error.Message, null, ExitCode.Failed); }
        catch (Exception error)
        {
            var trace = Path.Combine(Path.GetTempPath(), $"vox-fault-{Environment.ProcessId}.txt");
            File.WriteAllText(trace, error.ToString());
            return Say($"a fault in vox itself: {error.GetType().Name}: {error.Message}", $"please report it, with the command line and {trace}", ExitCode.Failed);
        }

        int Say(string message, string? attempt, int code)
        {
            Console.Error.WriteLine($"vox: {message}");
            if (attempt is not null) Console.Error.WriteLine($"  {attempt}");
            return code;
        }
    }

    /// <summary>Needs no configuration.</summary>
    private static int Test(Request request)
    {
        var space = new Workspace(new LocalDisk(), Directory.GetCurrentDirectory(), "test", 1);
        var context = new BuildContext(request, space, new NoStages(), default);
        var host = new CakeHost<BuildContext>(context);
        var task = new TestTask();
        host.Add(task);
        host.Run(task.Name, exclusive: false);
        return context.ExitCode;
    }

    private sealed class NoStages : IStageRun
    {
        public IReadOnlyList<StageReport> Reports => [];
        public void Add(Stage stage) => throw new InvalidOperationException("this run has no stages");
        public void Run(CancellationToken cancel) { }
    }
}
