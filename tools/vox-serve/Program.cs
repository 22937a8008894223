using System.Runtime.InteropServices;
using VoxMake.Models;
using VoxMake.Protocol;
using VoxMake.Secrets;
using VoxMake.ServeTool;
using VoxMake.Serving;
using VoxMake.Serving.Hosting;
using VoxMake.Serving.Speech;
using VoxMake.Tokenizers.Bpe;
using VoxMake.Tools;
using VoxMake.Torch;
using VoxMake.Torch.Native;
using VoxMake.Torch.Weights;

return CommandLine.Run(args, Program.Serve);

/// <summary>Opens the model, serves it until a signal comes.</summary>
internal static partial class Program
{
    private const int ShortestKey = 16;

    public static int Serve(ServeRequest request)
    {
        try
        {
            using var stop = new StopSignal();
            if (request is { Voices: not null, Snac: null }) throw new ModelException("--voices is for a model that speaks; name its codec with --snac");
            var key = Key(request.ApiKeyVariable);
            if (!CallersAreLocal(request) && key is null)
                Log($"warning: everybody who reaches {request.Server.Host} can use the model; ask for a key with --api-key-env");
            Serve(request, request.Server with { ApiKey = key }, stop).GetAwaiter().GetResult();
            return ExitCode.Done;
        }
        catch (Exception error) when (error is ModelException or WeightsException or TokenizerException or TorchException)
        {
            Log(error.Message);
            return ExitCode.BadInput;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Log(error.Message);
            return ExitCode.Failed;
        }
        catch (Exception error)
        {
            Log($"a fault in vox-serve itself: {error.GetType().Name}: {error.Message}\n  please report it, with the command line");
            return ExitCode.Failed;
        }
    }

    private static async Task Serve(ServeRequest request, ServerOptions options, StopSignal stop)
    {
        if (request.Threads is { } threads) Libtorch.Threads = threads;
        foreach (var warning in Libtorch.Warnings) Log($"warning: {warning}");
        var device = DeviceOf(request.Device);
        var name = request.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(request.Model)));
        var model = ServedModel.Open(request.Model, name, request.MaxLength, TypeOf(request.Type), device);
        var speaker = request.Snac is { } snac ? SpeakerModel.Open(snac, request.Model, model, SpeakerVoices.Of(request.Voices, request.Model), device) : null;
        var server = await ModelServer.Start(model, options, request.Limits, Log, speaker);
        Console.WriteLine($"vox-serve: {name} on {server.Address}");
        stop.Wait();
        Log("stopping; running requests have four seconds");
        await server.DisposeAsync();
        if (server.IsStuck) EndNow(ExitCode.Done); // libtorch must not be taken down under a thread that works in it
    }

    /// <summary>Ends the process without taking anything down.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void EndNow(int code);

    private static bool CallersAreLocal(ServeRequest request) => request.Server.Host == "localhost"
        || (System.Net.IPAddress.TryParse(request.Server.Host, out var address) && System.Net.IPAddress.IsLoopback(address));

    private static string? Key(string? variable)
    {
        if (variable is null) return null;
        try
        {
            return new Secret(variable).Reveal() is { Length: >= ShortestKey } key ? key
                : throw new ModelException($"--api-key-env: the key in the environment variable {variable} is too short; expected at least {ShortestKey} characters");
        }
        catch (SecretException error) { throw new ModelException($"--api-key-env: {error.Message}; {error.Try}"); }
    }

    private static Device DeviceOf(string name) => (name, Libtorch.CudaDevices) switch
    {
        ("cuda", 0) => throw new ModelException($"--device is cuda, and no GPU can be used: {Libtorch.Describe()}"),
        ("cuda", _) or ("auto", > 0) => Device.Cuda(),
        _ => Device.Cpu,
    };

    private static ScalarType? TypeOf(string name) => name switch { "float32" => ScalarType.Float, "bfloat16" => ScalarType.BFloat16, _ => null };

    private static void Log(string line) => Console.Error.WriteLine($"vox-serve: {line}");
}
