using VoxMake.Corpus;
using VoxMake.Protocol;
using VoxMake.ReviewTool;
using VoxMake.ReviewTool.Hosting;
using VoxMake.Tools;

return CommandLine.Run(args, Program.Serve);

/// <summary>Opens the tables, serves the page until a signal comes.</summary>
internal static partial class Program
{
    public static int Serve(ReviewRequest request)
    {
        try
        {
            using var stop = new StopSignal();
            Serve(request, stop).GetAwaiter().GetResult();
            return ExitCode.Done;
        }
        catch (CorpusException error)
        {
            var where = string.Join(", ", new[] { error.File, error.Field }.Where(part => part is not null));
            Console.Error.WriteLine($"vox-review: {(where.Length == 0 ? "" : where + ": ")}{error.Message}{(error.Try is null ? "" : $"\n  {error.Try}")}");
            return ExitCode.BadInput;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"vox-review: {error.Message}");
            return ExitCode.Failed;
        }
        catch (Exception error)
        {
            Console.Error.WriteLine($"vox-review: a fault in vox-review itself: {error.GetType().Name}: {error.Message}\n  please report it, with the command line");
            return ExitCode.Failed;
        }
    }

    private static async Task Serve(ReviewRequest request, StopSignal stop)
    {
        await using var server = await ReviewServer.Start(request, line => Console.Error.WriteLine($"vox-review: {line}"));
        if (!CallerCheck.IsLoopback(request.Host)) Console.Error.WriteLine("vox-review: warning: whoever has the address with its token can listen and correct, and it travels unencrypted");
        Console.WriteLine($"vox-review: {server.Clips} clips; open {server.Address}");
        stop.Wait();
    }
}
